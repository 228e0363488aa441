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

  // Break: `notice` in query-client.ts, or show LogIn in place of the page in Shell whenever isAsked.
  it('asks for a token again when the session has ended, over the page, with all that was typed on it', async () => {
    const page = await desk.page();
    await page.goto('/d/april-2025-talks/lists/topics');
    await page.getByRole('button', { name: 'Edit Easter truce' }).click();
    const proposition = page.getByLabel(/^Proposition/);
    await proposition.fill('Nobody shoots at Easter');
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    expect(await look(page, 'log-in-again')).toEqual([]);
    const token = page.getByLabel(/^Token/);
    await token.fill('a wrong one');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('This token is not valid.').waitFor();
    await token.fill(desk.service.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await token.waitFor({ state: 'detached' });
    expect(await proposition.inputValue()).toBe('Nobody shoots at Easter');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Nobody shoots at Easter').waitFor();
    desk.complaints.splice(0).forEach((each) => expect(each).toMatch(/status of 401/)); // a browser says so of every 401
  });

  it('tells who follows a used login link why, and lets them in with a token', async () => {
    const page = await desk.page(null);
    const { path } = await desk.service.write<{ path: string }>('/session/links');
    await page.goto(path);
    await page.getByRole('link', { name: 'Talks of April 2025' }).waitFor();
    await page.goto(path);
    await page.getByText('You are logged in as Administrator all the same.').waitFor();
    await page.context().clearCookies();
    await page.goto(path);
    await page.getByRole('heading', { name: 'This login link no longer works' }).waitFor();
    expect(await look(page, 'log-in-link')).toEqual([]);
    await page.getByLabel(/^Token/).fill(desk.service.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('link', { name: 'Talks of April 2025' }).waitFor();
    await page.goto('/not-logged-in?why=elsewhere');
    await page.getByText('It has not been used up').waitFor();
    desk.complaints.splice(0).forEach((each) => expect(each).toMatch(/status of 401/)); // a browser says so of every 401
  });

  it('takes somebody in by a login link, and out again', async () => {
    const page = await desk.page(null);
    const { path } = await desk.service.write<{ path: string }>('/session/links');
    await page.goto(path);
    await page.getByRole('link', { name: 'Talks of April 2025' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    await page.getByRole('button', { name: 'Menu' }).click();
    expect(await look(page, 'menu')).toEqual([]);
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByLabel(/^Token/).waitFor();
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    desk.complaints.splice(0).forEach((each) => expect(each).toMatch(/status of 401/));
  });
});
