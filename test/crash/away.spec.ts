import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Chance, say } from '../support/crash-chance.js';
import { complaintsOfKeys, complaintsOfLog, positionsOf, readLog } from '../support/crash-check.js';
import { faultOf, Load } from '../support/crash-load.js';
import { ComingAndGoing } from '../support/crash-postgres.js';
import { Readers } from '../support/crash-readers.js';
import { CrashingService } from '../support/crash-service.js';
import { statement } from '../support/crash-writes.js';
import { eventually } from '../support/test-folder.js';
import { EventReader } from '../streams/event-reader.js';

/**
 * Each of these lines of the build, taken out or spoilt, makes a test here fail (STANDPOINT_BUILD names the spoilt build):
 * - database/data-source.js: `connectionTimeoutMillis`, `query_timeout`: requests hang while the server is frozen;
 * - database/data-source.js: `pool.on('error')`, `poolErrorHandler`: the process ends when an idle connection breaks;
 * - ledger/outage.js, `PASSING`: without `57P0` terminated connections are answered with 500;
 * - ledger/appender.js, `sendAgain`: sending without asking `committedAt`: refusals of what was written;
 * - operating/health.controller.js: `query_timeout`: readiness is not told while the server is frozen.
 */
const chance = Chance.ofThisRun('away');

/** How often every connection is terminated. */
const TERMINATIONS = 100;

/** Milliseconds for which the server is frozen. Beyond 40,000 it shows that requests are given up, too. */
const FREEZE = Number(process.env['STANDPOINT_FREEZE'] ?? 3_500);

/** Milliseconds in which a refusal must come while nobody listens at the database's port, on a busy machine. */
const BOUND = 15_000;

/** Milliseconds for which it is stopped. `npm run test:crash` has it away for a minute. */
const AWAY = Number(process.env['STANDPOINT_AWAY'] ?? 1_000);

let postgres: ComingAndGoing;
let service: CrashingService;
let pid: number;
let numbers = 0;

beforeAll(async () => {
  postgres = await ComingAndGoing.begin();
  service = await CrashingService.begin(postgres.environment);
  ({ pid } = service);
});
afterEach(async () => {
  await postgres.thaw();
  loads.splice(0).forEach((load) => load.abandon());
  await Promise.all(allReaders.splice(0).map((readers) => readers.stop()));
});
afterAll(async () => {
  await service.end();
  await postgres.end();
});

const loads: Load[] = [];
const allReaders: Readers[] = [];

async function begin(): Promise<Load> {
  const load = await Load.begin(service.client, chance, `away-${numbers++}`);
  loads.push(load);
  return load;
}

function read({ dossier }: Load): Readers {
  const readers = new Readers(service.client, dossier, 8);
  allReaders.push(readers);
  return readers;
}

/** After a load has ended: nothing is lost, doubled, or otherwise than it was told. */
async function expectAllInOrder(load: Load): Promise<void> {
  await load.stop();
  expect(load.faults).toEqual([]);
  expect(await complaintsOfKeys(service.client, load)).toEqual([]);
  const events = await readLog(service.client, load.dossier);
  expect(complaintsOfLog(events, load)).toEqual([]);
  const { served, folded } = await positionsOf(service.client, load.dossier, events);
  expect(served).toEqual(folded);
  expect({ pid: service.pid, hasEnded: service.hasEnded }).toEqual({ pid, hasEnded: false });
}

async function status(path: string): Promise<number | undefined> {
  return (await service.client.send('GET', path))?.status;
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);

