import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { as, grant, introduce, type Person } from '../access/people.js';
import { Desk, look } from './desk.js';

const LISTS = '/d/april-2025-talks/lists';

let desk: Desk;
let page: Page;
let reader: Person;

beforeAll(async () => {
  desk = await Desk.open();
  page = await desk.page();
  reader = await introduce(desk.service, 'rita');
  await grant(desk.service, 'april-2025-talks', 'rita', 'reader');
}, 120_000);

afterAll(() => desk?.end());

describe('The lists of a dossier', () => {
  it.each(['parties', 'speakers', 'topics', 'sources', 'members'])('show its %s', async (kind) => {
    await page.goto(`${LISTS}/${kind}`);
    await page.getByRole('listitem').first().waitFor();
    if (['speakers', 'members'].includes(kind)) expect(await look(page, `list-${kind}`)).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  it('find a speaker by a spelling that nobody has entered', async () => {
    await page.goto(`${LISTS}/speakers`);
    await page.getByLabel('Find speakers by any name').fill('Zelensky');
    await page.waitForURL(/q=Zelensky/);
    await page.getByRole('listitem').filter({ hasText: 'Zelen' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Putin' }).waitFor({ state: 'detached' });
    expect(desk.complaints).toEqual([]);
  });

  it('change a record, and keep what was typed beside what is wrong with it', async () => {
    await page.goto(`${LISTS}/parties`);
    await page.getByRole('button', { name: 'Edit United States' }).click();
    await page.getByText('Two records of one party cannot be merged yet.').waitFor();
    const alias = page.getByRole('combobox', { name: 'Also called' });
    await alias.fill('Washington');
    await alias.press('Enter');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Washington' }).waitFor();
    await page.goto(`${LISTS}/sources`);
    await page.getByRole('button', { name: /^Edit Putin signals/ }).click();
    const published = page.getByLabel('Published at');
    await page.getByLabel('Outlet').fill('A newspaper');
    await published.fill('yesterday');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByText(/EDTF/).waitFor();
    expect(await look(page, 'list-edit')).toEqual([]);
    desk.complaints.splice(0).forEach((each) => expect(each).toMatch(/status of 4(00|22)/)); // a browser says so of every refusal
    await published.fill('2025-04-22');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('listitem').filter({ hasText: 'A newspaper' }).waitFor();
    const { body } = await desk.service.get('/dossiers/april-2025-talks/sources/article');
    expect(body).toMatchObject({ outlet: 'A newspaper', publishedAt: '2025-04-22' });
    expect(desk.complaints).toEqual([]);
  });

  // Break: show the buttons whatever useMay says.
  it('offer no change to somebody who may only read', async () => {
    const theirs = await desk.page(reader.token);
    await theirs.goto(`${LISTS}/parties`);
    await theirs.getByRole('listitem').first().waitFor();
    await theirs.getByRole('link', { name: 'Audit' }).waitFor();
    for (const what of ['Record', 'Members', 'Users'])
      expect(await theirs.getByRole('link', { name: what, exact: true }).count()).toBe(0);
    expect(await theirs.getByRole('button', { name: /Edit|Add/ }).count()).toBe(0);
    expect(desk.complaints).toEqual([]);
  });
});

describe('Users and tokens', () => {
  it('are added by an administrator, who sees a token once, and revoked', async () => {
    await page.goto('/users');
    await page.getByLabel(/^User name/).fill('otto');
    await page.getByRole('button', { name: 'Add a user' }).click();
    await page.getByRole('button', { name: 'Tokens of otto' }).click();
    await page.getByLabel('What the token is for').fill('a laptop');
    await page.getByRole('button', { name: 'Issue a token' }).click();
    const secret = await page.getByRole('alert').locator('code').innerText();
    expect((await desk.service.get('/me', as(secret))).status).toBe(200);
    expect(await look(page, 'users')).toEqual([]);
    await page.getByRole('button', { name: 'Hide the token' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Revoke a laptop' }).click();
    await page.getByRole('listitem').filter({ hasText: 'revoked' }).first().waitFor();
    expect((await desk.service.get('/me', as(secret))).status).toBe(401);
    expect(desk.complaints).toEqual([]);
  });
});
