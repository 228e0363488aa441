import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page as Browsed } from 'playwright-core';
import type { Page } from '../../src/http/paging.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { tellOfTheBridge } from './bridge-talks.js';
import { Desk, look } from './desk.js';

let desk: Desk;
let page: Browsed;
/** The event that recorded what the next one voided. */
let late: number;

beforeAll(async () => {
  desk = await Desk.open({ example: 'off' });
  ({ late } = await tellOfTheBridge(desk.service, 'bridge'));
  page = await desk.page();
}, 120_000);

afterAll(() => desk?.end());

const list = () => page.getByRole('region', { name: 'Statements in view' });
const counted = (n: number | string) => page.getByText(new RegExp(`^${n} statements?$`)).waitFor();
const chosen = () => page.getByRole('region', { name: 'The chosen statement' });

const lanes = () => page.getByRole('application');
const label = () => page.getByRole('tooltip');

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where on the screen the mark is that the keys have gone to. */
async function placeOfChosen(): Promise<Place> {
  const box = await page.locator('[data-ring]').boundingBox();
  if (box === null) throw new Error('Nothing is chosen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** How much is drawn at a place of the screen: 0 to 255. */
function inkAt({ x, y }: Place): Promise<number> {
  return page.evaluate<number>(`(() => {
    const canvas = document.querySelector('canvas');
    const { left, top } = canvas.getBoundingClientRect();
    const sharp = canvas.width / canvas.clientWidth;
    return canvas.getContext('2d').getImageData((${x} - left) * sharp, (${y} - top) * sharp, 1, 1).data[3];
  })()`);
}

describe('The timeline', () => {
  it('shows in its list every statement that the API lists, and chosen ones in their words', async () => {
    const { items } = await desk.service.read<Page<StatementView>>('/dossiers/bridge/statements?limit=500');
    await page.goto('/d/bridge/timeline');
    await counted(items.length);
    await list()
      .getByRole('button', { name: /Proposal rejected/ })
      .click();
    await chosen().getByText('The South will pay for no bridge.').waitFor();
    await chosen()
      .getByRole('button', { name: /^Proposal · North Bank/ })
      .click();
    await chosen().getByText('Let us build the bridge, and let us build it this year.').waitFor();
    expect(await look(page, 'timeline')).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  it('keeps what it is narrowed to in its address, and begins as an address says', async () => {
    await page.goto('/d/bridge/timeline');
    await page.getByRole('combobox', { name: 'Party' }).click();
    await page.getByRole('option', { name: 'South Bank' }).click();
    await counted(2);
    await page.getByRole('combobox', { name: 'Act' }).click();
    await page.getByRole('option', { name: 'Allegation denied' }).click();
    await counted(1);
    expect(new URL(page.url()).search).toBe('?party=south&act=AllegationDenied');
    await page.reload();
    await counted(1);
    await page.goto('/d/bridge/timeline?from=2025-03-01&to=2025-03-31');
    await page.getByText(/^8 of 15 statements$/).waitFor();
    expect(await page.getByLabel('Said from').inputValue()).toBe('2025-03-01');
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await counted(15);
    await page.waitForURL((url) => url.search === '');
    expect(desk.complaints).toEqual([]);
  });

  it('is gone through with the keys: along a lane, to the next one, closer, and to the statement', async () => {
    await page.goto('/d/bridge/timeline');
    await counted(15);
    await lanes().focus();
    await page.keyboard.press('ArrowRight');
    await chosen().getByText('Let us build the bridge, and let us build it this year.').waitFor();
    await page.keyboard.press('ArrowRight');
    await chosen().getByText('We stand by it.').waitFor();
    await page.keyboard.press('ArrowDown');
    await chosen().getByText('The South will pay for no bridge.').waitFor();
    for (let n = 0; n < 3; n++) await page.keyboard.press('+');
    await page.getByText(/^\d+ of 15 statements$/).waitFor();
    await page.waitForURL((url) => url.searchParams.has('from'));
    await page.keyboard.press('0');
    await counted(15);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/d\/bridge\/statements\//);
    expect(desk.complaints).toEqual([]);
  });

  // Break: `isHere ?` in lanes.tsx; `useStatement` of what is chosen in mark-label.tsx.
  it('tells of the mark under the mouse who, what, when and how it begins; of the one that the keys go to as well, also in a voice', async () => {
    await page.goto('/d/bridge/timeline');
    await counted(15);
    await lanes().focus();
    await page.keyboard.press('ArrowRight');
    const told = [
      'Proposal',
      'Ada · North Bank',
      'Jan 21, 2025',
      'Bridge',
      '“Let us build the bridge, and let us build it this year.”',
    ];
    for (const each of told) await label().getByText(each, { exact: true }).waitFor();
    const spoken = 'Proposal, Ada, North Bank, Bridge, Jan 21, 2025 “Let us build the bridge';
    await page.getByRole('status').filter({ hasText: spoken }).waitFor();
    const place = await placeOfChosen();
    await page.keyboard.press('Escape');
    await label().waitFor({ state: 'detached' });
    await page.mouse.move(place.x + 3, place.y + 2);
    for (const each of told) await label().getByText(each, { exact: true }).waitFor();
    expect(await look(page, 'timeline-label')).toEqual([]);
    await page.mouse.move(place.x, place.y + 300);
    await label().waitFor({ state: 'detached' });
    expect(desk.complaints).toEqual([]);
  });

  // Break: `drawSpan` in drawApart; `?? narrowest` in layout.ts.
  it('draws a date that is known to the month as a span, which tells of it wherever it is pointed at', async () => {
    await page.goto('/d/bridge/timeline?from=2025-01-01&to=2025-05-31&topic=bridge');
    await page.getByText(/^13 of 13|^13 statements/).waitFor();
    await lanes().focus();
    await page.keyboard.press('ArrowRight');
    const january21 = await placeOfChosen();
    for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowRight');
    await label().getByText('about March 2025').waitFor();
    const march = await placeOfChosen();
    await page.keyboard.press('Escape');
    const day = (march.x - january21.x) / 54; // from noon to the middle of the month
    const at = (days: number): Place => ({ x: march.x + days * day, y: march.y });
    for (const days of [-13, 13]) {
      await page.mouse.move(at(days).x, at(days).y);
      await label().getByText('about March 2025').waitFor();
      expect(await inkAt(at(days))).toBeGreaterThan(40);
    }
    expect(await inkAt(at(-20))).toBe(0);
    expect(desk.complaints).toEqual([]);
  });

  // Break: `known` in the query of readPage, or in useMarks' dependencies.
  it('shows what was known, as its control or its address says', async () => {
    await page.goto(`/d/bridge/timeline?known=${late}`);
    await counted(16);
    await page.getByText(/^event \d+/).waitFor();
    const event = page.getByLabel('As known, recorded until event number');
    expect(await event.inputValue()).toBe(String(late));
    await event.fill(String(late - 1));
    await counted(15);
    await page.waitForURL((url) => url.search === `?known=${late - 1}`);
    await event.fill('');
    await page.waitForURL((url) => url.search === '');
    expect(desk.complaints).toEqual([]);
  });

  it('shows a statement that is recorded elsewhere, and leaves what is chosen chosen', async () => {
    await page.goto('/d/bridge/timeline');
    await counted(15);
    await lanes().focus();
    await page.keyboard.press('ArrowRight');
    await desk.service.write('/dossiers/bridge/statements', {
      ...{
        act: 'SupportExpressed',
        party: 'union',
        topic: 'bridge',
        saidAt: '2025-06-01',
        attribution: 'reported',
      },
      summary: 'The union is for it.',
    });
    await counted(16);
    await lanes().getByText('River Union').waitFor();
    await page.keyboard.press('ArrowRight');
    await chosen().getByText('We stand by it.').waitFor();
    expect(desk.complaints).toEqual([]);
  });
});
