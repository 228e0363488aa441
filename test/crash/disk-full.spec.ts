import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Chance, say } from '../support/crash-chance.js';
import { complaintsOfKeys, complaintsOfLog, positionsOf, readLog } from '../support/crash-check.js';
import { SmallDisk } from '../support/crash-disk.js';
import { Load } from '../support/crash-load.js';
import { CrashingService } from '../support/crash-service.js';
import { answers, query } from '../support/queries.js';
import { eventually } from '../support/test-folder.js';

/**
 * Each of these lines of the build, taken out or spoilt, makes a test here fail (STANDPOINT_BUILD names the spoilt build):
 * - ledger/outage.js, `PASSING`: without class 53 a write on a full disk is answered with 500;
 * - database/embedded/server-keeper.js, `#keepRunning`: a PostgreSQL that could not write its log is not started again;
 * - operating/service-log.js: without `flush` the log says nothing any more;
 * - ledger/appender.js, `settle`: acknowledging before `write` has resolved: writes are lost.
 */
const chance = Chance.ofThisRun('disk full');

const SAYS_ON = fileURLToPath(new URL('../operating/says-on.mjs', import.meta.url));

/** Milliseconds for which the disk stays full. */
const FULL = 1_000;

let disk: SmallDisk;
let service: CrashingService;
const loads: Load[] = [];

async function begin(dossier: string): Promise<Load> {
  const load = await Load.begin(service.client, chance, dossier);
  loads.push(load);
  await load.goesOn(100);
  return load;
}

/** Makes room, and looks whether everything goes on by itself and is as it was told. */
async function expectHealing(load: Load, pid: number): Promise<number> {
  await disk.free();
  const began = performance.now();
  await service.ready();
  await load.goesOn(200);
  const took = performance.now() - began;
  await load.stop();
  expect(load.faults).toEqual([]);
  expect(await complaintsOfKeys(service.client, load)).toEqual([]);
  const events = await readLog(service.client, load.dossier);
  expect(complaintsOfLog(events, load)).toEqual([]);
  const { served, folded } = await positionsOf(service.client, load.dossier, events);
  expect(served).toEqual(folded);
  expect({ pid: service.pid, hasEnded: service.hasEnded }).toEqual({ pid, hasEnded: false });
  return took / 1000;
}

/** Asks PostgreSQL for a further file of its log, of which it may have some in stock; resolves with whether it is gone. */
async function panics(url: string): Promise<boolean> {
  await query(url, 'SELECT pg_switch_wal()').catch(() => undefined);
  return !(await answers(url));
}

const itIsPossible = await SmallDisk.isPossible();

// Only root may mount the small file system that this takes, and in a container only with leave.
if (itIsPossible)
  describe('a disk that is full', () => {
    whatHappens();
  });
else
  it('cannot be tried here, and what it takes is said', async () => {
    await expect(SmallDisk.make()).rejects.toThrow(
      /^A full disk can only be tried on a small file system, and there is none: /,
    );
  });

function whatHappens(): void {
  beforeAll(async () => {
    disk = await SmallDisk.make();
    service = await CrashingService.begin({ STANDPOINT_DATA: join(disk.folder, 'data') });
  });
  afterEach(async () => {
    loads.splice(0).forEach((load) => load.abandon());
    await disk.free();
  });
  afterAll(async () => {
    await service.end();
    await disk.remove();
  });

  it('is told by 503, spoils nothing, and is forgotten when there is room again', async () => {
    const load = await begin('full');
    const { pid } = service;
    await disk.fill();
    await eventually(() => Promise.resolve(load.refused.unavailable > 0), 60_000);
    await delay(FULL);
    const refused = load.refused.unavailable;
    const took = await expectHealing(load, pid);
    say(
      `disk full: ${refused} writes answered with 503; 200 more acknowledged ${took.toFixed(2)} s after there was room`,
    );
  }, 240_000);

  it('does so too where PostgreSQL panics, and cannot even recover, because it cannot write its log', async () => {
    const load = await begin('panic');
    const { pid } = service;
    const url = await service.superuserUrl();
    await disk.fill();
    await eventually(() => panics(url), 60_000);
    await delay(FULL);
    const took = await expectHealing(load, pid);
    say(`panic: 200 more acknowledged ${took.toFixed(2)} s after there was room`);
  }, 240_000);

  it('loses lines of a log that is kept there, and no more than that: the log goes on when there is room again', async () => {
    const file = join(disk.folder, 'service.log');
    const log = await open(file, 'w');
    await disk.fill();
    const child = spawn(process.execPath, [SAYS_ON], { stdio: ['pipe', 'pipe', log.fd] });
    if (!child.stdout || !child.stdin) throw new Error('They are pipes.');
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await disk.free();
    child.stdin.end('\n');
    expect(await ended).toEqual([0, null]);
    await log.close();
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(10_000);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ number: 0 });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ msg: 'there is room again', time: 2 });
  }, 60_000);

  it('keeps a service from starting, which says why, and from nothing once there is room', async () => {
    expect(await service.stop()).toBe(0);
    await disk.fill();
    service.launch();
    await expect(service.listening()).rejects.toThrow(/disk|space/i);
    await disk.free();
    await service.start();
    expect((await readLog(service.client, 'full')).length).toBeGreaterThan(100);
  }, 240_000);
}
