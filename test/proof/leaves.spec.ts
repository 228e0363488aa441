import canonicalize from 'canonicalize';
import { createHash, randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { LEDGER, LeavesProjection } from '../../src/ledger/proof/leaves-projection.js';
import { Pace } from '../../src/ledger/pace.js';
import { ProjectionBuilds } from '../../src/ledger/projection-builds.js';
import { Projector } from '../../src/ledger/projector.js';
import { EventLog } from '../../src/ledger/event-log.js';
import {
  anAppend,
  anEvent,
  manyEvents,
  PROVENANCE,
  tamper,
  TestLedger,
  times,
} from '../ledger/test-ledger.js';
import { hashLeaf, tileHashes, tilesOf } from './verifier.js';

let ledger: TestLedger;
let database: DataSource;
let superuser: Client;
let dossier: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
  database = await ledger.dataSource();
  superuser = await ledger.superuser();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

interface LeafRow {
  readonly sequence: number;
  readonly salt: Buffer;
  readonly payload_hash: Buffer;
  readonly leaf_hash: Buffer;
}

const now = (): string => ledger.clock.now();
const projector = (vocabulary = new EventLog(ledger.pool)): Projector =>
  new Projector(database, vocabulary, now);
const leavesProjection = (): LeavesProjection => new LeavesProjection({ random: randomBytes });
const builds = (): ProjectionBuilds => new ProjectionBuilds(database, now);

async function catchUp(by = projector(), projection = leavesProjection()): Promise<string> {
  for (;;) {
    const outcome = await by.step(dossier, projection);
    if (outcome !== 'more') return outcome;
  }
}

async function leaves(): Promise<LeafRow[]> {
  const { rows } = await ledger.pool.query<LeafRow>(
    'SELECT sequence::int, salt, payload_hash, leaf_hash FROM ledger_leaf WHERE dossier_id = $1 ORDER BY sequence',
    [dossier],
  );
  return rows;
}

/** What docs/proof.md says an event's entry is, by a library for RFC 8785 and from the row itself. */
async function entries(): Promise<string[]> {
  const { rows } = await ledger.pool.query(
    `SELECT e.*, e.data::text AS payload, l.salt FROM event e JOIN ledger_leaf l USING (dossier_id, sequence) WHERE dossier_id = $1 ORDER BY sequence`,
    [dossier],
  );
  return rows.map(
    (row) =>
      canonicalize({
        type: row.type,
        streamVersion: row.stream_version,
        stream: `${row.stream_kind}/${row.stream_id}`,
        sequence: Number(row.sequence),
        schemaVersion: row.schema_version,
        recordedBy: row.recorded_by,
        recordedAt: row.recorded_at.toISOString(),
        payloadHash: createHash('sha256').update(row.salt).update(row.payload).digest('base64'),
        id: row.id,
        dossier,
        correlationId: row.correlation_id,
        causationId: row.causation_id,
      }) ?? '',
  );
}

async function storedTiles(): Promise<Map<string, Buffer>> {
  const { rows } = await ledger.pool.query<{ level: number; index: string; hashes: Buffer }>(
    'SELECT level, index, hashes FROM ledger_tile WHERE dossier_id = $1',
    [dossier],
  );
  return new Map(rows.map(({ level, index, hashes }) => [`${level}/${index}`, hashes]));
}

describe('the leaf of an event', () => {
  // Break: leave the salt out of payloadHash; give entryOf the schema version that the event was upcast to; order its keys otherwise.
  it('is the hash of its envelope as canonical JSON, with a salted hash of its payload as it is stored', async () => {
    const odd = { data: { 'ä"\n\u2028😀': [1e21, -0, 0.1], b: 'é' } };
    await ledger.appender().append(dossier, anAppend(uuidv7(), 1, odd));
    await ledger.appender().append(dossier, {
      events: [anEvent(uuidv7(), 1, { type: 'Ünknown "type"\u007f', schemaVersion: 3 })],
      provenance: { recordedBy: 'Zoë\t"', correlationId: uuidv7(), causationId: uuidv7() },
    });
    await ledger.pool.query(
      `INSERT INTO event SELECT dossier_id, 3, gen_random_uuid(), stream_kind, gen_random_uuid(), 1, type, 1, recorded_at, recorded_by,
         correlation_id, NULL, '{ "a" :  1,"a":2 }' FROM event WHERE dossier_id = $1 AND sequence = 1`,
      [dossier],
    );
    await catchUp();
    const rows = await leaves();
    expect(rows.map(({ leaf_hash }) => leaf_hash)).toEqual((await entries()).map(hashLeaf));
    expect(new Set(rows.map(({ salt }) => salt.toString('hex'))).size).toBe(3);
    expect(rows.every(({ salt }) => salt.length === 16)).toBe(true);
  });

  // Break: leave out takesAsStored in LeavesProjection.
  it('is made of an event that this code does not understand, too', async () => {
    await ledger.appender().append(dossier, manyEvents(2));
    const knowing = new EventLog(ledger.pool, { types: new Set(['something-else']), upcasters: {} });
    await catchUp(projector(knowing));
    expect((await leaves()).map(({ leaf_hash }) => leaf_hash)).toEqual((await entries()).map(hashLeaf));
  });

  // Break: leave ledger_leaf out of APPEND_ONLY in the migration.
  it('stays', async () => {
    await ledger.appender().append(dossier, anAppend());
    await catchUp();
    for (const sql of [
      'UPDATE ledger_leaf SET salt = NULL',
      'DELETE FROM ledger_leaf',
      'DELETE FROM ledger_tile',
    ])
      await expect(superuser.query(sql)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('tiles', () => {
  // Break: gained() without "- before"; grown() with WIDTH hashes left in the partial tile.
  it('hold the hashes of full tiles below them, in whatever steps the leaves come', async () => {
    for (const count of [1, 254, 1, 1, 700, 67, 300]) {
      await ledger.appender().append(dossier, manyEvents(count));
      await catchUp();
    }
    const hashes = (await leaves()).map(({ leaf_hash }) => leaf_hash);
    const expected = tilesOf(hashes.length).filter(({ level }) => level > 0);
    expect(await storedTiles()).toEqual(
      new Map(expected.map((tile) => [`${tile.level}/${tile.index}`, tileHashes(tile, hashes)])),
    );
    expect(expected).toEqual([{ level: 1, index: 0, width: 5 }]);
  });

  // Break: the trigger ledger_tile_only_grows.
  it('only grow', async () => {
    await ledger.appender().append(dossier, manyEvents(256));
    await catchUp();
    const change = `UPDATE ledger_tile SET hashes = '\\x${'00'.repeat(64)}' WHERE dossier_id = '${dossier}'`;
    await expect(superuser.query(change)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('making leaves', () => {
  // Break: lockLiveBuild and the row lock in ProjectionBuilds.lock.
  it('happens once, however many processes and builds are at it', async () => {
    await ledger.appender().append(dossier, manyEvents(1_100));
    await builds().open(dossier, leavesProjection());
    await builds().start(dossier, leavesProjection());
    await Promise.all(times(4, () => catchUp()));
    await catchUp();
    const rows = await leaves();
    expect(rows.map(({ sequence }) => sequence)).toEqual(times(1_100, (index) => index + 1));
    expect(rows.map(({ leaf_hash }) => leaf_hash)).toEqual((await entries()).map(hashLeaf));
    const failures = await database.query(
      'SELECT failure FROM projection_build WHERE failure IS NOT NULL AND dossier_id = $1',
      [dossier],
    );
    expect(failures).toEqual([]);
  });

  /** In a transaction of its own. */
  async function applying(
    projection: LeavesProjection,
  ): Promise<{ run: () => Promise<void>; runner: QueryRunner }> {
    const runner = database.createQueryRunner();
    await runner.startTransaction();
    const connection = await runner.connect();
    const target = { dossier, build: 1, manager: runner.manager, connection, log: new EventLog(connection) };
    const events = await target.log.stored().read(dossier, 0, 500);
    return { run: () => projection.apply(events, target), runner };
  }

  // Break: take the remembered edge without asking endsWith.
  it.each([
    ['another process', leavesProjection()],
    ['itself', null],
  ])(
    'goes on from what is stored where what this process made was undone, and made by %s',
    async (_, other) => {
      const projection = leavesProjection();
      await ledger.appender().append(dossier, manyEvents(255));
      const { run, runner } = await applying(projection);
      await run();
      await runner.rollbackTransaction();
      await runner.release();
      await catchUp(projector(), other ?? projection);
      await ledger.appender().append(dossier, manyEvents(10));
      await catchUp(projector(), projection);
      const hashes = (await leaves()).map(({ leaf_hash }) => leaf_hash);
      expect((await storedTiles()).get('1/0')).toEqual(tileHashes({ level: 1, index: 0, width: 1 }, hashes));
    },
  );

  // Break: lockLiveBuild().
  it('waits for whoever is at it', async () => {
    await builds().open(dossier, leavesProjection());
    await ledger.appender().append(dossier, manyEvents(3));
    const [one, other] = [await applying(leavesProjection()), await applying(leavesProjection())];
    await one.run();
    const made = other.run();
    await one.runner.commitTransaction();
    await made;
    await other.runner.commitTransaction();
    for (const { runner } of [one, other]) await runner.release();
    expect(await leaves()).toHaveLength(3);
  });

  it('is not undone with the build that it was for', async () => {
    await ledger.appender().append(dossier, manyEvents(1));
    await catchUp();
    await expect(leavesProjection().clear()).resolves.toBeUndefined();
    expect(await leaves()).toHaveLength(1);
  });

  // Break: return from checkLeaves before its comparison.
  it.each([
    ['an event', `UPDATE event SET recorded_by = 'another'`],
    ['a payload', `UPDATE event SET data = '{"x": 1}'`],
    ['a salt', `UPDATE ledger_leaf SET salt = decode(repeat('00', 16), 'hex')`],
    ['a leaf', `UPDATE ledger_leaf SET leaf_hash = decode(repeat('00', 32), 'hex')`],
    ['a missing leaf', 'DELETE FROM ledger_leaf'],
    ['the last event', `UPDATE event SET recorded_by = 'another'`, 3],
  ])('again, as an operator may ask for, finds %s that was tampered with', async (_, sql, sequence = 2) => {
    await ledger.appender().append(dossier, manyEvents(3));
    await catchUp();
    await tamper(superuser, `${sql} WHERE dossier_id = '${dossier}' AND sequence = ${sequence}`);
    await builds().start(dossier, leavesProjection());
    expect(await catchUp()).toBe('stopped');
    const [{ failure }] = await database.query(
      `SELECT failure FROM projection_build WHERE dossier_id = $1 AND name = $2 AND status = 'building'`,
      [dossier, LEDGER],
    );
    expect(failure).toMatchObject({ sequence });
  });

  // Break: the comparison of the first sequence in apply(); rowCount in growTile().
  it.each([
    [
      'a leaf is gone',
      'DELETE FROM ledger_leaf WHERE sequence = 255 AND',
      'The leaf before event 256 is missing.',
    ],
    ['a tile is gone', 'DELETE FROM ledger_tile WHERE', 'Tile 1/0 has not 1 hashes.'],
    [
      'a tile has grown',
      'UPDATE ledger_tile SET hashes = hashes || hashes WHERE',
      'Tile 1/0 has not 1 hashes.',
    ],
  ])('does not go on where %s', async (_, sql, message) => {
    const [projection, isLeaf] = [leavesProjection(), sql.includes('ledger_leaf')];
    await ledger.appender().append(dossier, manyEvents(isLeaf ? 255 : 256));
    await catchUp(projector(), projection);
    await tamper(superuser, `${sql} dossier_id = '${dossier}'`);
    await ledger.appender().append(dossier, manyEvents(256));
    expect(await catchUp(projector(), projection)).toBe('stopped');
    const [{ failure }] = await database.query('SELECT failure FROM projection_build WHERE dossier_id = $1', [
      dossier,
    ]);
    expect(failure.error).toContain(message);
    expect((await leaves()).at(-1)?.sequence).toBe(isLeaf ? 254 : 511);
  });

  // Break: carryOut().
  it('carries out what these events order erased, and nothing before its leaf is made', async () => {
    await ledger.appender().append(dossier, manyEvents(2, { secret: 1 }));
    const data = { sequences: [1], reason: 'A court says so.', basis: null };
    await ledger.appender().append(dossier, {
      events: [anEvent(uuidv7(), 1, { type: 'PayloadRedacted', data })],
      provenance: PROVENANCE,
    });
    const before = await ledger.log.stored().read(dossier, 0, 3);
    await catchUp();
    const { rows } = await ledger.pool.query(
      'SELECT e.data IS NULL AS erased, l.salt IS NULL AS unsalted FROM event e JOIN ledger_leaf l USING (dossier_id, sequence) WHERE dossier_id = $1 ORDER BY sequence',
      [dossier],
    );
    expect(rows).toEqual([true, false, false].map((erased) => ({ erased, unsalted: erased })));
    expect(before[0]?.data).toBe('{"secret":1}');
  });

  it('happens by prepared statements, and is told of while it does', async () => {
    const told: string[] = [];
    const projection = new LeavesProjection({ random: randomBytes, made: (id) => told.push(id) });
    await ledger.appender().append(dossier, manyEvents(512));
    const connection = await ledger.superuser();
    const target = {
      dossier,
      build: 1,
      manager: database.manager,
      connection,
      log: new EventLog(connection),
    };
    for (const count of [256, 256, 0]) {
      const after = (await leaves()).length;
      await projection.apply(await target.log.stored().read(dossier, after, count), target);
    }
    expect(told).toEqual([dossier, dossier]);
    const { rows } = await connection.query<{ name: string }>('SELECT name FROM pg_prepared_statements');
    expect(rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...['ledger lock', 'ledger leaves', 'ledger begin tile', 'ledger grow tile']]),
    );
  });

  // Break: manners in LeavesProjection.
  it('makes way for appends longer than others do', async () => {
    const [pace, going] = [new Pace(leavesProjection().manners), new AbortController()];
    pace.grown(dossier);
    const rested = pace.rest(dossier, going.signal).then(() => 'rested');
    const soon = new Promise((resolve) => setTimeout(() => resolve('not yet'), 100));
    expect(await Promise.race([rested, soon])).toBe('not yet');
    going.abort();
    expect(await rested).toBe('rested');
  });

  // Break: synchronous_commit off for durable projections, too.
  it('is durable: salts cannot be drawn again', async () => {
    const seen: string[] = [];
    const projection = Object.assign(leavesProjection(), {
      apply: async (_: unknown, { manager }: { manager: { query: DataSource['query'] } }) => {
        seen.push((await manager.query('SHOW synchronous_commit'))[0].synchronous_commit);
      },
    });
    await ledger.appender().append(dossier, { events: [anEvent(uuidv7())], provenance: PROVENANCE });
    await projector().step(dossier, projection);
    expect(seen).toEqual(['on']);
  });
});
