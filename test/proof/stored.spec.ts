import type { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createPool } from '../../src/database/data-source.js';
import type { RecordedEvent } from '../../src/ledger/event.js';
import type { Connection } from '../../src/ledger/event-log.js';
import { checkpointText, type Checkpoint } from '../../src/ledger/proof/checkpoint.js';
import { Checkpoints } from '../../src/ledger/proof/checkpoints.js';
import { entryOf, payloadHash } from '../../src/ledger/proof/entry.js';
import { leafHash } from '../../src/ledger/proof/hashing.js';
import { LoggedEntries } from '../../src/ledger/proof/logged-entries.js';
import { noteOf } from '../../src/ledger/proof/note.js';
import { checkLeaves } from '../../src/ledger/proof/recomputed.js';
import { LedgerDamaged, StoredTree } from '../../src/ledger/proof/stored-tree.js';
import { anAppend, manyEvents, tamper, TestLedger, times } from '../ledger/test-ledger.js';
import { hashLeaf, merkleTreeHash } from './verifier.js';

let ledger: TestLedger;
let superuser: Client;
let dossier: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
  superuser = await ledger.superuser();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

const leaf = (number: number): Buffer => hashLeaf(`leaf ${number}`);

/** Leaves of these sequences, whatever their events. */
async function storeLeaves(sequences: readonly number[], of = dossier): Promise<void> {
  await ledger.pool.query(
    `INSERT INTO ledger_leaf (dossier_id, sequence, payload_hash, leaf_hash)
     SELECT $1, l.* FROM unnest($2::bigint[], $3::bytea[], $4::bytea[]) AS l`,
    [of, sequences, sequences.map(() => Buffer.alloc(32)), sequences.map(leaf)],
  );
}

async function storeTile(level: number, index: number, hashes: readonly Buffer[]): Promise<void> {
  await ledger.pool.query('INSERT INTO ledger_tile VALUES ($1, $2, $3, $4)', [
    dossier,
    level,
    index,
    Buffer.concat(hashes),
  ]);
}

/** What a connection has prepared, so that it is planned once. */
async function prepared(run: (connection: Connection) => Promise<unknown>): Promise<string[]> {
  const connection = await ledger.superuser();
  await run(connection);
  const { rows } = await connection.query<{ name: string }>(
    'SELECT name FROM pg_prepared_statements ORDER BY name',
  );
  return rows.map(({ name }) => name);
}

