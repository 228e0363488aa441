import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Board } from '../../src/positions/list-positions.js';
import type { PositionHistory } from '../../src/positions/show-history.js';
import { tellOfTheBridge } from './bridge-talks.js';
import { Desk, look } from './desk.js';

const TALKS = '/dossiers/april-2025-talks';
const BRIDGE = '/d/bridge/positions/north/bridge';

let desk: Desk;
let page: Page;
let late: number;

beforeAll(async () => {
  desk = await Desk.open();
  ({ late } = await tellOfTheBridge(desk.service, 'bridge'));
  page = await desk.page();
}, 120_000);

afterAll(() => desk?.end());

/** The sentence at the top, once the page has it. */
const answer = (text: RegExp): Promise<void> =>
  page.getByRole('region', { name: 'Where it stands, and why' }).getByText(text).first().waitFor();

/** What the page's table says: a row for each position. */
async function table(): Promise<string[][]> {
  await page.getByText('The same as a table').click();
  const rows = await page.locator('details table tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('td').allInnerTexts()));
}

describe('The page of a position', () => {
  it('tells every history of the talks as the API does, with all that it rests on', async () => {
    const { positions } = await desk.service.read<Board>(`${TALKS}/positions`);
    expect(positions.length).toBeGreaterThan(8);
    for (const { party, topic } of positions) {
      const pair = `${party.slug}/${topic.slug}`;
      const told = await desk.service.read<PositionHistory>(`${TALKS}/positions/${pair}/history`);
      await page.goto(`/d/april-2025-talks/positions/${pair}`);
      await page.getByRole('heading', { level: 1, name: `${party.name} on ${topic.name}` }).waitFor();
      expect((await table()).map(([, , shift, stance]) => ({ shift, stance }))).toEqual(
        told.positions.map(({ stance }, index) => ({
          shift: told.shifts[index]?.kind.replace('-', ' '),
          stance,
        })),
      );
      const items = await page.locator('ol > li[id]').all();
      const shown = await Promise.all(items.map((item) => item.getAttribute('id')));
      expect(shown).toEqual(
        told.positions.toReversed().flatMap(({ evidence }) => evidence.map(({ statement }) => statement)),
      );
    }
    expect(desk.complaints).toEqual([]);
  });

  it('says first why this is the stance: whose words set it, or that it is our judgement', async () => {
    await page.goto('/d/april-2025-talks/positions/russia/direct-talks');
    await answer(/Russia has been/);
    await answer(/Openness declared by Vladimir Putin, Apr 21, 2025/);
    await answer(/“We have always talked about this, that we have a positive attitude/);
    await page.goto(BRIDGE);
    await answer(/By an assessment of administrator, not by a statement/);
    await answer(/North Bank is divided/);
    expect(desk.complaints).toEqual([]);
  });

  it('draws shifts, imprecise dates and marks that lead to their words', async () => {
    await page.goto(BRIDGE);
    const band = page.getByRole('group', { name: /its history/ });
    for (const shift of [
      'adopted',
      'conditions changed, if …',
      'softened',
      'reversed',
      'strengthened',
      'withdrawn',
    ])
      await band.getByText(shift, { exact: true }).waitFor();
    await band.locator('title', { hasText: 'about March 2025' }).first().waitFor({ state: 'attached' });
    await band.getByRole('link', { name: /^Doubt voiced, Apr 2, 2025/ }).focus();
    await page.keyboard.press('Enter');
    const focused = page.locator('li:focus');
    await focused.waitFor();
    expect(await focused.innerText()).toMatch(/I doubt that it will ever stand/);
    await page.goto(BRIDGE);
    await band.getByText('adopted', { exact: true }).waitFor();
    expect(await look(page, 'position')).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  it('shows where the party stood as of a day, chosen in the field for what was said', async () => {
    await page.goto(BRIDGE);
    await page.getByLabel('As of, said until the end of').fill('2025-04-10');
    await answer(/On Apr 10, 2025 North Bank was/);
    await answer(/skeptical/);
    expect(new URL(page.url()).search).toBe('?at=2025-04-10');
    await page.getByText('2 later positions').waitFor();
    expect(await look(page, 'position-as-of')).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  it('shows the history as it was known at an event, chosen in the field for what was recorded', async () => {
    await page.goto(BRIDGE);
    const adopted = page.getByRole('heading', { name: /^adopted/i });
    expect(await adopted.innerText()).toMatch(/supportive/);
    await page.getByLabel('As known, recorded until event number').fill(String(late));
    await page.getByText('There will be no bridge while I am mayor.').waitFor();
    expect(await adopted.innerText()).toMatch(/opposed/);
    expect(new URL(page.url()).search).toBe(`?known=${late}`);
    await page.getByRole('button', { name: 'Now, with all that is known' }).click();
    await page.getByText('There will be no bridge while I am mayor.').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
    expect(desk.complaints).toEqual([]);
  });

  it('gives what is seen as CSV, as a picture, and on paper', async () => {
    await page.goto(BRIDGE);
    const saved = async (item: string): Promise<string> => {
      await page.getByRole('button', { name: 'Save' }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item }).click(),
      ]);
      return readFile(await file.path(), 'latin1');
    };
    await page.getByRole('group', { name: /its history/ }).waitFor();
    const csv = await saved('Table (CSV)');
    expect(csv.split('\n').filter((line) => line.includes(',sets,'))).toHaveLength(6);
    expect(csv).toContain('I doubt that it will ever stand');
    expect(await saved('Picture (SVG)')).toMatch(/^<svg[^]*withdrawn[^]*<\/svg>$/);
    expect(await saved('Picture (PNG)')).toMatch(/^\x89PNG/);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Save' }).isVisible()).toBe(false);
    expect(await page.getByText('We are against it.').isVisible()).toBe(true);
    await page.emulateMedia({ media: null });
    expect(desk.complaints).toEqual([]);
  });
});
