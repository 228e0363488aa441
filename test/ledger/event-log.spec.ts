import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { RecordedEvent } from '../../src/ledger/event.js';
import { EventLog } from '../../src/ledger/event-log.js';
import type { Vocabulary } from '../../src/ledger/upcasting.js';
import { anAppend, anEvent, manyEvents, PROVENANCE, TestLedger, times } from './test-ledger.js';

let ledger: TestLedger;
let dossier: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

/** Text that no compression makes shorter by much. */
function incompressible(length: number, seed: number): string {
  const lines = times(Math.ceil(length / 128), (index) =>
    createHash('sha512').update(`${seed} ${index}`).digest('hex'),
  );
  return lines.join('').slice(0, length);
}

const sequences = (events: readonly RecordedEvent[]): number[] => events.map(({ sequence }) => sequence);

async function append(...events: Parameters<typeof anEvent>[]): Promise<void> {
  const [first, ...others] = events.map((each) => anEvent(...each));
  if (first === undefined) return;
  await ledger.appender().append(dossier, { events: [first, ...others], provenance: PROVENANCE });
}

describe('a log', () => {
  it('is read in pages, in order, to its end', async () => {
    await ledger.appender().append(dossier, manyEvents(25));
    const { log } = ledger;
    expect(sequences(await log.read(dossier, 0, 10))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(sequences(await log.read(dossier, 20, 10))).toEqual([21, 22, 23, 24, 25]);
    expect(await log.read(dossier, 25, 10)).toEqual([]);
    expect(await log.read(dossier, 99, 10)).toEqual([]);
  });

  // Break: the condition on `size` in EventLog.page, or `isLast` by the number of events alone.
  it('is read in shorter pages where events are long, at least one in each, and none is left out', async () => {
    const lengths = [10, 400_000, 10, 400_000, 300_000, 10, 3_000_000, 10];
    await append(
      ...lengths.map(
        (length, index) => [uuidv7(), 1, { data: incompressible(length, index) }] as [string, number, object],
      ),
    );
    const pages: number[][] = [];
    for (let [after, isLast] = [0, false]; !isLast;) {
      const page = await ledger.log.page(dossier, after, 100);
      pages.push(sequences(page.events));
      [after, isLast] = [page.events.at(-1)?.sequence ?? NaN, page.isLast];
    }
    expect(pages).toEqual([[1, 2, 3, 4, 5], [6, 7], [8]]);
    expect(sequences(await ledger.log.read(dossier, 0, 6))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sequences(await ledger.log.read(dossier, 0, 7))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(sequences(await ledger.log.stored().read(dossier, 1, 100))).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });

  it('is told to be at its end only where it is', async () => {
    await ledger.appender().append(dossier, manyEvents(5));
    const isLast = async (after: number, limit: number): Promise<boolean> =>
      (await ledger.log.page(dossier, after, limit)).isLast;
    expect(await Promise.all([isLast(0, 4), isLast(0, 6), isLast(3, 3), isLast(5, 1)])).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('is read of some types only, paged by sequence all the same', async () => {
    await append(
      ...times(12, (index) => [uuidv7(), 1, { type: `type-${index % 3}` }] as [string, number, object]),
    );
    const { log } = ledger;
    expect(sequences(await log.read(dossier, 0, 3, ['type-0']))).toEqual([1, 4, 7]);
    expect(sequences(await log.read(dossier, 7, 3, ['type-0', 'type-2']))).toEqual([9, 10, 12]);
    expect(await log.read(dossier, 0, 3, [])).toEqual([]);
  });

  it('has a head: null without a dossier, 0 and no instant while it is empty', async () => {
    expect(await ledger.log.head(uuidv7())).toBeNull();
    expect(await ledger.log.head(dossier)).toMatchObject({ sequence: 0, recordedAt: null });
    await ledger.appender().append(dossier, manyEvents(3));
    expect(await ledger.log.head(dossier)).toMatchObject({ sequence: 3, recordedAt: ledger.clock.now() });
  });

  it('gives the cast without the rest', async () => {
    const kinds = [
      'dossier',
      'party',
      'statement',
      'speaker',
      'topic',
      'assessment',
      'source',
      'source-text',
    ];
    await append(...kinds.map((streamKind) => [uuidv7(), 1, { streamKind }] as [string, number, object]));
    expect((await ledger.log.readCast(dossier, 0)).map(({ streamKind }) => streamKind)).toEqual([
      'party',
      'speaker',
      'topic',
      'source',
    ]);
    expect(sequences(await ledger.log.readCast(dossier, 4))).toEqual([5, 7]);
    expect(await ledger.log.head(dossier)).toMatchObject({ sequence: 8, castSequence: 7 });
  });

  it('gives streams whole, or as they were at a sequence', async () => {
    const [one, two, three] = [uuidv7(), uuidv7(), uuidv7()] as [string, string, string];
    await append([one], [two], [one, 2], [three], [two, 2], [one, 3]);
    const read = async (streams: string[], upTo?: number): Promise<(string | number)[][]> =>
      (await ledger.log.readStreams(dossier, streams, upTo)).map(({ streamId, streamVersion }) => [
        streamId,
        streamVersion,
      ]);
    expect(await read([two, one])).toEqual([
      [one, 1],
      [one, 2],
      [one, 3],
      [two, 1],
      [two, 2],
    ]);
    expect(await read([one, two], 3)).toEqual([
      [one, 1],
      [one, 2],
      [two, 1],
    ]);
    expect(await read([uuidv7()])).toEqual([]);
    expect(await read([])).toEqual([]);
  });

  // Break: a `name` of a query in EventLog or of CALL in append-batch; the server then parses and plans it each time.
  it('is asked in statements that each connection prepares once', async () => {
    const pool = new Pool({ connectionString: ledger.database.serviceUrl, max: 1 });
    const log = new EventLog(pool);
    await ledger.appender({ pool }).append(dossier, anAppend());
    await log.head(dossier);
    await log.read(dossier, 0, 10);
    await log.read(dossier, 0, 10, ['something-happened']);
    await log.readCast(dossier, 0);
    await log.readStreams(dossier, [uuidv7()]);
    await log.claimed(dossier, ['party/p']);
    await log.claimsOf(dossier, [uuidv7()]);
    await log.answered(dossier, ['k']);
    await log.sequenceKnownAt(dossier, ledger.clock.now());
    await log.stored().read(dossier, 0, 10);
    const { rows } = await pool.query<{ name: string }>('SELECT name FROM pg_prepared_statements');
    expect(rows.map(({ name }) => name).sort()).toEqual([
      'append_events',
      'claims',
      'claims of streams',
      'events',
      'events as stored',
      'events of cast',
      'events of streams',
      'events of types',
      'head',
      'idempotency',
      'sequence known at',
    ]);
    await pool.end();
  });

  it('tells of used keys what was asked and what was answered, and of claims who bears them', async () => {
    const stream = uuidv7();
    const claims = [{ name: 'party/p', streamId: stream }];
    const idempotency = { key: 'k', fingerprint: Buffer.from('asked'), answer: '{"sequence":0}' };
    await ledger.appender().append(dossier, manyEvents(4));
    await ledger.appender().append(dossier, anAppend(stream, 1, { claims, idempotency }));
    expect(await ledger.log.claimed(dossier, ['party/p', 'party/q'])).toEqual(new Map([['party/p', stream]]));
    const answered = { first: 5, recordedAt: ledger.clock.now(), answer: { sequence: 0 } };
    expect(await ledger.log.answered(dossier, ['k', 'l'])).toEqual(
      new Map([['k', { fingerprint: Buffer.from('asked'), ...answered }]]),
    );
  });

  it('tells which name each stream claimed, of several the first in order', async () => {
    const [one, two, three] = [uuidv7(), uuidv7(), uuidv7()] as [string, string, string];
    const claims = ['party/b', 'party/a', 'party/c'].map((name) => ({ name, streamId: one }));
    await ledger.appender().append(dossier, anAppend(one, 1, { claims }));
    await ledger
      .appender()
      .append(dossier, anAppend(two, 1, { claims: [{ name: 'party/d', streamId: two }] }));
    expect(await ledger.log.claimsOf(dossier, [one, three])).toEqual(new Map([[one, 'party/a']]));
    expect(await ledger.log.claimsOf(await ledger.newDossier(), [one, two])).toEqual(new Map());
  });

  it('is not asked about no names and no streams', async () => {
    const closed = new Pool({ connectionString: ledger.database.serviceUrl });
    await closed.end();
    expect(await new EventLog(closed).claimed(dossier, [])).toEqual(new Map());
    expect(await new EventLog(closed).claimsOf(dossier, [])).toEqual(new Map());
  });

  it('shows nothing of another dossier', async () => {
    const other = await ledger.newDossier();
    const stream = uuidv7();
    const claims = [{ name: 'party/p', streamId: stream }];
    await ledger.appender().append(other, anAppend(stream, 1, { claims }));
    expect(await ledger.log.read(dossier, 0, 10)).toEqual([]);
    expect(await ledger.log.readStreams(dossier, [stream])).toEqual([]);
    expect(await ledger.log.claimed(dossier, ['party/p'])).toEqual(new Map());
  });
});

describe('the sequence known at an instant', () => {
  it('is the last one recorded at or before it, as a naive search finds', async () => {
    const steps = fc.array(fc.integer({ min: -2_000, max: 5_000 }), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(steps, fc.array(fc.integer({ min: -5_000, max: 60_000 })), async (moves, asked) => {
        dossier = await ledger.newDossier();
        const start = ledger.clock.instant;
        for (const move of moves) {
          ledger.clock.move(move);
          await ledger.appender().append(dossier, anAppend());
        }
        const recorded = (await ledger.log.read(dossier, 0, 100)).map(({ recordedAt }) =>
          Date.parse(recordedAt),
        );
        for (const instant of [...recorded, ...asked.map((offset) => start + offset)]) {
          const known = await ledger.log.sequenceKnownAt(dossier, new Date(instant).toISOString());
          expect(known).toBe(recorded.findLastIndex((each) => each <= instant) + 1);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is 0 where there is no dossier', async () => {
    expect(await ledger.log.sequenceKnownAt(uuidv7(), ledger.clock.now())).toBe(0);
  });
});

describe('an old event', () => {
  const vocabulary: Vocabulary = {
    types: new Set(['name-given', 'never-changed']),
    upcasters: {
      'name-given': {
        1: (data) => ({ names: [(data as { name: string }).name.trim()] }),
        2: (data) => ({ ...(data as object), language: 'en' }),
      },
    },
  };

  // Break: the loop in upcast (let it take one step).
  it('is upcast through every version since, whichever way it is read', async () => {
    const stream = uuidv7();
    const type = 'name-given';
    await append(
      [stream, 1, { type, streamKind: 'party', schemaVersion: 1, data: { name: 'Ann' } }],
      [stream, 2, { type, streamKind: 'party', schemaVersion: 2, data: { names: ['Bo'] } }],
      [stream, 3, { type, streamKind: 'party', schemaVersion: 3, data: { names: ['Cy'], language: 'de' } }],
    );
    const log = new EventLog(ledger.pool, vocabulary);
    const expected = [
      { schemaVersion: 3, data: { names: ['Ann'], language: 'en' }, obscure: null },
      { schemaVersion: 3, data: { names: ['Bo'], language: 'en' } },
      { schemaVersion: 3, data: { names: ['Cy'], language: 'de' } },
    ];
    expect(await log.read(dossier, 0, 10)).toMatchObject(expected);
    expect(await log.readCast(dossier, 0)).toMatchObject(expected);
    expect(await log.readStreams(dossier, [stream])).toMatchObject(expected);
    expect(await log.through(ledger.pool).read(dossier, 0, 10)).toMatchObject(expected);
  });

  // Break: any of the three returns of `obscure` in upcast, or its catch.
  it('of an unknown type, of a version from the future, or that cannot be upcast comes through untouched, with the reason', async () => {
    const given: [string, number, unknown][] = [
      ['unheard-of', 1, { a: [1] }],
      ['name-given', 9, { b: null }],
      ['never-changed', 2, { c: '' }],
      ['constructor', 1, {}],
      ['name-given', 1, { name: 7 }],
      ['name-given', 0, {}],
      ['never-changed', 1, { understood: true }],
    ];
    await append(
      ...given.map(
        ([type, schemaVersion, data]) =>
          [uuidv7(), 1, { type, schemaVersion, data }] as Parameters<typeof anEvent>,
      ),
    );
    const read = await new EventLog(ledger.pool, vocabulary).read(dossier, 0, 10);
    expect(read.map(({ type, schemaVersion, data }) => [type, schemaVersion, data])).toEqual(given);
    expect(read.map(({ obscure }) => obscure)).toEqual([
      'unknown type of event',
      'schema version 9, of which this code knows 3',
      'schema version 2, of which this code knows 1',
      'unknown type of event',
      expect.stringMatching(/^cannot be upcast: /),
      'schema version 0, from which no upcaster leads on',
      null,
    ]);
  });
});
