import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { DataSource } from 'typeorm';
import { grantService } from '../../src/database/privileges.js';
import { LeavesProjection } from '../../src/ledger/proof/leaves-projection.js';
import { Projector } from '../../src/ledger/projector.js';
import { anAppend, anEvent, PROVENANCE, TestLedger } from '../ledger/test-ledger.js';
import { randomBytes } from 'node:crypto';

/** What the database itself lets through of the one change to the log that there is. */
const REFUSED = { code: '42501' };

let ledger: TestLedger;
let database: DataSource;
let owner: Client;
let superuser: Client;
let dossier: string;
let stream: string;

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

beforeAll(async () => {
  ledger = await TestLedger.open();
  database = await ledger.dataSource();
  owner = await connected(ledger.database.ownerUrl);
  superuser = await connected(ledger.database.superuserUrl);
}, 60_000);

afterAll(async () => {
  await owner?.end();
  await superuser?.end();
  await ledger?.close();
});

beforeEach(async () => {
  dossier = await ledger.newDossier();
  stream = uuidv7();
  const answer = JSON.stringify({ id: stream, version: 1, summary: 'secret' });
  const idempotency = { key: 'key', fingerprint: Buffer.from('f'), answer };
  await ledger.appender().append(dossier, anAppend(stream, 1, { data: { summary: 'secret' }, idempotency }));
  await ledger.appender().append(dossier, anAppend(stream, 2, { data: { note: 'secret' } }));
  const other = {
    key: 'other',
    fingerprint: Buffer.from('f'),
    answer: JSON.stringify({ id: uuidv7(), version: 1, refersTo: stream }),
  };
  await ledger
    .appender()
    .append(dossier, anAppend(uuidv7(), 1, { data: { summary: 'of others' }, idempotency: other }));
});

const order = async (sequences: readonly number[], streamVersion = 3): Promise<number> => {
  const data = { sequences, reason: 'By law.', basis: null };
  const event = anEvent(stream, streamVersion, { type: 'PayloadRedacted', data });
  const outcome = await ledger.appender().append(dossier, { events: [event], provenance: PROVENANCE });
  return outcome.status === 'appended' ? outcome.first : 0;
};

const makeLeaves = async (): Promise<void> => {
  const leaves = new LeavesProjection({ random: (count) => randomBytes(count) });
  await new Projector(database, ledger.log, ledger.clock.now).step(dossier, leaves);
};

const payloads = async (): Promise<unknown[]> =>
  (await ledger.log.read(dossier, 0, 10)).map(({ data }) => data);

/** Whatever is shown of them. */
async function stored(): Promise<unknown[]> {
  const { rows } = await superuser.query<{ data: unknown }>(
    'SELECT data FROM event WHERE dossier_id = $1 ORDER BY sequence',
    [dossier],
  );
  return rows.map(({ data }) => data);
}

async function salts(): Promise<boolean[]> {
  const { rows } = await superuser.query<{ there: boolean }>(
    'SELECT salt IS NOT NULL AS there FROM ledger_leaf WHERE dossier_id = $1 ORDER BY sequence',
    [dossier],
  );
  return rows.map(({ there }) => there);
}

