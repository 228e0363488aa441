import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Chance, say } from '../support/crash-chance.js';
import { complaintsOfKeys, complaintsOfLog, positionsOf, readLog } from '../support/crash-check.js';
import { Load } from '../support/crash-load.js';
import { CrashingService, kill } from '../support/crash-service.js';
import { eventually } from '../support/test-folder.js';

/**
 * Each of these lines of the build, taken out or spoilt, makes a crash fail (STANDPOINT_BUILD names the spoilt build):
 * - ledger/appender.js, `settle`: acknowledging before `write` has resolved: writes are lost;
 * - dossiers/write.js, `write`: leaving out `idempotency` in what is appended: keys give other answers, statements are there twice;
 * - ledger/appender.js, `sendAgain`: sending without asking `committedAt`: refusals of what was written;
 * - ledger/append-batch.js, `appendBatch`: one call for each append of a batch, without a transaction: halves;
 * - ledger/projector.js, `take`: leaving out `builds.advance`: positions count statements twice;
 * - database/embedded/server-settings.js: fsync off changes nothing here, as the system survives; only a power cut would tell.
 */
const CRASHES = Number(process.env['STANDPOINT_CRASHES'] ?? 5);
const chance = Chance.ofThisRun('crashes');

const KINDS = ['service', 'postgres', 'both', 'both, and again', 'one backend'] as const;
type Kind = (typeof KINDS)[number];

interface Crash {
  readonly number: number;
  readonly kind: Kind;
  /** Milliseconds into the load. */
  readonly after: number;
  /** Of the PostgreSQL: the process that the others notice the end of, or all at the same time. */
  readonly which: 'postmaster' | 'all';
}

const plan = Array.from({ length: CRASHES }, (_, number): Crash => ({
  number,
  kind: KINDS[number % KINDS.length] ?? 'service',
  after: chance.between(100, 900),
  which: chance.of('postmaster', 'all'),
}));

let service: CrashingService;
const loads: Load[] = [];
const times: { ready: number[]; acknowledging: number[] } = { ready: [], acknowledging: [] };

beforeAll(async () => {
  service = await CrashingService.begin();
});
afterAll(async () => {
  loads.forEach((load) => load.abandon());
  await service.end();
  for (const [what, each] of Object.entries(times))
    say(`${what} again after ${percentile(each, 0.5)} s (median), ${percentile(each, 1)} s (longest)`);
});

async function carryOut({ kind, which }: Crash): Promise<void> {
  switch (kind) {
    case 'service':
      await service.kill();
      return service.start();
    case 'postgres':
      return killPostgres(which);
    case 'both':
      await killBoth(which);
      return service.start();
    case 'both, and again':
      await killBoth(which);
      service.launch();
      await delay(chance.between(100, 900));
      await killBoth(which);
      return service.start();
    case 'one backend':
      return killBackend();
    default:
      return kind satisfies never;
  }
}

async function killBoth(which: Crash['which']): Promise<void> {
  await Promise.all([service.kill(), service.killPostgres(which).catch(() => undefined)]);
}

/** Resolves when another server is there and everything is ready. */
async function killPostgres(which: Crash['which']): Promise<void> {
  const before = await service.folder.postmasterPid();
  await service.killPostgres(which);
  await eventually(async () => (await service.folder.postmasterPid().catch(() => before)) !== before, 60_000);
  await service.ready();
}

/** PostgreSQL then ends every other connection too, as its shared memory may be spoilt, and recovers. */
async function killBackend(): Promise<void> {
  const client = new Client({ connectionString: await service.superuserUrl() });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE usename = 'standpoint' ORDER BY state <> 'active', random() LIMIT 1`,
  );
  const ended = new Promise((resolve) => client.once('end', resolve));
  for (const { pid } of rows) kill(pid);
  await ended;
  await service.ready();
}

function percentile(values: readonly number[], part: number): string {
  const sorted = values.toSorted((one, other) => one - other);
  return ((sorted[Math.ceil(part * sorted.length) - 1] ?? 0) / 1000).toFixed(2);
}

describe(`a service with 64 writers, killed ${CRASHES} times (seed ${chance.seed})`, () => {
  it.each(plan)(
    'has lost and doubled nothing after kill -9 of $kind ($which), $after ms into the load ($number)',
    async (crash) => {
      const load = await Load.begin(service.client, chance, `crash-${crash.number}`);
      loads.push(load);
      await load.goesOn(100);
      await delay(crash.after);
      const began = performance.now();
      const { pid } = service;
      await carryOut(crash);
      const ready = performance.now() - began;
      await load.goesOn(200);
      const acknowledging = performance.now() - began;
      await load.stop();
      times.ready.push(ready);
      times.acknowledging.push(acknowledging);
      expect(load.faults).toEqual([]);
      expect(await complaintsOfKeys(service.client, load)).toEqual([]);
      const events = await readLog(service.client, load.dossier);
      expect(complaintsOfLog(events, load)).toEqual([]);
      const { served, folded } = await positionsOf(service.client, load.dossier, events);
      expect(served).toEqual(folded);
      const survived = crash.kind === 'postgres' || crash.kind === 'one backend';
      expect(service.pid === pid).toBe(survived);
      const interrupted = load.writes.filter((write) => write.interrupted).length;
      const { broken, unavailable } = load.refused;
      say(
        `crash ${crash.number}, ${crash.kind}: ready after ${(ready / 1000).toFixed(2)} s, 200 more acknowledged after ${(acknowledging / 1000).toFixed(2)} s; ` +
          `${events.length} events, ${interrupted} writes interrupted (${broken} broken connections, ${unavailable} times 503)`,
      );
    },
    240_000,
  );

  it('tells in its log that PostgreSQL has died, and that it runs again', async () => {
    const told = (): string[] =>
      service.output.split('\n').filter((line) => line.includes('"part":"PostgreSQL"'));
    const before = told().length;
    await killPostgres('postmaster');
    const since = (): string[] => told().slice(before); // a try to start it may fail in between
    await eventually(() => Promise.resolve(/runs again/.test(since().at(-1) ?? '')));
    expect(JSON.parse(since()[0] ?? '')).toMatchObject({
      level: 'warn',
      msg: expect.stringMatching(/^PostgreSQL \(process \d+\) has died/),
    });
    expect(JSON.parse(since().at(-1) ?? '')).toMatchObject({
      level: 'warn',
      msg: expect.stringMatching(/^PostgreSQL runs again \(process \d+\)$/),
    });
  }, 240_000);

  it('still has all of it after all crashes and an orderly restart', async () => {
    expect(await service.stop()).toBe(0);
    await service.start();
    for (const load of loads) {
      const events = await readLog(service.client, load.dossier);
      expect(complaintsOfLog(events, load)).toEqual([]);
      const { served, folded } = await positionsOf(service.client, load.dossier, events);
      expect(served).toEqual(folded);
    }
  }, 300_000);
});
