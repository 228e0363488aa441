import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { appendBatch } from '../../src/ledger/append-batch.js';
import {
  Overloaded,
  UnknownDossier,
  type Append,
  type AppendOutcome,
  type Idempotency,
} from '../../src/ledger/event.js';
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

const sequences = async (): Promise<number[]> =>
  (await ledger.log.read(dossier, 0, 100_000)).map(({ sequence }) => sequence);

const statuses = (outcomes: readonly AppendOutcome[]): string[] => outcomes.map(({ status }) => status);

/** Keeps whoever appends to the dossier waiting, so that appends gather; call the answer to let them go. */
async function holdHead(): Promise<() => Promise<void>> {
  const client = await ledger.pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM dossier_head WHERE dossier_id = $1 FOR UPDATE', [dossier]);
  return async () => {
    await client.query('COMMIT');
    client.release();
  };
}

/** The same pool, and how many queries it has been asked. */
function counted(pool: Pool): { pool: Pool; queries: () => number } {
  let queries = 0;
  const counting = new Proxy(pool, {
    get: (target, name) => {
      if (name === 'query') queries++;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { pool: counting, queries: () => queries };
}

function key(name: string, request: string, answer: unknown = { sequence: 0 }): Idempotency {
  return { key: name, fingerprint: Buffer.from(request), answer: JSON.stringify(answer) };
}

describe('sequences', () => {
  it('are 1, 2, 3 … in each dossier', async () => {
    const appender = ledger.appender();
    const other = await ledger.newDossier();
    for (const expected of [1, 2, 3])
      expect(await appender.append(dossier, anAppend())).toMatchObject({
        status: 'appended',
        first: expected,
      });
    expect(await appender.append(other, anAppend())).toMatchObject({ status: 'appended', first: 1 });
    expect(await appender.append(dossier, manyEvents(3))).toMatchObject({ status: 'appended', first: 4 });
    expect(await appender.append(dossier, anAppend())).toMatchObject({ status: 'appended', first: 7 });
    expect(await sequences()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await ledger.log.head(dossier)).toMatchObject({ sequence: 7 });
  });

  // Break: the FOR UPDATE of append_events; both then take the same sequence, and one is an error.
  it('are given by one process at a time: another one waits until it has committed', async () => {
    const client = await ledger.pool.connect();
    await client.query('BEGIN');
    await appendBatch(client, dossier, [anAppend(), anAppend()], ledger.clock.now());
    const waiting = ledger.appender({ pool: ledger.anotherPool() }).append(dossier, anAppend());
    await delay(50);
    await client.query('COMMIT');
    client.release();
    expect(await waiting).toMatchObject({ status: 'appended', first: 3 });
  });

  it('have no gap and are in commit order when two processes append at once', async () => {
    const processes = [ledger.appender(), ledger.appender({ pool: ledger.anotherPool() })];
    const seen: number[] = [];
    let appending = true;
    const reader = (async () => {
      while (appending) {
        const events = await ledger.log.read(dossier, seen.at(-1) ?? 0, 1_000);
        seen.push(...events.map(({ sequence }) => sequence));
        await delay(1);
      }
    })();
    const outcomes = await Promise.all(
      processes.flatMap((appender) =>
        times(16, async () => {
          const firsts: number[] = [];
          for (let round = 0; round < 10; round++) {
            const outcome = await appender.append(dossier, anAppend());
            firsts.push(outcome.status === 'appended' ? outcome.first : NaN);
          }
          return firsts;
        }),
      ),
    );
    appending = false;
    await reader;
    const all = times(320, (index) => index + 1);
    expect(outcomes.flat().sort((one, other) => one - other)).toEqual(all);
    expect(await sequences()).toEqual(all);
    expect(seen).toEqual(all.slice(0, seen.length));
  });

  it('are not spent on what is refused', async () => {
    const appender = ledger.appender();
    await appender.append(dossier, anAppend());
    await appender.append(dossier, anAppend(uuidv7(), 2));
    expect(await appender.append(dossier, anAppend())).toMatchObject({ first: 2 });
  });
});

describe('concurrent appends of one dossier', () => {
  it('are all there exactly once, answered with their place, in far fewer transactions', async () => {
    const appender = ledger.appender();
    const appends = times(64, () => anAppend());
    const outcomes = await Promise.all(appends.map((append) => appender.append(dossier, append)));
    const events = await ledger.log.read(dossier, 0, 100);
    expect(events).toHaveLength(64);
    outcomes.forEach((outcome, index) => {
      if (outcome.status !== 'appended') throw new Error(outcome.status);
      expect(events[outcome.first - 1]?.id).toBe(appends[index]?.events[0].id);
    });
    expect(await ledger.transactions(dossier)).toBe(1);
  });

  it('gather while a batch is in flight', async () => {
    const appender = ledger.appender();
    const release = await holdHead();
    const first = appender.append(dossier, anAppend());
    await delay(20);
    const others: Promise<AppendOutcome>[] = [];
    for (let index = 0; index < 63; index++) {
      others.push(appender.append(dossier, anAppend()));
      await delay(0);
    }
    await release();
    const outcomes = await Promise.all([first, ...others]);
    expect(outcomes.map((outcome) => (outcome.status === 'appended' ? outcome.first : NaN))).toEqual(
      times(64, (index) => index + 1),
    );
    expect(await ledger.transactions(dossier)).toBe(2);
  });

  it('share batches of a bounded size, and a thousand times as many take no longer each', async () => {
    const appender = ledger.appender();
    const timed = async (count: number): Promise<number> => {
      const began = performance.now();
      await Promise.all(times(count, () => appender.append(dossier, anAppend())));
      return (performance.now() - began) / count;
    };
    await timed(500);
    const few = await timed(1_000);
    const many = await timed(15_000);
    expect(many).toBeLessThan(3 * few + 0.1);
    expect(await ledger.transactions(dossier)).toBeGreaterThanOrEqual(16);
  });

  // Break: the check of MOST_WAITING in Appender.append.
  it('are refused at once when more wait than the process can hold', async () => {
    const appender = ledger.appender();
    const release = await holdHead();
    const waiting = times(20_000, () => appender.append(dossier, anAppend()));
    await expect(appender.append(dossier, anAppend())).rejects.toThrow(Overloaded);
    await release();
    await Promise.all(waiting);
    expect(await appender.append(dossier, anAppend())).toMatchObject({ first: 20_001 });
  });

  // Break: the check of MOST_CHARACTERS_WAITING in Appender.append.
  it('are refused as well when what waits is as long as a hundred million characters, and only then', async () => {
    const pool = new Pool({ connectionString: ledger.database.serviceUrl, max: 1 });
    const taken = await pool.connect();
    const appender = ledger.appender({ pool });
    const data = `"${'x'.repeat(10_000_000 - 2)}"`;
    const huge = () => ({ ...anAppend(), events: [{ ...anEvent(uuidv7()), data }] as const });
    const unknown = uuidv7(); // so that they need not be written
    const waiting = times(10, () => appender.append(unknown, huge()));
    const refused = appender.append(dossier, anAppend());
    await expect(refused).rejects.toThrow(new Overloaded('10 appends are waiting to be written.'));
    taken.release();
    for (const each of waiting) await expect(each).rejects.toThrow(UnknownDossier);
    expect(await appender.append(dossier, anAppend())).toMatchObject({ first: 1 });
    await pool.end();
  });

  it('are told to whoever listens once they are committed, with the head that they leave', async () => {
    const told: unknown[] = [];
    const appender = ledger.appender({ committed: (of, head) => told.push([of, head]) });
    await Promise.all([appender.append(dossier, manyEvents(3)), appender.append(dossier, anAppend())]);
    await appender.append(dossier, anAppend(uuidv7(), 2));
    await appender.append(dossier, anAppend());
    expect(told).toEqual([
      [dossier, 4],
      [dossier, 5],
    ]);
  });
});

describe('expected versions', () => {
  // Break: the version-conflict branch of append_events; the unique constraint then turns a refusal into an error.
  it('let exactly one of two processes win a race for a version, and tell the loser the actual one', async () => {
    const stream = uuidv7();
    await ledger.appender().append(dossier, anAppend(stream));
    for (let version = 2; version < 12; version++) {
      const pools = [ledger.pool, ledger.anotherPool()];
      const outcomes = await Promise.all(
        pools.map((pool) => ledger.appender({ pool }).append(dossier, anAppend(stream, version))),
      );
      expect(statuses(outcomes).sort()).toEqual(['appended', 'version-conflict']);
      expect(outcomes).toContainEqual({
        status: 'version-conflict',
        streamId: stream,
        expected: version - 1,
        actual: version,
      });
    }
    expect(await ledger.count('event', dossier)).toBe(11);
  });

  it('"must not exist" lets one of two first writers win', async () => {
    const stream = uuidv7();
    const pools = [ledger.pool, ledger.anotherPool()];
    const outcomes = await Promise.all(
      pools.flatMap((pool) => {
        const appender = ledger.appender({ pool });
        return times(10, () => appender.append(dossier, anAppend(stream)));
      }),
    );
    expect(statuses(outcomes).filter((status) => status === 'appended')).toHaveLength(1);
    expect(statuses(outcomes).filter((status) => status === 'version-conflict')).toHaveLength(19);
    expect(await ledger.count('event', dossier)).toBe(1);
  });

  it('are told of a caller’s own append that is sent a second time without a key', async () => {
    const append = anAppend();
    await ledger.appender().append(dossier, append);
    expect(await ledger.appender().append(dossier, append)).toMatchObject({
      status: 'version-conflict',
      expected: 0,
      actual: 1,
    });
  });

  // Break: the query of Settled in Choice.takes: each loser then takes a round trip of its own.
  it('refuse all losers of a race in one process together', async () => {
    const stream = uuidv7();
    const { pool, queries } = counted(ledger.pool);
    const appender = ledger.appender({ pool });
    const outcomes = await Promise.all(times(64, () => appender.append(dossier, anAppend(stream))));
    expect(statuses(outcomes).slice(0, 2)).toEqual(['appended', 'version-conflict']);
    expect(statuses(outcomes).filter((status) => status === 'version-conflict')).toHaveLength(63);
    expect(queries()).toBe(2);
  });

  it('name a version that is too high as well', async () => {
    const stream = uuidv7();
    expect(await ledger.appender().append(dossier, anAppend(stream, 5))).toEqual({
      status: 'version-conflict',
      streamId: stream,
      expected: 4,
      actual: 0,
    });
    expect(await ledger.count('event', dossier)).toBe(0);
  });

  it('are those of their own dossier', async () => {
    const stream = uuidv7();
    const appender = ledger.appender();
    const other = await ledger.newDossier();
    expect(await appender.append(dossier, anAppend(stream))).toMatchObject({ status: 'appended' });
    expect(await appender.append(other, anAppend(stream))).toMatchObject({ status: 'appended' });
  });

  it('that could never hold are refused before they reach the database', async () => {
    const appender = ledger.appender();
    const stream = uuidv7();
    for (const events of [
      [],
      [anEvent(stream, 0)],
      [anEvent(stream, 1.5)],
      [anEvent(stream, 1), anEvent(stream, 1)],
      [anEvent(stream, 1), anEvent(stream, 3)],
    ])
      await expect(
        // holds: the type forbids it, and the test is about what happens all the same
        appender.append(dossier, { events: events as never, provenance: PROVENANCE }),
      ).rejects.toThrow(RangeError);
    expect(await appender.append(dossier, anAppend(stream))).toMatchObject({ status: 'appended', first: 1 });
  });
});

describe('guards', () => {
  // Break: `...guards` in expectations(), or postponedGuards in Choice.
  it('"must exist at version v" holds under a race with whoever changes that stream', async () => {
    for (let round = 0; round < 10; round++) {
      const guarded = uuidv7();
      const [changer, relier] = [ledger.appender(), ledger.appender({ pool: ledger.anotherPool() })];
      await changer.append(dossier, anAppend(guarded));
      const dependent = anAppend(uuidv7(), 1, { guards: [{ streamId: guarded, version: 1 }] });
      const [changed, relied] = await Promise.all([
        changer.append(dossier, anAppend(guarded, 2)),
        relier.append(dossier, dependent),
      ]);
      if (changed.status !== 'appended') throw new Error(changed.status);
      if (relied.status === 'appended') expect(relied.first).toBeLessThan(changed.first);
      else
        expect(relied).toEqual({
          status: 'version-conflict',
          streamId: guarded,
          expected: 1,
          actual: 2,
        });
    }
  });

  it('refuse an append on a stream that does not exist', async () => {
    const missing = uuidv7();
    const append = anAppend(uuidv7(), 1, { guards: [{ streamId: missing, version: 1 }] });
    expect(await ledger.appender().append(dossier, append)).toEqual({
      status: 'version-conflict',
      streamId: missing,
      expected: 1,
      actual: 0,
    });
    expect(await ledger.count('event', dossier)).toBe(0);
  });

  it('may stand on a stream made earlier in the same batch, and fall with it', async () => {
    const appender = ledger.appender();
    const made = uuidv7();
    const outcomes = await Promise.all([
      appender.append(dossier, anAppend(made)),
      appender.append(dossier, anAppend(uuidv7(), 1, { guards: [{ streamId: made, version: 1 }] })),
      appender.append(dossier, anAppend(made, 2)),
      appender.append(dossier, anAppend(uuidv7(), 1, { guards: [{ streamId: made, version: 2 }] })),
    ]);
    expect(statuses(outcomes)).toEqual(['appended', 'appended', 'appended', 'appended']);
    expect(await ledger.transactions(dossier)).toBe(1);

    const refused = uuidv7();
    const missing = { streamId: uuidv7(), version: 7 };
    const fallen = await Promise.all([
      appender.append(dossier, anAppend(refused, 1, { guards: [missing] })),
      appender.append(dossier, anAppend(uuidv7(), 1, { guards: [{ streamId: refused, version: 1 }] })),
      appender.append(dossier, anAppend(refused, 2)),
      appender.append(dossier, anAppend()),
    ]);
    expect(statuses(fallen)).toEqual([
      'version-conflict',
      'version-conflict',
      'version-conflict',
      'appended',
    ]);
    expect(fallen[2]).toMatchObject({ streamId: refused, expected: 1, actual: 0 });
  });

  it('do not keep apart appends that rest on the same stream', async () => {
    const appender = ledger.appender();
    const topic = uuidv7();
    await appender.append(dossier, anAppend(topic));
    const guards = [{ streamId: topic, version: 1 }];
    const outcomes = await Promise.all(
      times(64, () => appender.append(dossier, anAppend(uuidv7(), 1, { guards }))),
    );
    expect(new Set(statuses(outcomes))).toEqual(new Set(['appended']));
    expect(await ledger.transactions(dossier)).toBe(2);
  });
});

describe('claims', () => {
  // Break: the claim-taken branch of append_events; the primary key then turns a refusal into an error.
  it('give a name to one of many who claim it at once, in one process and in two', async () => {
    const pools = [ledger.pool, ledger.anotherPool()];
    const streams = times(20, () => uuidv7());
    const appenders = pools.map((pool) => ledger.appender({ pool }));
    const outcomes = await Promise.all(
      streams.map((streamId, index) =>
        appenders[index % 2]?.append(
          dossier,
          anAppend(streamId, 1, { claims: [{ name: 'party/ministry', streamId }] }),
        ),
      ),
    );
    const winner = streams[outcomes.findIndex((outcome) => outcome?.status === 'appended')] ?? '';
    const losers = outcomes.filter((outcome) => outcome?.status !== 'appended');
    expect(losers).toHaveLength(19);
    losers.forEach((outcome) =>
      expect(outcome).toEqual({ status: 'claim-taken', name: 'party/ministry', streamId: winner }),
    );
    expect(await ledger.log.claimed(dossier, ['party/ministry', 'party/none'])).toEqual(
      new Map([['party/ministry', winner]]),
    );
    expect(await ledger.count('event', dossier)).toBe(1);
  });

  it('are not kept by an append that is refused', async () => {
    const appender = ledger.appender();
    const [refused, other] = [uuidv7(), uuidv7()];
    const claim = (streamId: string, version: number) =>
      anAppend(streamId, version, { claims: [{ name: 'topic/peace', streamId }] });
    const outcomes = await Promise.all([
      appender.append(dossier, claim(refused, 2)),
      appender.append(dossier, claim(other, 1)),
    ]);
    expect(statuses(outcomes)).toEqual(['version-conflict', 'appended']);
  });
});

describe('idempotency keys', () => {
  // Break: the key-used branch of append_events, or `keysFirst` in explain().
  it('make one event of a request that arrives many times at once, and give all the same answer', async () => {
    const pools = [ledger.pool, ledger.anotherPool()];
    const appenders = pools.map((pool) => ledger.appender({ pool }));
    const stream = uuidv7();
    const answer = { sequence: 0, id: stream };
    const outcomes = await Promise.all(
      times(20, (index) =>
        appenders[index % 2]?.append(
          dossier,
          anAppend(index % 3 === 0 ? stream : uuidv7(), 1, { idempotency: key('k', 'same request', answer) }),
        ),
      ),
    );
    const won = outcomes.filter((outcome) => outcome?.status === 'appended');
    const replayed = outcomes.filter((outcome) => outcome?.status === 'replayed');
    expect([won.length, replayed.length]).toEqual([1, 19]);
    replayed.forEach((outcome) => expect(outcome).toEqual({ ...won[0], status: 'replayed', answer }));
    expect(await ledger.count('event', dossier)).toBe(1);
    expect(await ledger.count('idempotency', dossier)).toBe(1);
  });

  it('answer as the first time however much later, although the version has moved on', async () => {
    const stream = uuidv7();
    const request = anAppend(stream, 1, { idempotency: key('later', 'request', { sequence: 0, n: 1 }) });
    await ledger.appender().append(dossier, anAppend());
    const first = await ledger.appender().append(dossier, request);
    await ledger.appender().append(dossier, anAppend(stream, 2));
    ledger.clock.move(86_400_000);
    expect(first).toMatchObject({ status: 'appended', first: 2 });
    expect(await ledger.appender().append(dossier, request)).toEqual({
      ...first,
      status: 'replayed',
      answer: { sequence: 0, n: 1 },
    });
    expect((await ledger.log.answered(dossier, ['later', 'never'])).get('later')).toMatchObject({ first: 2 });
  });

  it('refuse another request under a used key', async () => {
    const appender = ledger.appender();
    const outcomes = await Promise.all([
      appender.append(dossier, anAppend(uuidv7(), 1, { idempotency: key('k', 'one request') })),
      appender.append(dossier, anAppend(uuidv7(), 1, { idempotency: key('k', 'another request') })),
    ]);
    expect(outcomes[0]).toMatchObject({ status: 'appended' });
    expect(outcomes[1]).toEqual({ status: 'idempotency-mismatch', key: 'k' });
    expect(await ledger.count('event', dossier)).toBe(1);
  });

  it('are not spent on what is refused', async () => {
    const appender = ledger.appender();
    const idempotency = key('k', 'request');
    const stream = uuidv7();
    expect(await appender.append(dossier, anAppend(stream, 2, { idempotency }))).toMatchObject({
      status: 'version-conflict',
    });
    expect(await appender.append(dossier, anAppend(stream, 1, { idempotency }))).toMatchObject({
      status: 'appended',
    });
  });

  it('keep the place of their own append within a batch', async () => {
    const appender = ledger.appender();
    await Promise.all([
      appender.append(dossier, manyEvents(3)),
      appender.append(dossier, anAppend(uuidv7(), 1, { idempotency: key('fourth', 'a') })),
      appender.append(dossier, manyEvents(2)),
      appender.append(dossier, anAppend(uuidv7(), 1, { idempotency: key('seventh', 'b') })),
    ]);
    const answered = await ledger.log.answered(dossier, ['fourth', 'seventh']);
    expect([answered.get('fourth')?.first, answered.get('seventh')?.first]).toEqual([4, 7]);
  });
});

describe('an append', () => {
  it.each([1, 1_001, 8_000])('of %i events is one, whole', async (count) => {
    const append = manyEvents(count, { quote: 'q'.repeat(300) });
    expect(await ledger.appender().append(dossier, append)).toMatchObject({ status: 'appended', first: 1 });
    const events = await ledger.log.read(dossier, 0, 10_000);
    expect(events.map(({ id }) => id)).toEqual(append.events.map(({ id }) => id));
    expect(await ledger.transactions(dossier)).toBe(1);
  });

  it('of 8,000 events is written in its turn among small ones', async () => {
    const appender = ledger.appender();
    const outcomes = await Promise.all([
      appender.append(dossier, anAppend()),
      appender.append(dossier, manyEvents(8_000)),
      appender.append(dossier, anAppend()),
    ]);
    expect(outcomes.map((outcome) => (outcome.status === 'appended' ? outcome.first : NaN))).toEqual([
      1, 2, 8_002,
    ]);
  });

  it('keeps a payload of more than 64 KiB, of any characters, as it is', async () => {
    const data = { text: randomBytes(60_000).toString('base64'), words: 'щит 🕊️ "\\ \u007f', number: 1.5 };
    await ledger.appender().append(dossier, anAppend(uuidv7(), 1, { data }));
    const [event] = await ledger.log.read(dossier, 0, 1);
    expect(event?.data).toEqual(data);
  });

  it('keeps everything that it was given', async () => {
    const event = anEvent(uuidv7(), 1, { streamKind: 'topic', type: 'topic-added', schemaVersion: 3 });
    const causationId = uuidv7();
    const provenance = { ...PROVENANCE, recordedBy: 'Zoë', causationId };
    await ledger.appender().append(dossier, { events: [event], provenance });
    expect(await ledger.log.read(dossier, 0, 1)).toEqual([
      {
        ...event,
        ...provenance,
        data: {},
        obscure: null,
        redacted: null,
        sequence: 1,
        recordedAt: ledger.clock.now(),
      },
    ]);
  });

  it('to an unknown dossier is an error, for all who wait with it', async () => {
    const { pool, queries } = counted(ledger.pool);
    const appender = ledger.appender({ pool });
    const unknown = uuidv7();
    const appends = times(3, () => appender.append(unknown, anAppend()));
    for (const append of appends)
      await expect(append).rejects.toThrow(new UnknownDossier(`No dossier ${unknown}.`));
    expect(queries()).toBe(1);
    expect(await ledger.count('event', unknown)).toBe(0);
  });

  // Break: Appender.fail (let it reject the whole batch).
  it('that the database chokes on fails alone, whatever its place in the batch', async () => {
    const appender = ledger.appender();
    const bad = [
      { ...anEvent(uuidv7()), data: '{"broken":' },
      { ...anEvent(uuidv7()), id: 'no uuid' },
      { ...anEvent(uuidv7()), type: 'nul\u0000' },
    ];
    for (const [index, place] of [0, 5, 9].entries()) {
      const poison = bad[index] ?? anEvent(uuidv7());
      const appends = times(10, (at) =>
        at === place ? { ...anAppend(), events: [poison] as const } : anAppend(),
      );
      const results = await Promise.allSettled(appends.map((append) => appender.append(dossier, append)));
      expect(results.findIndex(({ status }) => status === 'rejected')).toBe(place);
      expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    }
    expect(await sequences()).toEqual(times(27, (index) => index + 1));
  });

  it('that is refused does not harm its neighbours in the batch', async () => {
    const appender = ledger.appender();
    const outcomes = await Promise.all(
      times(30, (index) => appender.append(dossier, anAppend(uuidv7(), index % 3 === 1 ? 2 : 1))),
    );
    expect(statuses(outcomes)).toEqual(
      times(30, (index) => (index % 3 === 1 ? 'version-conflict' : 'appended')),
    );
    expect(await sequences()).toEqual(times(20, (index) => index + 1));
  });
});

describe('an append that is refused for several reasons', () => {
  const reasons = async () => {
    const [past, taken] = [uuidv7(), uuidv7()];
    const appender = ledger.appender();
    const claims = [{ name: 'party/taken', streamId: taken }];
    await appender.append(dossier, anAppend(past));
    await appender.append(dossier, anAppend(past, 2));
    await appender.append(dossier, anAppend(taken, 1, { claims, idempotency: key('used', 'request') }));
    const guards = [
      { streamId: uuidv7(), version: 7 },
      { streamId: past, version: 1 },
      { streamId: uuidv7(), version: 8 },
    ];
    return { guards, claims, idempotency: key('used', 'request') };
  };

  // Break: weight() in append-batch.
  it('is told the one that weighs most: a used key, a taken name, a version that is past, one to come', async () => {
    const { guards, claims, idempotency } = await reasons();
    const told = (rest: Partial<Append>) => ledger.appender().append(dossier, anAppend(uuidv7(), 1, rest));
    for (const each of [guards, guards.toReversed()]) {
      expect(await told({ guards: each })).toMatchObject({ expected: 1, actual: 2 });
      expect(await told({ guards: each, claims })).toMatchObject({ status: 'claim-taken' });
      expect(await told({ guards: each, claims, idempotency })).toMatchObject({
        status: 'replayed',
        first: 3,
      });
    }
  });
});

describe('appends that wait for a later batch', () => {
  // Break: dependsOnOthers in Choice.
  it('keep their order, and so does whatever builds on them', async () => {
    const appender = ledger.appender();
    const [one, two] = [uuidv7(), uuidv7()];
    const claims = [{ name: 'source/x', streamId: one }];
    const outcomes = await Promise.all([
      appender.append(dossier, anAppend(one, 1, { claims })),
      appender.append(dossier, anAppend(two, 1, { claims })), // contradicts the first, so it waits
      appender.append(dossier, anAppend(two, 2)), // builds on the one that waits
      appender.append(dossier, anAppend(uuidv7(), 1, { guards: [{ streamId: two, version: 0 }] })),
      appender.append(dossier, anAppend()),
    ]);
    expect(statuses(outcomes)).toEqual([
      'appended',
      'claim-taken',
      'version-conflict',
      'appended',
      'appended',
    ]);
    expect(outcomes[2]).toMatchObject({ expected: 1, actual: 0 });
  });

  // Break: postponedGuards in Choice.
  it('are not overtaken by whoever changes what they rest on', async () => {
    const appender = ledger.appender();
    const [written, guarded, holder] = [uuidv7(), uuidv7(), uuidv7()];
    const claims = [{ name: 'source/x', streamId: holder }];
    await appender.append(dossier, anAppend(holder, 1, { claims }));
    await appender.append(dossier, anAppend(guarded));
    const outcomes = await Promise.all([
      appender.append(dossier, anAppend(written, 1, { claims })), // is refused in the first batch
      appender.append(dossier, anAppend(written, 1, { guards: [{ streamId: guarded, version: 1 }] })), // waits, for it contradicts the first
      appender.append(dossier, anAppend(guarded, 2)),
    ]);
    expect(statuses(outcomes)).toEqual(['claim-taken', 'appended', 'appended']);
  });
});

describe('recorded_at', () => {
  // Break: greatest(…) in append_events.
  it('never decreases although the clock jumps back', async () => {
    const appender = ledger.appender();
    const start = ledger.clock.instant;
    const recorded: string[] = [];
    for (const step of [0, 5_000, -60_000, 10_000, 3_600_000, -3_600_000]) {
      ledger.clock.move(step);
      const outcome = await appender.append(dossier, anAppend());
      if (outcome.status === 'appended') recorded.push(outcome.recordedAt);
    }
    expect(recorded).toEqual([...recorded].sort());
    expect(recorded[2]).toBe(new Date(start + 5_000).toISOString());
    const events = await ledger.log.read(dossier, 0, 10);
    expect(events.map(({ recordedAt }) => recordedAt)).toEqual(recorded);
  });
});