describe('An order of erasure', () => {
  // Break: `carryOut` in ledger/proof/leaves-projection.ts.
  it('is carried out by whoever makes the next leaves, if whoever gave it dies before', async () => {
    const sequence = await order([1, 2]);
    expect(await stored()).toMatchObject([{ summary: 'secret' }, { note: 'secret' }, {}, {}]);
    await makeLeaves();
    expect(await stored()).toMatchObject([null, null, {}, {}]);
    expect(await payloads()).toEqual([
      null,
      null,
      { summary: 'of others' },
      { sequences: [1, 2], reason: 'By law.', basis: null },
    ]);
    expect(await salts()).toEqual([false, false, true, true]);
    const [first] = await ledger.log.read(dossier, 0, 1);
    expect(first).toMatchObject({ redacted: { sequence, reason: 'By law.', basis: null }, obscure: null });
    const answered = await ledger.log.answered(dossier, ['key', 'other']);
    expect([answered.get('key')?.answer, answered.get('other')?.answer]).toEqual([
      null,
      expect.objectContaining({ refersTo: stream }),
    ]);
  });

  // Break: SHOWN, or `tells_of`, in ledger/event-log.ts; `n.sequence < r.sequence` in ledger/redactions.ts.
  it('is obeyed by whatever reads the log, though nobody has carried it out yet', async () => {
    const sequence = await order([1, 2, 5]);
    await ledger.appender().append(dossier, anAppend(stream, 4, { data: { summary: 'later' } }));
    const [first, , ...others] = await ledger.log.read(dossier, 0, 10);
    expect(first).toMatchObject({ data: null, redacted: { sequence, reason: 'By law.' }, obscure: null });
    expect(others).toMatchObject([
      { data: { summary: 'of others' } },
      { data: { reason: 'By law.' } },
      { data: { summary: 'later' } },
    ]);
    const streams = await ledger.log.readStreams(dossier, [stream]);
    expect(streams.map(({ data }) => data)).toMatchObject([null, null, {}, {}]);
    const kept = await ledger.log.answered(dossier, ['key', 'other']);
    expect([kept.get('key')?.answer, kept.get('other')?.answer]).toEqual([
      null,
      expect.objectContaining({ refersTo: stream }),
    ]);
    expect(await stored()).toMatchObject([{ summary: 'secret' }, { note: 'secret' }, {}, {}, {}]);
  });

  // Break: the comparison with the count of leaves in erase_redacted.
  it('is not carried out before the leaves are made of what is to be erased', async () => {
    const sequence = await order([1, 2]);
    await expect(ledger.log.redactions.erase(dossier, sequence)).rejects.toMatchObject({ code: '55000' });
    expect(await stored()).toMatchObject([{ summary: 'secret' }, { note: 'secret' }, {}, {}]);
  });

  it('is wholly carried out or not at all, and once', async () => {
    await makeLeaves();
    const sequence = await order([1, 2]);
    const client = await ledger.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT erase_redacted($1, $2)', [dossier, sequence]);
    await client.query('ROLLBACK');
    client.release();
    expect([await stored(), await salts()]).toMatchObject([
      [{ summary: 'secret' }, {}, {}, {}],
      [true, true, true],
    ]);
    for (let time = 0; time < 2; time++) await ledger.log.redactions.erase(dossier, sequence);
    await makeLeaves();
    expect([(await payloads()).slice(0, 2), await salts()]).toEqual([
      [null, null],
      [false, false, true, true],
    ]);
  });

  it('erases nothing that comes after it, no other order, and nothing of another dossier', async () => {
    const own = dossier;
    await order([1, 4, 5, 6, 99]);
    await order([4, 5], 4);
    await ledger.appender().append(dossier, anAppend(stream, 5, { data: { summary: 'later' } }));
    await makeLeaves();
    expect(await payloads()).toMatchObject([
      null,
      { note: 'secret' },
      {},
      { reason: 'By law.' },
      { reason: 'By law.' },
      { summary: 'later' },
    ]);
    dossier = await ledger.newDossier();
    await ledger.appender().append(dossier, anAppend());
    await makeLeaves();
    expect(await payloads()).toEqual([{}]);
    dossier = own;
  });

  // Break: the trigger idempotency_keeps_nothing_erased.
  it('holds for the answer to a write that was decided before it and recorded after it, too', async () => {
    await order([1, 2]);
    const answers = {
      late: { id: uuidv7(), version: 1, party: { id: stream, slug: 'p', name: 'secret' } },
      later: { id: uuidv7(), version: 1, party: { id: stream, slug: 'p', name: '[redacted]' } },
      plain: { id: uuidv7(), version: 1, refersTo: stream },
    };
    for (const [key, answer] of Object.entries(answers)) {
      const idempotency = { key, fingerprint: Buffer.from('f'), answer: JSON.stringify(answer) };
      await ledger.appender().append(dossier, anAppend(uuidv7(), 1, { idempotency }));
    }
    const kept = await ledger.log.answered(dossier, Object.keys(answers));
    const { later, plain } = answers;
    expect([...'late later plain'.split(' ')].map((key) => kept.get(key)?.answer)).toEqual([
      null,
      later,
      plain,
    ]);
  });

  it('is obeyed also where one role owns the tables and runs the service', async () => {
    await makeLeaves();
    const sequence = await order([1]);
    await owner.query('SELECT erase_redacted($1, $2)', [dossier, sequence]);
    expect((await payloads())[0]).toBeNull();
    await grantService(owner, 'standpoint_owner');
    await expect(
      owner.query('UPDATE event SET data = NULL WHERE dossier_id = $1 AND sequence = 2', [dossier]),
    ).rejects.toMatchObject(REFUSED);
  });
});