describe('the stored hashes of a log', () => {
  const tree = (): StoredTree => new StoredTree(ledger.pool, dossier);

  it('have no last leaf before the first', async () => {
    await storeLeaves([1, 2], await ledger.newDossier());
    expect(await tree().last()).toBeNull();
    await storeLeaves([1, 2]);
    expect(await tree().last()).toEqual({ sequence: 2, hash: leaf(2) });
  });

  it('are leaves, tile by tile, and above them tiles', async () => {
    await storeLeaves([256, 257, 258, 259]);
    const nodes = [leaf(-1), leaf(-2)];
    await storeTile(1, 0, nodes);
    expect(await tree().tile({ level: 0, index: 1, width: 2 })).toEqual(
      Buffer.concat([leaf(257), leaf(258)]),
    );
    expect(await tree().tile({ level: 1, index: 0, width: 1 })).toEqual(leaf(-1));
    expect(await tree().tile({ level: 1, index: 0, width: 2 })).toEqual(Buffer.concat(nodes));
  });

  it.each([
    [{ level: 0, index: 0, width: 3 }, 'Tile 0/0 has 2 hashes of 3.'],
    [{ level: 0, index: 1, width: 1 }, 'Tile 0/1 has 0 hashes of 1.'],
    [{ level: 1, index: 0, width: 3 }, 'Tile 1/0 has 1 hashes of 3.'],
    [{ level: 1, index: 1, width: 1 }, 'Tile 1/1 has 0 hashes of 1.'],
  ])('are damaged where they are fewer than asked for: %j', async (range, message) => {
    await storeLeaves([1, 2]);
    await storeTile(1, 0, [leaf(-1)]);
    const failed = tree().tile(range);
    await expect(failed).rejects.toThrow(LedgerDamaged);
    await expect(failed).rejects.toMatchObject({ name: 'LedgerDamaged', message });
  });

  // Break: the power or the sum in frontier().
  it('give the right edge of a tree on three levels', async () => {
    const [whole, first, second] = [leaf(-1), leaf(-2), leaf(-3)];
    await storeLeaves(times(3, (index) => 65_536 + 512 + index + 1));
    await storeTile(1, 1, [first, second, leaf(-4)]);
    await storeTile(2, 0, [whole, leaf(-5)]);
    const below = merkleTreeHash([66_049, 66_050, 66_051].map(leaf));
    const right = merkleTreeHash([merkleTreeHash([first, second]), below]);
    const { size, root } = await tree()
      .frontier(66_051)
      .then((frontier) => ({ size: frontier.size, root: frontier.root() }));
    expect(size).toBe(66_051);
    expect(root).toEqual(merkleTreeHash([whole, right]));
    expect((await tree().frontier(65_536)).root()).toEqual(whole);
    expect((await tree().frontier(0)).root()).toEqual(merkleTreeHash([]));
  });

  it('are read by prepared statements', async () => {
    await storeLeaves([1]);
    await storeTile(1, 0, [leaf(-1)]);
    const names = await prepared(async (connection) => {
      const stored = new StoredTree(connection, dossier);
      await stored.last();
      for (const level of [0, 1]) await stored.tile({ level, index: 0, width: 1 });
    });
    expect(names).toEqual(['ledger last leaf', 'ledger leaves of tile', 'ledger tile']);
  });
});

/** Makes leaves of these events, as they are stored, and returns the events. */
async function makeLeaves(...sequences: number[]): Promise<RecordedEvent[]> {
  const events = (await ledger.log.stored().read(dossier, 0, 500)).filter(({ sequence }) =>
    sequences.includes(sequence),
  );
  for (const event of events) {
    const salt = Buffer.alloc(16, event.sequence);
    const payload = payloadHash(salt, String(event.data));
    const hash = leafHash(entryOf(dossier, event, payload));
    await ledger.pool.query('INSERT INTO ledger_leaf VALUES ($1, $2, $3, $4, $5)', [
      dossier,
      event.sequence,
      salt,
      payload,
      hash,
    ]);
  }
  return events;
}

