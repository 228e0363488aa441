import { v7 as uuidv7 } from 'uuid';
import { appendBatch } from '../../src/ledger/append-batch.js';
import type { Append } from '../../src/ledger/event.js';
import { counted, key, statuses } from './appending.js';
import { anAppend, anEvent, eventually, PROVENANCE, TestLedger, times } from './test-ledger.js';

let ledger: TestLedger;
let dossier: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

describe('expected versions', () => {
  // Break: the version-conflict branch of append_events_if; the unique constraint then turns a refusal into an error.
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

  // Break: the second look in appendBatch: an error for all; or `expected_unit` in what append_events_if explains.
  it('refuse whoever begins a stream that another process has begun, and nobody beside them', async () => {
    const stream = uuidv7();
    await ledger.appender({ pool: ledger.anotherPool() }).append(dossier, anAppend(stream));
    const appender = ledger.appender();
    const outcomes = await Promise.all(
      [anAppend(), anAppend(stream), anAppend()].map((append) => appender.append(dossier, append)),
    );
    expect(outcomes).toMatchObject([
      { status: 'appended', first: 2 },
      { status: 'version-conflict', streamId: stream, expected: 0, actual: 1 },
      { status: 'appended', first: 3 },
    ]);
    expect(await ledger.count('event', dossier)).toBe(3);
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

  // Break: the look at Settled in Choice.place: each loser then takes a round trip of its own.
  it('refuse all losers of a race in one process together', async () => {
    const stream = uuidv7();
    const { pool, queries } = counted(ledger.pool);
    const appender = ledger.appender({ pool });
    const outcomes = await Promise.all(times(64, () => appender.append(dossier, anAppend(stream))));
    expect(statuses(outcomes).slice(0, 2)).toEqual(['appended', 'version-conflict']);
    expect(statuses(outcomes).filter((status) => status === 'version-conflict')).toHaveLength(63);
    expect(queries()).toBe(3); // the winner’s; the losers’, which runs into it; and the look at what they ran into
  });

  // Break: `begins` in append-batch, so that it looks again although everything has been looked up.
  it('name a version that is too high as well, at the first look', async () => {
    const stream = uuidv7();
    const { pool, queries } = counted(ledger.pool);
    expect(await ledger.appender({ pool }).append(dossier, anAppend(stream, 5))).toEqual({
      status: 'version-conflict',
      streamId: stream,
      expected: 4,
      actual: 0,
    });
    expect(queries()).toBe(1);
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

describe('a batch that begins a stream twice', () => {
  // Break: appendBatch, so that it looks again after each violation: for ever.
  it('is an error: no gathering makes one', async () => {
    const stream = uuidv7();
    const batch = [anAppend(stream), anAppend(stream)];
    await expect(appendBatch(ledger.pool, dossier, batch, ledger.clock.now())).rejects.toMatchObject({
      code: '23505',
    });
    expect(await ledger.count('event', dossier)).toBe(0);
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

  // Break: the FOR UPDATE of append_events_if, which then looks before what it waits for has been committed.
  it('hold against a change that is committed while the append waits for it', async () => {
    const guarded = uuidv7();
    await ledger.appender().append(dossier, anAppend(guarded));
    const changer = await ledger.pool.connect();
    await changer.query('BEGIN');
    await appendBatch(changer, dossier, [anAppend(guarded, 2)], ledger.clock.now());
    const dependent = anAppend(uuidv7(), 1, { guards: [{ streamId: guarded, version: 1 }] });
    const relied = ledger.appender({ pool: ledger.anotherPool() }).append(dossier, dependent);
    await eventually(async () => (await ledger.waitingForLocks()) === 1);
    await changer.query('COMMIT');
    changer.release();
    expect(await relied).toMatchObject({ status: 'version-conflict', expected: 1, actual: 2 });
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

  // Break: `index < own` in append-batch, which takes such a guard for the beginning of a stream; then nobody looks.
  it('"must not exist" refuse an append once the stream is there', async () => {
    const [absent, present] = [uuidv7(), uuidv7()];
    const appender = ledger.appender();
    await appender.append(dossier, anAppend(present));
    const without = (streamId: string) => anAppend(uuidv7(), 1, { guards: [{ streamId, version: 0 }] });
    expect(await appender.append(dossier, without(absent))).toMatchObject({ status: 'appended' });
    expect(await appender.append(dossier, without(present))).toMatchObject({
      status: 'version-conflict',
      expected: 0,
      actual: 1,
    });
  });

  // Break: `each.version === 0` in append-batch: what it says of the stream that it begins is then believed.
  it('refuse an append that contradicts itself', async () => {
    const stream = uuidv7();
    const append = anAppend(stream, 1, { guards: [{ streamId: stream, version: 3 }] });
    expect(await ledger.appender().append(dossier, append)).toMatchObject({
      status: 'version-conflict',
      expected: 3,
      actual: 0,
    });
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
    expect(await ledger.transactions(dossier)).toBe(4); // theirs are three
  });
});

describe('claims', () => {
  // Break: the claim-taken branch of append_events_if; the primary key then turns a refusal into an error.
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

  // Break: mayBeWeightier in append-batch, which is then content with a version that may still come.
  it('is told that a stream that it begins is there, before a version that may still come', async () => {
    const [begun, ahead] = [uuidv7(), uuidv7()];
    await ledger.appender().append(dossier, anAppend(begun));
    const appender = ledger.appender(); // which knows of no stream, so that all go together
    const append = { events: [anEvent(ahead, 2), anEvent(begun)] as const, provenance: PROVENANCE };
    const neighbours = [anAppend(), append, anAppend()];
    const [before, told, after] = await Promise.all(neighbours.map((each) => appender.append(dossier, each)));
    expect([before?.status, after?.status]).toEqual(['appended', 'appended']);
    expect(told).toEqual({
      status: 'version-conflict',
      streamId: begun,
      expected: 0,
      actual: 1,
    });
  });

  // Break: `heaviest` in append-batch, so that it looks again whoever begins a stream.
  it('is looked at once where the version that is past is known already', async () => {
    const { guards } = await reasons();
    const { pool, queries } = counted(ledger.pool);
    const told = await ledger.appender({ pool }).append(dossier, anAppend(uuidv7(), 1, { guards }));
    expect(told).toMatchObject({ expected: 1, actual: 2 });
    expect(queries()).toBe(1);
  });
});
