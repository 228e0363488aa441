import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Chance, say } from '../support/crash-chance.js';
import { complaintsOfKeys, complaintsOfLog, positionsOf, readLog } from '../support/crash-check.js';
import { Load } from '../support/crash-load.js';
import { Processes } from './processes.js';
import { Watchers } from './watchers.js';

/**
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - migrations/1764000000015-unconditional-appends, `append_events`: without FOR UPDATE on the head: 500s, as two processes take the same sequence;
 * - dossiers/write, `attempt`: leaving out `idempotency` in what is appended: a repeated write gets another answer, statements are there twice;
 * - ledger/follower, `follow`: going on after the head instead of after the last event read: streams have gaps;
 * - ledger/event-log, `read`: in the order of ids: readers see a later event before an earlier one.
 */
const chance = Chance.ofThisRun('concurrency');

/** Acknowledged writes of a load; many of them are batches. */
const WRITES = Number(process.env['STANDPOINT_WRITES'] ?? 250);
const DOSSIERS = 8;
/** How many of them are watched. */
const WATCHED = 2;

let processes: Processes;
const loads: Load[] = [];
const watching: Watchers[] = [];

beforeAll(async () => {
  processes = await Processes.begin(1);
});
afterAll(async () => {
  loads.forEach((load) => load.abandon());
  watching.forEach((watchers) => watchers.leave());
  await processes?.end();
});

async function begin(dossier: string, writers = 64, importers = 2): Promise<Load> {
  const load = await Load.begin(processes.everyone(), chance, dossier, { writers, importers });
  loads.push(load);
  return load;
}

function watch(dossier: string): Watchers {
  const watchers = new Watchers(processes, chance, dossier);
  watching.push(watchers);
  return watchers;
}

/** Everything in which the log and the positions differ from what writers and readers were told; answers with the log's length. */
async function examine(load: Load, watchers?: Watchers): Promise<number> {
  const client = processes.everyone();
  expect(load.faults).toEqual([]);
  expect(await complaintsOfKeys(client, load)).toEqual([]);
  const log = await readLog(client, load.dossier);
  expect(complaintsOfLog(log, load)).toEqual([]);
  if (watchers) expect(await watchers.complaints(log)).toEqual([]);
  const { served, folded } = await positionsOf(client, load.dossier, log);
  expect(served).toEqual(folded);
  return log.length;
}

describe(`With 64 writers (seed ${chance.seed})`, () => {
  it.each([1, 2, 3])(
    'on one dossier, of %i processes every reader sees a log without gaps in the order of commits',
    async (count) => {
      await processes.growTo(count);
      const load = await begin(`one-dossier-${count}`);
      const watchers = watch(load.dossier);
      await load.goesOn(WRITES, 60_000);
      await load.stop();
      const events = await examine(load, watchers);
      expect(load.refused).toEqual({ broken: 0, unavailable: 0 });
      expect(watchers.pages).toBeGreaterThan(count);
      say(`${count} processes: ${load.acknowledged} writes, ${events} events, ${watchers.pages} pages read`);
    },
    180_000,
  );

  it('on many dossiers and three processes, each has a log of its own', async () => {
    await processes.growTo(3);
    const all = await Promise.all(
      Array.from({ length: DOSSIERS }, (_, number) => begin(`many-${number}`, 64 / DOSSIERS, 0)),
    );
    const watched = all.slice(0, WATCHED).map(({ dossier }) => watch(dossier));
    await Promise.all(all.map((load) => load.goesOn(WRITES / DOSSIERS, 60_000)));
    await Promise.all(all.map((load) => load.stop()));
    for (const [number, load] of all.entries())
      expect(await examine(load, watched[number])).toBeGreaterThan(WRITES / DOSSIERS);
  }, 180_000);

  it('and processes that are killed and started again, what was interrupted is there once or not at all', async () => {
    await processes.growTo(3);
    const load = await begin('killed');
    for (const number of [1, 2]) {
      await load.goesOn(40, 60_000);
      await processes.kill(number);
      await load.goesOn(20, 60_000); // by those that are left
      await processes.restart(number);
    }
    await load.goesOn(20, 60_000);
    await load.stop();
    await examine(load);
    expect(load.refused.broken).toBeGreaterThan(0);
  }, 180_000);
});
