import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import pg from 'pg';
import { openRiver, saying } from '../support/http-cast.js';
import { importLines } from '../support/http-talks.js';
import { Desk } from './desk.js';

/** More than two tiles hold. */
const STATEMENTS = 600;

let desk: Desk;
let page: Page;
let size: number;

beforeAll(async () => {
  desk = await Desk.open({ example: 'off' });
  const { service } = desk;
  await openRiver(service, 'river');
  const line = (index: number): string => JSON.stringify(saying({ summary: `The ${index}th word.` }));
  await importLines(
    service,
    'river',
    `${Array.from({ length: STATEMENTS }, (_, index) => line(index)).join('\n')}\n`,
  );
  ({ sequence: size } = await service.read<{ sequence: number }>('/dossiers/river'));
  page = await desk.page();
}, 120_000);

afterAll(() => desk?.end());

const holds = (text: RegExp): Promise<void> => page.getByText(text).first().waitFor();
const askForAll = async (): Promise<void> => {
  await page.goto('/d/river/audit/verify');
  await holds(/What was checked of this log holds/);
  await page.getByRole('button', { name: 'Check the whole log' }).click();
};

describe('Verifying a long log in the browser', () => {
  it('checks the content of every event, whatever their number', async () => {
    await askForAll();
    await holds(new RegExp(`The content of all ${size} events is what their entries commit to`));
    expect(desk.complaints).toEqual([]);
  });

  // Break: let `signal` out of raw in source.ts; `signal.aborted` in checkWhole.
  it('says how far it is, and stops when it is told to', async () => {
    await page.route(/\/export$/, () => undefined); // an answer that never comes
    await askForAll();
    await holds(new RegExp(`0 of ${size} events`));
    await page.getByRole('button', { name: 'Stop' }).click();
    await holds(/Checking was stopped/);
    expect(await page.getByText('Does not hold').count()).toBe(0);
    await page.unrouteAll();
    desk.complaints.splice(0);
  });

  it('names an event whose content was changed, though it was recorded long before', async () => {
    const superuser = new pg.Client({ connectionString: desk.running.database.superuserUrl });
    await superuser.connect();
    const change = async (from: string, to: string): Promise<void> => {
      await superuser.query('SET session_replication_role = replica');
      const query = `UPDATE event SET data = replace(data::text, $1, $2)::json WHERE data::text LIKE '%' || $1 || '%'`;
      await superuser.query(query, [from, to]);
    };
    await change('The 550th word.', 'The 55Oth word.');
    await askForAll();
    await holds(
      new RegExp(`The content of event ${size - STATEMENTS + 551} is not what its entry commits to`),
    );
    await change('The 55Oth word.', 'The 550th word.');
    await superuser.end();
    expect(desk.complaints).toEqual([]);
  });

  // Break: let isHandedOver answer true.
  it('takes a new key for the log’s only where the old one has signed that it hands over', async () => {
    await desk.service.write('/admin/ledger/keys', { reason: 'In use for long enough.' });
    await desk.service.write('/dossiers/river/statements', saying({ summary: 'After the change.' }));
    const signed: string[] = []; // by one key alone
    await page.route(/\/checkpoint\?covering=/, async (route) => {
      const response = await route.fetch();
      const [text = '', signatures = ''] = (await response.text()).split('\n\n');
      const lines = signatures.trim().split('\n');
      expect(lines).toHaveLength(2);
      for (const [index] of lines.entries()) signed.push(`${text}\n\n${lines[index]}\n`);
      await route.fulfill({ response, body: signed[0] ?? '' });
    });
    await page.goto('/d/river/audit/verify');
    await holds(/the key that this browser kept has not signed it/);
    await page.unrouteAll();
    for (const body of signed) {
      await page.route(/\/checkpoint\?covering=/, (route) => route.fulfill({ body }));
      await page.reload();
      await holds(/the key that this browser kept has not signed it/);
      await page.unrouteAll();
    }
    await page.reload();
    await holds(/both keys have signed the log as it was then/);
    await page.reload();
    await holds(/The key is the one of last time/);
    expect(desk.complaints).toEqual([]);
  });
});
