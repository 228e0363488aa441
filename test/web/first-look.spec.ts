import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Desk, look } from './desk.js';

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open();
}, 120_000);

afterAll(() => desk?.end());

describe('The desk', () => {
  it('asks a stranger for a token, and then shows what was asked for', async () => {
    const page = await desk.page(null);
    await page.goto('/d/april-2025-talks');
    const token = page.getByLabel(/^Token/);
    await token.waitFor();
    expect(await look(page, 'log-in')).toEqual([]);
    const refused = desk.complaints.splice(0).filter((each) => !/status of 401/.test(each)); // a browser says so of every 401
    expect(refused).toEqual([]);
    await token.fill(desk.service.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('rowheader', { name: 'Ukraine' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/d/april-2025-talks');
    expect(desk.complaints).toEqual([]);
  });

  it('lists the dossiers that one may read, and leads to the board of one', async () => {
    const page = await desk.page();
    await page.goto('/');
    await page.getByRole('link', { name: 'Talks of April 2025' }).click();
    await page.getByText('supportive').first().waitFor();
    expect(await look(page, 'board')).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });
});