describe('a database that is stopped and started again', () => {
  it.each(['stop', 'kill'] as const)(
    'is told by 503 while it is away (%s), and the service heals by itself',
    async (how) => {
      const load = await begin();
      const readers = read(load);
      await load.goesOn(100);
      await postgres[how]();
      await eventually(async () => (await status('/health/ready')) === 503, BOUND);
      expect(await status('/health/live')).toBe(200);
      const before = { ...readers.answered };
      const path = `/api/v1/dossiers/${load.dossier}/statements`;
      const began = performance.now();
      const write = await service.client.send('POST', path, { body: statement(chance, 'Lost') });
      const refusal = performance.now() - began;
      expect(write && faultOf(write)).toBeNull();
      await delay(AWAY);
      expect(readers.answered.unavailable).toBeGreaterThan(before.unavailable);
      expect(readers.answered.ok).toBe(before.ok);
      const back = performance.now();
      await postgres.start();
      const started = performance.now() - back;
      await service.ready();
      const ready = performance.now() - back;
      await load.goesOn(200);
      await readers.stop();
      expect(readers.faults).toEqual([]);
      expect(refusal).toBeLessThan(BOUND);
      await expectAllInOrder(load);
      say(
        `${how}: PostgreSQL took ${seconds(started)} s to start, the service was ready ${seconds(ready - started)} s later; ` +
          `a write was refused after ${seconds(refusal)} s, the slowest read took ${seconds(readers.slowest)} s`,
      );
    },
    240_000 + AWAY,
  );

  it('cuts streams off, which resume where they were', async () => {
    const load = await begin();
    const path = `/api/v1/dossiers/${load.dossier}/events/stream`;
    const ids: number[] = [];
    const reader = new EventReader(service.client, path, 0);
    await load.goesOn(100);
    await postgres.stop();
    await reader.ended;
    ids.push(...reader.events.map(({ id }) => id));
    await postgres.start();
    await service.ready();
    const next = new EventReader(service.client, path, ids.at(-1) ?? 0);
    await load.goesOn(100);
    await load.stop();
    const events = await readLog(service.client, load.dossier);
    await next.until(({ lastId = ids.at(-1) }) => lastId === events.length);
    next.break();
    ids.push(...next.events.map(({ id }) => id));
    expect(ids).toEqual(events.map(({ sequence }) => sequence));
  }, 120_000);

  it('does not keep the service from stopping while it is away', async () => {
    await postgres.stop();
    const began = performance.now();
    expect(await service.stop()).toBe(0);
    expect(performance.now() - began).toBeLessThan(BOUND);
    await postgres.start();
    await service.start();
    ({ pid } = service);
  });
});

describe('a database that is frozen', () => {
  it('is told by the readiness in time, and everything goes on when it thaws', async () => {
    const load = await begin();
    const readers = read(load);
    await load.goesOn(100);
    await postgres.freeze();
    const began = performance.now();
    const ready = await status('/health/ready');
    const told = performance.now() - began;
    expect(ready).toBe(503);
    expect(told).toBeLessThan(BOUND);
    expect(await status('/health/live')).toBe(200);
    await delay(Math.max(0, FREEZE - told));
    await postgres.thaw();
    await service.ready();
    await load.goesOn(200);
    await readers.stop();
    expect(readers.faults).toEqual([]);
    await expectAllInOrder(load);
    say(
      `frozen for ${seconds(FREEZE)} s: told after ${seconds(told)} s, slowest read ${seconds(readers.slowest)} s, ` +
        `${readers.answered.unavailable} reads and ${load.refused.unavailable} writes answered with 503`,
    );
  }, 240_000);
});

describe('connections that are terminated', () => {
  it(`${TERMINATIONS} times under load leak no place in a pool and give no wrong answer`, async () => {
    const load = await begin();
    const readers = read(load);
    await load.goesOn(100);
    let terminated = 0;
    for (let times = 0; times < TERMINATIONS; times++) {
      terminated += await postgres.terminateConnections();
      await delay(chance.between(0, 60));
    }
    await service.ready();
    await load.goesOn(200);
    await readers.stop();
    await expectAllInOrder(load);
    expect(readers.faults).toEqual([]);
    const paths = Array.from({ length: 24 }, () => `/api/v1/dossiers/${load.dossier}/positions`);
    const began = performance.now();
    await eventually(
      async () => (await Promise.all(paths.map(status))).every((each) => each === 200),
      90_000,
    );
    const took = performance.now() - began;
    expect(await postgres.connections()).toBeLessThanOrEqual(20);
    say(
      `${terminated} connections terminated: ${load.refused.unavailable} writes and ${readers.answered.unavailable} reads answered with 503, ` +
        `${load.acknowledged} writes and ${readers.answered.ok} reads carried out; 24 reads at once took ${seconds(took)} s afterwards`,
    );
  }, 240_000);
});