describe('the entries of a log', () => {
  const entries = (): LoggedEntries => new LoggedEntries(ledger.pool);

  beforeEach(async () => {
    await ledger.appender().append(dossier, manyEvents(5, { a: 'ä' }));
  });

  it('are read in order, after a number, so many as are asked for, as far as there are leaves', async () => {
    await makeLeaves(1, 2, 3, 4);
    const all = await entries().read(dossier, 0, 10);
    expect(all.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    for (const { sequence, entry, leafHash: hash, payload } of all) {
      expect(hashLeaf(entry)).toEqual(hash);
      expect(JSON.parse(entry)).toMatchObject({ dossier, sequence });
      expect(payload).toEqual({ text: '{"a":"ä"}', salt: Buffer.alloc(16, sequence) });
    }
    expect(await entries().read(dossier, 1, 2)).toEqual(all.slice(1, 3));
    expect(await entries().one(dossier, 3)).toEqual(all[2]);
  });

  it('are without their payload where it was redacted', async () => {
    await makeLeaves(1);
    await tamper(superuser, `UPDATE ledger_leaf SET salt = NULL WHERE dossier_id = '${dossier}'`);
    expect((await entries().one(dossier, 1)).payload).toBeNull();
  });

  it('are read without those whose event or leaf is gone', async () => {
    await makeLeaves(1, 3, 4);
    await tamper(superuser, `DELETE FROM event WHERE dossier_id = '${dossier}' AND sequence = 3`);
    expect((await entries().read(dossier, 0, 10)).map(({ sequence }) => sequence)).toEqual([1, 4]);
    expect((await entries().read(dossier, 1, 2)).map(({ sequence }) => sequence)).toEqual([4]);
  });

  it.each([
    ['without a leaf', 2, `SELECT`, 'Event 2 or its leaf is missing.'],
    ['that is gone', 1, `DELETE FROM event WHERE sequence = 1 AND`, 'Event 1 or its leaf is missing.'],
    [
      'that was changed',
      1,
      `UPDATE event SET recorded_by = 'x' WHERE sequence = 1 AND`,
      'Event 1 is not the one that its leaf was made of.',
    ],
  ])('do not tell of an event %s', async (_, sequence, sql, message) => {
    await makeLeaves(1, 3);
    if (sql !== 'SELECT') await tamper(superuser, `${sql} dossier_id = '${dossier}'`);
    const failed = entries().one(dossier, sequence);
    await expect(failed).rejects.toThrow(LedgerDamaged);
    await expect(failed).rejects.toThrow(message);
  });

  it('are read by a prepared statement', async () => {
    expect(await prepared((connection) => new LoggedEntries(connection).read(dossier, 0, 1))).toContain(
      'ledger entries',
    );
  });
});

describe('the leaves of events', () => {
  const change = (sql: string): Promise<void> =>
    tamper(superuser, `${sql} WHERE dossier_id = '${dossier}' AND sequence = 2`);
  const check = async (connection: Connection = ledger.pool): Promise<Buffer[]> =>
    checkLeaves(connection, dossier, await ledger.log.stored().read(dossier, 0, 3));

  beforeEach(async () => {
    await ledger.appender().append(dossier, manyEvents(3));
    await makeLeaves(1, 2, 3);
  });

  it('follow from them', async () => {
    const { rows } = await ledger.pool.query<{ leaf_hash: Buffer }>(
      'SELECT leaf_hash FROM ledger_leaf WHERE dossier_id = $1 ORDER BY sequence',
      [dossier],
    );
    expect(await check()).toEqual(rows.map((row) => row.leaf_hash));
  });

  it('are not looked for where there are no events', async () => {
    const ended = createPool(ledger.database.serviceUrl);
    await ended.end();
    expect(await checkLeaves(ended, dossier, [])).toEqual([]);
  });

  it('are not compared with a payload that was redacted', async () => {
    await change('UPDATE event SET data = NULL');
    await change('UPDATE ledger_leaf SET salt = NULL');
    expect(await check()).toHaveLength(3);
    await change(`UPDATE ledger_leaf SET payload_hash = decode(repeat('00', 32), 'hex')`);
    await expect(check()).rejects.toThrow('Event 2 is not the one that its leaf was made of.');
  });

  it.each([
    ['DELETE FROM ledger_leaf', 'Event 2 has no leaf.'],
    [
      'UPDATE event SET data = NULL',
      'Of the payload of event 2 and its salt, one is gone without the other.',
    ],
    ['UPDATE ledger_leaf SET salt = NULL', 'Of the payload of event 2 and its salt, one is gone'],
    [`UPDATE event SET data = '[]'`, 'The payload of event 2 is not the one that was recorded.'],
    [`UPDATE event SET recorded_by = 'x'`, 'Event 2 is not the one that its leaf was made of.'],
  ])('do not after %s', async (sql, message) => {
    await change(sql);
    await expect(check()).rejects.toThrow(LedgerDamaged);
    await expect(check()).rejects.toThrow(message);
  });

  it('are read by a prepared statement', async () => {
    expect(await prepared((connection) => check(connection))).toContain('ledger leaves of events');
  });
});

describe('the published checkpoints of a log', () => {
  const NOW = '2025-04-01T10:00:00.000Z';
  const KEY = Buffer.alloc(32, 7);
  const checkpoints = (): Checkpoints => new Checkpoints(ledger.pool);

  const signed = (size: number, line = '\u2014 the.log AAAAAAA='): Checkpoint => {
    const head = { size, root: Buffer.alloc(32, size) };
    return { ...head, note: noteOf(checkpointText(dossier, head), [line]), publicKey: KEY };
  };

  it('are none at first', async () => {
    expect(await checkpoints().last(dossier)).toBeNull();
    expect(await checkpoints().first(dossier)).toBeNull();
    expect(await checkpoints().of(dossier, 1)).toBeNull();
    expect(await checkpoints().after(dossier, 0, 10)).toEqual([]);
  });

  it('are found by their place', async () => {
    const all = [2, 4, 6, 8].map((size) => signed(size));
    for (const each of all.toReversed()) await checkpoints().publish(dossier, each, NOW);
    const [two, four, six, eight] = all;
    expect(await checkpoints().first(dossier)).toEqual(two);
    expect(await checkpoints().last(dossier)).toEqual(eight);
    expect(await checkpoints().of(dossier, 4)).toEqual(four);
    expect(await checkpoints().of(dossier, 5)).toBeNull();
    expect(await checkpoints().after(dossier, 2, 2)).toEqual([four, six]);
  });

  it('stay as they were published first', async () => {
    await checkpoints().publish(dossier, signed(2), NOW);
    await checkpoints().publish(dossier, signed(2, '\u2014 the.log BBBBBBB='), NOW);
    expect(await checkpoints().of(dossier, 2)).toEqual(signed(2));
  });

  it.each([
    ['is none', 'no note'],
    [
      'is of another log',
      noteOf(checkpointText(uuidv7(), { size: 2, root: KEY }), ['\u2014 the.log AAAAAAA=']),
    ],
  ])('are damaged where one %s', async (_, note) => {
    await checkpoints().publish(dossier, { ...signed(2), note }, NOW);
    const failed = checkpoints().last(dossier);
    await expect(failed).rejects.toThrow(LedgerDamaged);
    await expect(failed).rejects.toThrow('Checkpoint 2 is not one of this log.');
    await checkpoints().publish(dossier, { ...signed(3), note: signed(4).note }, NOW);
    await expect(checkpoints().last(dossier)).rejects.toThrow('Checkpoint 3 is not one of this log.');
  });

  it('bear the signatures of their witnesses, and no other’s', async () => {
    const [two, four] = [signed(2), signed(4)];
    for (const each of [two, four]) await checkpoints().publish(dossier, each, NOW);
    for (const [size, witness] of [
      [2, 'b'],
      [2, 'a'],
      [4, 'c'],
    ] as const)
      await checkpoints().cosign(dossier, { size, witness, line: `\u2014 ${witness} AAAAAAA=` }, NOW);
    await checkpoints().cosign(dossier, { size: 2, witness: 'a', line: 'too late' }, NOW);
    expect(await checkpoints().cosigned(dossier, two)).toBe(
      `${two.note}\u2014 a AAAAAAA=\n\u2014 b AAAAAAA=\n`,
    );
    await expect(checkpoints().cosigned(dossier, { ...two, note: 'none' })).rejects.toThrow(
      'Checkpoint 2 is no note.',
    );
  });

  it('are written and read by prepared statements', async () => {
    const names = await prepared(async (connection) => {
      const ours = new Checkpoints(connection);
      await ours.publish(dossier, signed(1), NOW);
      await ours.cosign(dossier, { size: 1, witness: 'a', line: '\u2014 a AAAAAAA=' }, NOW);
      await ours.cosigned(dossier, signed(1));
      await ours.first(dossier);
      await ours.last(dossier);
      await ours.of(dossier, 1);
      await ours.after(dossier, 0, 1);
    });
    expect(names.filter((name) => name.startsWith('ledger'))).toHaveLength(7);
  });
});

it('events that are appended meanwhile have no entry yet', async () => {
  await ledger.appender().append(dossier, anAppend());
  expect(await new LoggedEntries(ledger.pool).read(dossier, 0, 10)).toEqual([]);
});
