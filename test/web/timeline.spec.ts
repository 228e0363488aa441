import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page as Browsed } from 'playwright-core';
import type { Page } from '../../src/http/paging.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { tellOfTheBridge } from './bridge-talks.js';
import { Desk, look } from './desk.js';

let desk: Desk;
let page: Browsed;

beforeAll(async () => {
  desk = await Desk.open({ example: 'off' });
  await tellOfTheBridge(desk.service, 'bridge');
  page = await desk.page();
}, 120_000);

afterAll(() => desk?.end());

const list = () => page.getByRole('region', { name: 'Statements in view' });
const counted = (n: number | string) => page.getByText(new RegExp(`^${n} statements?$`)).waitFor();
const chosen = () => page.getByRole('region', { name: 'The chosen statement' });

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
    await page.getByRole('application').focus();
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

  it('shows a statement that is recorded elsewhere', async () => {
    await page.goto('/d/bridge/timeline');
    await counted(15);
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
    await page.getByRole('application').getByText('River Union').waitFor();
    expect(desk.complaints).toEqual([]);
  });
});