const FORGED = [
  'UPDATE event SET data = NULL WHERE dossier_id = $1 AND sequence = 2',
  `UPDATE event SET data = '{}' WHERE dossier_id = $1 AND sequence = 1`,
  `UPDATE event SET data = 'null' WHERE dossier_id = $1 AND sequence = 1`,
  `UPDATE event SET data = NULL, recorded_by = 'nobody' WHERE dossier_id = $1 AND sequence = 1`,
  `UPDATE event SET recorded_by = 'nobody' WHERE dossier_id = $1 AND sequence = 1`,
  'UPDATE event SET data = NULL WHERE dossier_id = $1 AND sequence = 4',
  `UPDATE event SET data = NULL, dossier_id = gen_random_uuid() WHERE dossier_id = $1 AND sequence = 1`,
  'UPDATE ledger_leaf SET salt = NULL WHERE dossier_id = $1 AND sequence = 2',
  'UPDATE ledger_leaf SET salt = NULL WHERE dossier_id = $1 AND sequence = 1', // its payload is still there
  `UPDATE ledger_leaf SET salt = '\\x00' WHERE dossier_id = $1 AND sequence = 1`,
  `UPDATE ledger_leaf SET salt = NULL, leaf_hash = '\\x00' WHERE dossier_id = $1 AND sequence = 1`,
  `UPDATE idempotency SET answer = NULL WHERE dossier_id = $1 AND key = 'other'`,
  `UPDATE idempotency SET answer = '{}' WHERE dossier_id = $1 AND key = 'key'`,
  `UPDATE idempotency SET answer = NULL, sequence = 9 WHERE dossier_id = $1 AND key = 'key'`,
  'DELETE FROM event WHERE dossier_id = $1',
  'DELETE FROM ledger_leaf WHERE dossier_id = $1',
  'DELETE FROM idempotency WHERE dossier_id = $1',
];

describe('Where an order names the first event, the log', () => {
  beforeEach(async () => {
    await makeLeaves();
    await order([1]);
  });

  // Break: any of the conditions of refuse_change_but_erasure_of_….
  it.each(FORGED)('refuses everybody to %s', async (sql) => {
    for (const client of [superuser, owner, ledger.pool])
      await expect(client.query(sql, [dossier])).rejects.toMatchObject(REFUSED);
  });

  // Break: SET search_path in the migration's functions.
  it('does not believe an order that is none of the log’s', async () => {
    const forged = await connected(ledger.database.superuserUrl);
    await forged.query('CREATE TEMPORARY TABLE event (LIKE public.event)');
    await forged.query(
      `INSERT INTO pg_temp.event SELECT dossier_id, 9, id, stream_kind, stream_id, 9, 'PayloadRedacted', 1, recorded_at, recorded_by, correlation_id, NULL, '{"sequences": [2]}'
         FROM public.event WHERE dossier_id = $1 AND sequence = 1`,
      [dossier],
    );
    const sql = 'UPDATE public.event SET data = NULL WHERE dossier_id = $1 AND sequence = 2';
    await expect(forged.query(sql, [dossier])).rejects.toMatchObject(REFUSED);
    await forged.query('SELECT public.erase_redacted($1, 9)', [dossier]);
    await forged.end();
    expect((await payloads())[1]).not.toBeNull();
  });

  it('lets nobody erase but by its own order: strangers may not even ask', async () => {
    const { rows } = await superuser.query(
      `SELECT proacl::text AS rights FROM pg_proc WHERE proname = 'erase_redacted' AND proacl::text ~ '(^|[{,])='`,
    );
    expect(rows).toEqual([]);
  });
});
