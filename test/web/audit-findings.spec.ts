import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { as, grant, introduce } from '../access/people.js';
import { openRiver, Recorder, saying } from '../support/http-cast.js';
import { Desk, look, savedTable } from './desk.js';

let desk: Desk;
let page: Page;
let heard: { readonly id: string };

/** Ann enters two statements, of which the administrator corrects one and voids the other. */
beforeAll(async () => {
  desk = await Desk.open({ example: 'off' });
  const { service } = desk;
  await openRiver(service, 'river');
  const river = new Recorder(service, 'river');
  const ann = await introduce(service, 'ann');
  await grant(service, 'river', 'ann', 'recorder');
  const annRecords = (fields: object): Promise<{ id: string }> =>
    service.write(river.address, saying(fields), as(ann.token));
  const quoted = await annRecords({
    attribution: 'direct',
    passage: { exact: 'Build the bridge 🌉 now.' },
    source: 'paper',
  });
  const double = await annRecords({ saidAt: '2025-04-22', topic: 'ferry' });
  await river.record({ party: 'south', saidAt: '2025-04-20', act: 'DoubtVoiced' });
  heard = await river.record({ party: 'south', saidAt: '2025-04-24', act: 'DoubtVoiced' });
  await river.change(quoted.id, 'correct', { changes: { saidAt: '2025-04-23' }, reason: 'A slip.' });
  await river.change(double.id, 'void', { reason: 'Double.' });
  page = await desk.page();
}, 120_000);

afterAll(() => desk?.end());

describe('The recorders of a dossier', () => {
  // Break: leave `enteredBy` out of the links.
  it('are shown with what they did and what became of their records, and lead to the revisions', async () => {
    await page.goto('/d/river/audit');
    await page.getByRole('link', { name: 'Recorders' }).click();
    const row = (name: string) =>
      page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
    await row('ann').waitFor();
    expect(await row('ann').getByRole('cell').allInnerTexts()).toEqual([
      ...['2', '0', '0', '0'],
      ...['1 by administrator', '1 by administrator'],
    ]);
    expect(await row('administrator').getByRole('cell').allInnerTexts()).toEqual([
      '2',
      '1',
      '1',
      '0',
      '0',
      '0',
    ]);
    expect(await look(page, 'audit-recorders')).toEqual([]);
    const [names, ...saved] = await savedTable(page);
    expect(names).toContain('since corrected');
    expect(saved).toContainEqual(['ann', '2', '0', '0', '0', '1 by administrator', '1 by administrator']);
    await row('ann').getByRole('link', { name: '1 by administrator' }).first().click();
    await page.getByText('Why: A slip.').waitFor();
    expect(new URL(page.url()).search).toBe('?recorder=administrator&enteredBy=ann&kind=correction');
    expect(await page.getByLabel('Entered by').inputValue()).toBe('ann');
    expect(desk.complaints).toEqual([]);
  });
});

describe('The weak positions of a dossier', () => {
  it('are shown with why, and with the last words that they rest on, and are found by why and of whom', async () => {
    await page.goto('/d/river/audit');
    await page.getByRole('link', { name: 'Weak positions' }).focus();
    await page.keyboard.press('Enter');
    const shown = page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading') });
    const north = shown.filter({ hasText: 'North Bank · Bridge' });
    const south = shown.filter({ hasText: 'South Bank · Bridge' });
    await north.getByText('Build the bridge 🌉 now.').waitFor();
    expect(await north.innerText()).toMatch(/Rests on one statement/);
    expect(await south.innerText()).toMatch(
      /Rests on reported speech only\s+Rests on sources that nobody can read\s+The last of 2 statements/,
    );
    const statement = south.getByRole('link', { name: 'statement', exact: true });
    expect(await statement.getAttribute('href')).toBe(`/d/river/statements/${heard.id}`);
    expect(await look(page, 'audit-weak')).toEqual([]);
    expect((await savedTable(page)).map(([party]) => party)).toEqual(
      expect.arrayContaining(['party', 'North Bank', 'South Bank']),
    );
    await page.getByRole('combobox', { name: 'Why it is weak' }).click();
    await page.getByRole('option', { name: 'Rests on one statement' }).click();
    await south.waitFor({ state: 'detached' });
    await page.getByLabel('Party').fill('nobody of this name');
    await page.keyboard.press('Enter');
    await page.getByText('That did not work').waitFor();
    desk.complaints.splice(0).forEach((each) => expect(each).toMatch(/status of 4(00|04|22)/)); // a browser says so of every refusal
  });

  // Break: leave `known` out of the question.
  it('are also those of an earlier state of our record, at an address that can be shared', async () => {
    await page.goto('/d/river/audit/weak-positions?reason=one-statement');
    const shown = page.getByRole('main').getByRole('heading', { level: 2 });
    await shown.first().waitFor();
    expect(await shown.allInnerTexts()).toEqual(['North Bank · Bridge']);
    await page.getByLabel('As known, recorded until event number').fill(String(await beforeTheVoiding()));
    await page.keyboard.press('Enter');
    await shown.filter({ hasText: 'Ferry' }).waitFor();
    expect((await shown.allInnerTexts()).toSorted()).toEqual(['North Bank · Bridge', 'North Bank · Ferry']);
    const other = await desk.page();
    await other.goto(page.url());
    await other.getByRole('heading', { name: 'North Bank · Ferry' }).waitFor();
    expect(desk.complaints).toEqual([]);
  });
});

async function beforeTheVoiding(): Promise<number> {
  const { sequence } = await desk.service.read<{ sequence: number }>('/dossiers/river');
  return sequence - 1;
}
