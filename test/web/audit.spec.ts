import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import pg from 'pg';
import type { PositionAudit } from '../../src/audit/revisions/audit-position.js';
import { openRiver, Recorder } from '../support/http-cast.js';
import { Desk, look } from './desk.js';

let desk: Desk;
let page: Page;
let superuser: pg.Client;
/** Sequences of the worked example of positions.md: a proposal, its clarification, a late entry, its voiding. */
const at = { proposal: 0, clarification: 0, late: 0, voiding: 0 };

beforeAll(async () => {
  desk = await Desk.open({ example: 'off' });
  const { service } = desk;
  await openRiver(service, 'river');
  const river = new Recorder(service, 'river');
  await river.record({ slug: 'earlier', act: 'ProposalMade', party: 'south', saidAt: '2024-08-01' });
  const proposal = {
    act: 'ProposalMade',
    slug: 'stop',
    saidAt: '2025-04-21',
    summary: 'Let the strikes stop.',
  };
  const clarification = {
    act: 'ClarificationIssued',
    refersTo: 'stop',
    stance: 'open',
    saidAt: '2025-04-22',
    topic: null,
  };
  const late = {
    act: 'ProposalRejected',
    slug: 'late',
    refersTo: 'earlier',
    saidAt: '2024-08-10',
    summary: 'No to the earlier one.',
  };
  at.proposal = (await river.record(proposal)).sequence;
  at.clarification = (await river.record(clarification)).sequence;
  at.late = (await river.record(late)).sequence;
  at.voiding = (await river.change('late', 'void', { reason: 'wrong outlet' })).sequence;
  page = await desk.page();
  superuser = new pg.Client({ connectionString: desk.running.database.superuserUrl });
  await superuser.connect();
}, 120_000);

afterAll(async () => {
  await superuser?.end();
  await desk?.end();
});

const tamper = (sql: string): Promise<unknown> =>
  superuser.query(`SET session_replication_role = replica; ${sql}; RESET session_replication_role`);

const holds = (text: RegExp): Promise<void> => page.getByText(text).first().waitFor();

describe('The audit', () => {
  it('tells how our record of a position was revised, event by event, before and after side by side', async () => {
    const { items } = await desk.service.read<PositionAudit>('/dossiers/river/positions/north/bridge/audit');
    await page.goto('/d/river/positions/north/bridge/audit');
    await page.getByText('4 revisions').waitFor();
    const revisions = page.getByRole('main').locator('ol > li[data-kind]');
    const kinds = () =>
      Promise.all(items.map((_item, index) => revisions.nth(index).getAttribute('data-kind')));
    expect(await kinds()).toEqual(['advance', 'advance', 'backfill', 'voiding']);
    expect(await revisions.nth(1).innerText()).toMatch(/now softened, Apr 22, 2025:\s*supportive\s*→\s*open/);
    expect(await revisions.nth(2).innerText()).toMatch(
      /no longer adopted, Apr 21, 2025[^]*now reversed, Apr 21, 2025/,
    );
    expect(await revisions.nth(2).innerText()).toMatch(/The past changed; the present did not\./);
    expect(await revisions.nth(3).innerText()).toMatch(/Record voided[^]*Why: wrong outlet/);
    expect(await look(page, 'audit-position')).toEqual([]);
    await page.getByText('Newest first').click();
    await page.waitForURL(/order=newest/);
    expect(await kinds()).toEqual(['voiding', 'backfill', 'advance', 'advance']);
    expect(desk.complaints).toEqual([]);
  });

  it('compares two states of our knowledge, with the events that account for the difference', async () => {
    await page.goto('/d/river/audit');
    await page.getByLabel('As known at', { exact: true }).fill(String(at.proposal));
    await page.getByLabel('and as known at').fill(String(at.voiding));
    await page.getByRole('button', { name: 'Compare' }).click();
    await holds(new RegExp(`1 position differs between event ${at.proposal} and event ${at.voiding}`));
    await page.locator('summary', { hasText: 'North Bank · Bridge' }).click();
    await holds(/Record voided/);
    await page.locator('details li[data-kind]').nth(2).waitFor();
    expect(await page.locator('details li[data-kind]').count()).toBe(3);
    expect(new URL(page.url()).search).toBe(`?before=${at.proposal}&after=${at.voiding}`);
    expect(await look(page, 'audit')).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });
});

