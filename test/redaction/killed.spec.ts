import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import type { EventView } from '../../src/http/event-view.js';
import { checkService } from '../../verify/service.js';
import { Chance, say } from '../support/crash-chance.js';
import { openRiver, saying } from '../support/http-cast.js';
import { connect } from '../support/queries.js';
import { killAll, Service } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ORDER } from './marked.js';

/**
 * To see red, leave out
 * - ledger/proof/leaves-projection.ts, `carryOut`: words stay after a crash for ever;
 * - recording/redaction/redact.ts, either `reach`: what was acknowledged is still there after a crash (the second: not in every run);
 * - ledger/event-log.ts, SHOWN: words are shown after a crash until somebody makes leaves.
 */
const KILLS = Number(process.env['STANDPOINT_CRASHES'] ?? 3);
const chance = Chance.ofThisRun('redactions killed');
const DOSSIER = 'river';
const STATEMENTS = 24;
const at = (path: string): string => `/dossiers/${DOSSIER}/${path}`;

/** Nobody else says this. */
const wordOf = (slug: string): string => `zq${slug.replace('-', 'x')}marked`;

const wordsOf = (ids: readonly string[]): RegExp =>
  new RegExp(['zqnothing', ...ids.map((id) => wordOf(slugs.get(id) ?? ''))].join('|'), 'u');

let database: TestDatabase;
let superuser: Client;
let service: Service;
/** The slugs of statements by their ids. */
const slugs = new Map<string, string>();
let unfinished = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = await connect(database.superuserUrl);
  service = await Service.start({ database });
  await openRiver(service, DOSSIER);
}, 60_000);

afterAll(async () => {
  say(`${unfinished} orders were found that the one who took them had not carried out`);
  await killAll();
  await superuser?.end();
  await database?.drop();
});

const statement = (slug: string): object => saying({ slug, summary: wordOf(slug), note: wordOf(slug) });
const record = (slug: string) =>
  service.post<{ id: string }>(at('statements'), statement(slug), { 'idempotency-key': slug });

/** Redacts all of these, some at a time, while others record. Answers with those that were acknowledged before it was killed. */
async function redactUntilKilled(ids: readonly string[], round: number): Promise<string[]> {
  const left = [...ids];
  const acknowledged: string[] = [];
  const untilRefused = async (next: () => Promise<boolean>): Promise<void> => {
    while (await next().catch(() => false)) {
      // until there is nothing left to do, or nobody who does it
    }
  };
  const redactors = Array.from({ length: 6 }, () =>
    untilRefused(async () => {
      const id = left.pop();
      if (id === undefined) return false;
      const { status } = await service.post(at(`statements/${id}/redact`), ORDER);
      if (status === 200) acknowledged.push(id);
      return status === 200;
    }),
  );
  const recorders = Array.from({ length: 4 }, (_, recorder) =>
    untilRefused(async () => {
      const path = at('statements');
      return (await service.post(path, saying({ summary: `Round ${round}, ${recorder}.` }))).status === 201;
    }),
  );
  await delay(chance.between(10, 800));
  await service.process.stop('SIGKILL');
  await Promise.all([...redactors, ...recorders]);
  return acknowledged;
}

/** As they are stored: the statements that were ordered erased, and those of them of which something is left. */
async function ordered(): Promise<{ ids: string[]; left: string[] }> {
  const { rows } = await superuser.query<{ id: string; left: boolean }>(
    `SELECT r.stream_id AS id, EXISTS (
              SELECT FROM event e LEFT JOIN ledger_leaf l USING (dossier_id, sequence)
               WHERE e.stream_id = r.stream_id AND e.type <> 'PayloadRedacted' AND (e.data IS NOT NULL OR l.salt IS NOT NULL)) AS left
       FROM event r WHERE r.type = 'PayloadRedacted'`,
  );
  return { ids: rows.map(({ id }) => id), left: rows.flatMap((row) => (row.left ? [row.id] : [])) };
}

/** The tables that hold a word of one of these, in any column. */
async function tablesWith(ids: readonly string[]): Promise<string[]> {
  const { rows } = await superuser.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const words = wordsOf(ids);
  const holding = rows.map(async ({ name }) => {
    const found = await superuser.query(`SELECT FROM ${name} t WHERE t::text ~ $1 LIMIT 1`, [words.source]);
    return found.rowCount === 0 ? [] : [name];
  });
  return (await Promise.all(holding)).flat();
}

describe(`A service that is killed while it redacts (seed ${chance.seed})`, () => {
  it.each(Array.from({ length: KILLS }, (_, round) => round))(
    'has done what it acknowledged, does what it took on, and shows nothing of either (%i)',
    async (round) => {
      const ids: string[] = [];
      for (let index = 0; index < STATEMENTS; index++) {
        const slug = `${round}-${index}`;
        const { id } = (await record(slug)).body;
        slugs.set(id, slug);
        ids.push(id);
      }
      await service.get(at('statements?q=x')); // the index of words has taken them in
      const acknowledged = await redactUntilKilled(ids, round);
      const { ids: taken, left } = await ordered();
      unfinished += left.length;
      expect(taken).toEqual(expect.arrayContaining(acknowledged));
      expect(left.filter((id) => acknowledged.includes(id))).toEqual([]);
      expect(await tablesWith(acknowledged)).toEqual([]);

      service = await Service.start({ database, token: service.token });
      const words = wordsOf(taken);
      const events = await service.all<EventView>(at('events'));
      const shown = events.filter((event) => words.test(JSON.stringify(event)));
      expect(shown).toEqual([]);
      for (const id of taken.filter((each) => slugs.get(each)?.startsWith(`${round}-`))) {
        expect((await service.get(at(`statements/${id}`))).status).toBe(410);
        expect((await record(slugs.get(id) ?? '')).text).not.toMatch(words);
      }
      await Promise.all(
        ['ledger/checkpoint', 'positions', 'statements?q=x'].map((path) => service.get(at(path))),
      );
      expect((await ordered()).left).toEqual([]);
      expect(await tablesWith(taken)).toEqual([]);
      const kept = ids.filter((id) => !taken.includes(id));
      for (const id of kept)
        expect(await service.read(at(`statements/${id}`))).toMatchObject({
          summary: wordOf(slugs.get(id) ?? ''),
        });
    },
    60_000,
  );

  it('keeps a log that is proven as before', async () => {
    const trust = { key: null, since: null };
    const address = `${service.url}/api/v1${at('')}`.slice(0, -1);
    const { log } = await checkService(address, service.token, trust, () => undefined);
    expect(log.redactions).toBe((await ordered()).ids.length);
  }, 60_000);
});
