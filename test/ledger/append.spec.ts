import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { appendBatch } from '../../src/ledger/append-batch.js';
import { Overloaded, UnknownDossier, type AppendOutcome } from '../../src/ledger/event.js';
import { counted, holdHead, sequencesOf, statuses } from './appending.js';
import { anAppend, anEvent, eventually, manyEvents, PROVENANCE, TestLedger, times } from './test-ledger.js';

let ledger: TestLedger;
let dossier: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

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
    expect(await sequencesOf(ledger, dossier)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await ledger.log.head(dossier)).toMatchObject({ sequence: 7 });
  });

  // Break: the FOR UPDATE of append_events; both then take the same sequence, and one has to ask again.
  it('are given by one process at a time: another one waits until it has committed', async () => {
    const client = await ledger.pool.connect();
    await client.query('BEGIN');
    await appendBatch(client, dossier, [anAppend(), anAppend()], ledger.clock.now());
    const { pool, queries } = counted(ledger.anotherPool());
    const waiting = ledger.appender({ pool }).append(dossier, anAppend());
    await eventually(async () => (await ledger.waitingForLocks()) === 1);
    await client.query('COMMIT');
    client.release();
    expect(await waiting).toMatchObject({ status: 'appended', first: 3 });
    expect(queries()).toBe(1);
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
    expect(await sequencesOf(ledger, dossier)).toEqual(all);
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
    expect(await ledger.transactions(dossier)).toBe(3);
  });

  // Break: the look at `inFlight` and `FEW` in Appender.admit, either of them.
  it('leave in the middle of a turn of the event loop once there are sixteen and nothing is in flight', async () => {
    const { pool, queries } = counted(ledger.pool);
    const appender = ledger.appender({ pool });
    await appender.append(dossier, anAppend());
    await delay(0);
    const before = queries();
    const appends = times(15, () => appender.append(dossier, anAppend()));
    await ticks();
    expect(queries() - before).toBe(0);
    for (let more = 0; more < 17; more++) {
      appends.push(appender.append(dossier, anAppend()));
      await ticks();
      expect(queries() - before).toBe(1);
    }
    await Promise.all(appends);
    expect(await ledger.transactions(dossier)).toBe(3);
  });

  // Break: `has` in Appender.isAppending; forgetting nothing in `sendNext`.
  it('are known to be on their way until the last is answered', async () => {
    const appender = ledger.appender();
    const release = await holdHead(ledger, dossier);
    const appends = times(2, () => appender.append(dossier, anAppend()));
    await delay(20);
    expect([appender.isAppending(dossier), appender.isAppending(uuidv7())]).toEqual([true, false]);
    await release();
    await Promise.all(appends);
    await delay(0);
    expect(appender.isAppending(dossier)).toBe(false);
  });

  it('gather while batches are in flight', async () => {
    const appender = ledger.appender();
    const release = await holdHead(ledger, dossier);
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
    expect(await ledger.transactions(dossier)).toBeLessThanOrEqual(5);
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
    const release = await holdHead(ledger, dossier);
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
    expect(await sequencesOf(ledger, dossier)).toEqual(times(27, (index) => index + 1));
  });

  // Break: the look at the error’s code in appendBatch.
  it('that the database chokes on is sent once', async () => {
    const { pool, queries } = counted(ledger.pool);
    const append = { ...anAppend(), events: [{ ...anEvent(uuidv7()), data: '{"broken":' }] as const };
    await expect(ledger.appender({ pool }).append(dossier, append)).rejects.toMatchObject({ code: '22P02' });
    expect(queries()).toBe(1);
  });

  it('that is refused does not harm its neighbours in the batch', async () => {
    const appender = ledger.appender();
    const outcomes = await Promise.all(
      times(30, (index) => appender.append(dossier, anAppend(uuidv7(), index % 3 === 1 ? 2 : 1))),
    );
    expect(statuses(outcomes)).toEqual(
      times(30, (index) => (index % 3 === 1 ? 'version-conflict' : 'appended')),
    );
    expect(await sequencesOf(ledger, dossier)).toEqual(times(20, (index) => index + 1));
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

/** What this turn of the event loop still has to do has been done; the turn has not ended. */
async function ticks(): Promise<void> {
  for (let tick = 0; tick < 10; tick++) await new Promise<void>((resolve) => process.nextTick(resolve));
}
