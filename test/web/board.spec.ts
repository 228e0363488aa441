import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { Desk, look } from './desk.js';

const BOARD = '/d/april-2025-talks';

let desk: Desk;
let page: Page;

beforeAll(async () => {
  desk = await Desk.open();
  page = await desk.page();
}, 120_000);

afterAll(() => desk?.end());

/** What the grid says where a party and a topic meet. */
const cell = (party: string, topic: string, on = page): Promise<string> =>
  cellAt(party, topic, on).then((found) => found.innerText());

async function cellAt(party: string, topic: string, on = page): Promise<Locator> {
  const column = await on.getByRole('columnheader', { name: topic }).getAttribute('aria-colindex');
  return on
    .getByRole('row')
    .filter({ has: on.getByRole('rowheader', { name: party, exact: true }) })
    .locator(`[aria-colindex="${column}"]`);
}

async function open(address = BOARD, on = page): Promise<void> {
  await on.goto(address);
  await on.getByRole('rowheader', { name: 'Ukraine' }).waitFor();
}

describe('The board', () => {
  it('shows where each party stands on each topic, and no position where there is none', async () => {
    await open();
    expect(await cell('Ukraine', 'Russian control of Crimea')).toMatch(/^opposed\s+since\s+Apr 21, 2025/);
    expect(await cell('Russia', 'Russian control of Crimea')).toMatch(/^supportive/);
    expect(await cell('United States', 'Easter truce')).toContain('no position');
    expect(await look(page, 'board')).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  // Break: leave `at` or `known` out of the query of useBoard.
  it('shows it as of a date, and as it was known, whichever of the two is asked in the address or with its control', async () => {
    const topic = 'Halt to strikes on civilian targets';
    await open(`${BOARD}?known=22`);
    expect(await cell('Ukraine', topic)).toContain('Apr 21, 2025');
    await open(`${BOARD}?at=2025-04-20`);
    expect(await cell('Ukraine', topic)).toMatch(/supportive\s+since\s+Apr 20, 2025/);
    await page.getByLabel('As of, said until the end of').fill('2025-04-19');
    await page.getByText('Nobody has taken a position yet.').waitFor();
    expect(new URL(page.url()).search).toBe('?at=2025-04-19');
    expect(desk.complaints).toEqual([]);
  });

  it('is walked through with the keys of a grid, and Enter leads to the position', async () => {
    await open();
    const first = await cellAt('Russia', 'Direct talks');
    await first.getByRole('link').focus();
    for (const key of ['End', 'ArrowDown', 'Home', 'ArrowRight']) await page.keyboard.press(key);
    await page.locator(':focus[href*="/positions/ukraine/"]').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/positions\/ukraine\//);
    expect(desk.complaints).toEqual([]);
  });

  it('finds parties and topics by a part of their names, and gives what is seen as a table and as a picture', async () => {
    await open();
    await page.getByLabel('Find parties').fill('ukr');
    await page.getByLabel('Find topics').fill('CRIMEA');
    await page.getByText('1 party × 1 topic').waitFor();
    expect(new URL(page.url()).search).toBe('?parties=ukr&topics=CRIMEA');
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Table (CSV)').click();
    const [head, ...lines] = (await readFile(await (await downloading).path(), 'utf8')).split('\n');
    expect(head).toBe('\uFEFFparty,topic,stance,conditions,since,statements,divided voices');
    expect(lines).toEqual([expect.stringMatching(/^Ukraine,Russian control of Crimea,opposed,,2025-04-21T/)]);
    for (const [kind, begins] of [
      ['SVG', '<svg'],
      ['PNG', '\uFFFDPNG'],
    ] as const) {
      const drawing = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText(`Picture (${kind})`).click();
      const picture = await readFile(await (await drawing).path(), 'utf8');
      expect(picture.startsWith(begins)).toBe(true);
      if (kind === 'PNG') continue;
      expect(picture.match(/>(Ukraine|opposed|supportive|open)</g)).toEqual(['>Ukraine<', '>opposed<']);
      expect(picture).toMatch(/>As of [^<]+, as known at event \d+</);
    }
    expect(desk.complaints).toEqual([]);
  });

  it('is on paper as a whole, and without what can only be used on a screen', async () => {
    await open();
    await page.emulateMedia({ media: 'print' });
    await page.getByRole('table').waitFor();
    expect(await page.getByRole('cell').count()).toBe(3 * 7);
    expect(await page.getByLabel('Find parties').isVisible()).toBe(false);
    await page.emulateMedia({ media: null });
  });

  it('is a list by party where there is no room for a matrix', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(BOARD);
    await page.getByRole('heading', { name: 'Ukraine', exact: true }).waitFor();
    expect(await page.getByRole('grid').count()).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  // Break: `fresh?.call()` in `heard` of use-board.ts; `asking.call()` in live.ts.
  it('shows a statement that was recorded elsewhere, at once, and marks what changed since the last visit', async () => {
    await open();
    const other = await desk.page();
    await open(BOARD, other);
    await desk.service.write('/dossiers/april-2025-talks/statements', {
      act: 'OppositionExpressed',
      party: 'united-states',
      topic: 'easter-truce',
      saidAt: '2025-04-22',
      attribution: 'reported',
      summary: 'The United States are said to be against it.',
    });
    const changed = await cellAt('United States', 'Easter truce', other);
    await changed.getByText('opposed').waitFor();
    await changed.getByText('changed since your last visit').waitFor();
    await other.getByText('1 position has changed since your last visit.').waitFor();
    await other.getByRole('button', { name: 'Show them' }).click();
    await other.getByRole('link', { name: 'United States on Easter truce' }).waitFor();
    expect(await look(other, 'board-changes')).toEqual([]);
    await other.getByRole('button', { name: 'Mark as seen' }).click();
    await changed.getByText('changed since your last visit').waitFor({ state: 'detached' });
    expect(desk.complaints).toEqual([]);
  });

  // Break: in use-board.ts `...since` in takeIn, so that it asks for everything; in matrix.ts the loop over `page.none`, or `used`.
  it('asks at an event for what it can have changed, and shows what the whole would', async () => {
    await open();
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname.endsWith('/overview')) asked.push(search);
    });
    await desk.service.write('/dossiers/april-2025-talks/topics', { slug: 'port', name: 'Port fees' });
    const { id } = await desk.service.write<{ id: string }>('/dossiers/april-2025-talks/statements', {
      act: 'SupportExpressed',
      party: 'united-states',
      topic: 'port',
      saidAt: '2025-04-22',
      attribution: 'reported',
      summary: 'The United States are said to be for it.',
    });
    const column = page.getByRole('columnheader', { name: 'Port fees' });
    await column.waitFor();
    expect(await cell('United States', 'Port fees')).toContain('supportive');
    await desk.service.write(`/dossiers/april-2025-talks/statements/${id}/void`, { reason: 'A rumour.' });
    await column.waitFor({ state: 'detached' });
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.filter((query) => !query.includes('since='))).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  // Break: `reachesBack` in live.ts, so that it is never so.
  it('shows a new name on what was known before it', async () => {
    await open(`${BOARD}?known=22`);
    await desk.service.request('PATCH', '/dossiers/april-2025-talks/topics/direct-talks', {
      body: { name: 'Talks face to face' },
    });
    await page.getByRole('columnheader', { name: 'Talks face to face' }).waitFor();
    expect(desk.complaints).toEqual([]);
  });
});