describe('The audit of a dossier', () => {
  it('lists its revisions, by what happened, of whom and by whom', async () => {
    await page.goto('/d/river/audit');
    const shown = page.getByRole('main').locator('ol > li[data-kind]');
    await shown.nth(4).waitFor();
    await page.getByRole('combobox', { name: 'What happened' }).click();
    await page.getByRole('option', { name: 'Record voided' }).click();
    await shown.nth(1).waitFor({ state: 'detached' });
    expect(await shown.first().innerText()).toMatch(/North Bank · Bridge[^]*Why: wrong outlet/);
    await page.getByLabel('Recorded by').fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('No revision of this kind.').waitFor();
    expect(new URL(page.url()).search).toBe('?kind=voiding&recorder=nobody');
    expect(desk.complaints).toEqual([]);
  });
});

describe('Verifying in the browser', () => {
  it('proves an event and the whole log, and remembers what it saw', async () => {
    await page.goto(`/d/river/audit/verify/${at.proposal}`);
    await holds(/This event is in the signed log, unchanged\./);
    await holds(/The key is new to this browser/);
    await page.getByRole('button', { name: 'Check the whole log' }).click();
    await holds(/All content is unchanged/);
    await holds(/The key is the one of last time/);
    await new Recorder(desk.service, 'river').record({ saidAt: '2025-05-01' });
    await page.reload();
    await holds(
      new RegExp(
        `What this browser saw last, ${at.voiding} events, is the beginning of the ${at.voiding + 1}`,
      ),
    );
    expect(await look(page, 'verify')).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  // Break: let isPayloadOf answer true.
  it('catches a row that was changed in the database', async () => {
    const { rows } = await superuser.query(
      `SELECT data::text FROM event WHERE stream_kind = 'statement' AND sequence = $1`,
      [at.proposal],
    );
    await tamper(
      `UPDATE event SET data = replace(data::text, 'stop', 'last')::json WHERE stream_kind = 'statement' AND sequence = ${at.proposal}`,
    );
    await page.goto(`/d/river/audit/verify/${at.proposal}`);
    await holds(/Something does not hold\./);
    await holds(new RegExp(`event ${at.proposal}`));
    expect(await look(page, 'verify-tampered')).toEqual([]);
    await page.goto('/d/river/audit/verify');
    await holds(/What was checked of this log holds/);
    await page.getByRole('button', { name: 'Check the whole log' }).click();
    await holds(/Something does not hold\./);
    await superuser.query('SET session_replication_role = replica');
    await superuser.query(
      `UPDATE event SET data = $1::json WHERE stream_kind = 'statement' AND sequence = $2`,
      [rows[0].data, at.proposal],
    );
    await superuser.query('RESET session_replication_role');
    desk.complaints.splice(0); // a browser says so of every 503
  });

  // Break: leave the comparison with the tile, and the one with the root, out of checkWhole.
  it('catches a service that shows another tile, another entry, or a shorter log than before', async () => {
    const whole = async (): Promise<void> => {
      await page.goto('/d/river/audit/verify');
      await holds(/What was checked of this log holds/);
      await page.getByRole('button', { name: 'Check the whole log' }).click();
    };
    const lie = async (address: RegExp, change: (bytes: Buffer) => void): Promise<void> => {
      await page.route(address, async (route) => {
        const response = await route.fetch();
        const bytes = await response.body();
        change(bytes);
        await route.fulfill({ response, body: bytes });
      });
    };
    await lie(/\/tile\/0\//, (bytes) => bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40));
    await whole();
    await holds(/From event 2 on an entry and the hash stored for it differ/);
    await page.unrouteAll();
    await lie(/\/tile\/entries\//, (bytes) => bytes.write('x', 20));
    await whole();
    await holds(/entries do not lead to the root that was signed/);
    await page.unrouteAll();
    await lie(/\/ledger\/checkpoint/, (bytes) => bytes.write('9', bytes.indexOf('\n') + 1));
    await page.goto('/d/river/audit/verify');
    await holds(/No signature under the checkpoint is of the key/);
    const refused = desk.complaints.splice(0).filter((each) => !/status of 400.*consistency/.test(each)); // no log of 99 events to prove
    expect(refused).toEqual([]);
    await page.unrouteAll();
    await page.evaluate(`for (const [key, kept] of Object.entries(localStorage)) if (key.startsWith('standpoint-log/'))
      localStorage.setItem(key, kept.replace(/\\\\n\\d+\\\\n/, '\\\\n999\\\\n'))`);
    await page.goto('/d/river/audit/verify');
    await holds(/This browser has seen 999 events; now there are \d+\. Events were taken away\./);
    expect(desk.complaints).toEqual([]);
  });
});
