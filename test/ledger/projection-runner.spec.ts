import { jest } from '@jest/globals';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { Bell } from '../../src/ledger/follower.js';
import { ProjectionBehind, ProjectionStopped, type Projection } from '../../src/ledger/projection.js';
import { ProjectionBuilds } from '../../src/ledger/projection-builds.js';
import { ProjectionRunner, type RunnerOptions } from '../../src/ledger/projection-runner.js';
import { Projector } from '../../src/ledger/projector.js';
import { anAppend, eventually, manyEvents, TestLedger } from './test-ledger.js';

let ledger: TestLedger;
let database: DataSource;
let dossier: string;
const runners: ProjectionRunner[] = [];

beforeAll(async () => {
  ledger = await TestLedger.open();
  database = await ledger.dataSource();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

afterEach(async () => {
  jest.useRealTimers();
  await Promise.all(runners.splice(0).map((each) => each.stop()));
});

const now = (): string => ledger.clock.now();

/** A projection without rows: its checkpoint tells what it has taken in. */
function projection(name: string, apply: () => Promise<void> = () => Promise.resolve()): Projection {
  return { name, version: 1, apply, clear: () => Promise.resolve() };
}

function runner(projections: Projection[], options: Partial<RunnerOptions> = {}): ProjectionRunner {
  const made = new ProjectionRunner({
    database,
    projector: new Projector(database, ledger.log, now),
    projections,
    bell: new Bell(),
    isAppending: () => false,
    now,
    complain: () => undefined,
    ...options,
  });
  runners.push(made);
  return made;
}

async function checkpoint(of: Projection): Promise<number | undefined> {
  const [live] = await new ProjectionBuilds(database, now).open(dossier, of);
  return live?.checkpoint;
}

const complaining = (text: string, code?: string) => (): Promise<void> =>
  Promise.reject(Object.assign(new Error(text), code === undefined ? {} : { code }));

/** Takes these parts of the clock into the test's hand; the database answers when it answers. */
function take(...parts: readonly Part[]): void {
  jest.useFakeTimers({ doNotFake: PARTS.filter((part) => !parts.includes(part)) });
}

const PARTS = [
  ...([
    'Date',
    'hrtime',
    'performance',
    'nextTick',
    'queueMicrotask',
    'setImmediate',
    'clearImmediate',
  ] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];
type Part = (typeof PARTS)[number];

/** Lets a clock that was taken go on until it holds, a hundredth of a second each time that something may have been answered. */
async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !holds(); jest.advanceTimersByTime(10)) {
    if (performance.now() > end) throw new Error(`Still not so after ten seconds: ${holds.toString()}`);
    await turn();
  }
}

/** A projector that fails in these words at every step. */
const failing = (fail: () => Promise<void>): Projector =>
  Object.assign(new Projector(database, ledger.log, now), { step: fail });

describe('a runner', () => {
  it('complains of what goes wrong behind its back, and not of a database that is away', async () => {
    const complaints: unknown[] = [];
    const complain = (error: unknown) => complaints.push(error);
    const all = [projection('complaints')];
    const away = runner(all, { complain, projector: failing(complaining('gone', '57P01')) });
    const wrong = runner(all, { complain, projector: failing(complaining('odd')) });
    away.wake(dossier);
    await away.stop();
    expect(complaints).toEqual([]);
    wrong.wake(dossier);
    await eventually(() => complaints.length > 0);
    expect(complaints.map(String)).toEqual(['Error: odd']);
  });

  it('sweeps every second, also after a sweep that failed', async () => {
    take('setTimeout', 'clearTimeout');
    const complaints: unknown[] = [];
    let sweeps = 0;
    const projector = Object.assign(new Projector(database, ledger.log, now), {
      clearExpired: () => complaining(`sweep ${++sweeps}`)(),
    });
    runner([projection('sweeps')], { projector, complain: (error) => complaints.push(error) }).start();
    await jest.advanceTimersByTimeAsync(999);
    expect(jest.getTimerCount()).toBe(1);
    await until(() => complaints.length === 2);
    expect(complaints.map(String)).toEqual(['Error: sweep 1', 'Error: sweep 2']);
  });

  // Break: the look at `stopped` in ProjectionCourse.catchUp, and that in ProjectionRunner.sweepLater.
  it('that was stopped is deaf, and sweeps no more', async () => {
    take('setTimeout', 'clearTimeout');
    const taken = projection('stopped');
    const bell = new Bell();
    let release: () => void = () => undefined;
    let sweeps = 0;
    const clearExpired = (): Promise<void> =>
      new Promise((resolve) => {
        sweeps++;
        release = resolve;
      });
    const projector = Object.assign(new Projector(database, ledger.log, now), { clearExpired });
    const running = runner([taken], { bell, projector });
    running.start();
    await until(() => sweeps === 1);
    let stopped = false;
    const stopping = running.stop().then(() => (stopped = true));
    await turn();
    expect(stopped).toBe(false);
    release();
    await stopping;
    await ledger.appender().append(dossier, anAppend());
    bell.ring(dossier);
    running.wake(dossier);
    await jest.advanceTimersByTimeAsync(5_000);
    expect([sweeps, await checkpoint(taken)]).toEqual([1, 0]);
  });

  // Break: the `again` of ProjectionCourse.run.
  it('takes in as well what is appended while it works', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let applied = 0;
    const taken = projection('while it works', () => (applied++ === 0 ? held : Promise.resolve()));
    const running = runner([taken]);
    await ledger.appender().append(dossier, anAppend());
    running.wake(dossier);
    await eventually(() => applied === 1);
    await ledger.appender().append(dossier, anAppend());
    running.wake(dossier);
    release();
    await eventually(async () => (await checkpoint(taken)) === 2);
  });

  it('is finished with a stop only when the step under way is', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let applying = false;
    const taken = projection('under way', () => {
      applying = true;
      return held;
    });
    const running = runner([taken]);
    await ledger.appender().append(dossier, anAppend());
    running.wake(dossier);
    await eventually(() => applying);
    let stopped = false;
    const stopping = running.stop().then(() => (stopped = true));
    await delay(50);
    expect(stopped).toBe(false);
    release();
    await stopping;
    expect(await checkpoint(taken)).toBe(1);
  });
});

describe('a reader of a projection', () => {
  it('is told how far it is behind, in words', async () => {
    const impatient = runner([projection('behind')], { patience: 50 });
    const waiting = impatient.caughtUp(dossier, 'behind', 7);
    await expect(waiting).rejects.toThrow(new ProjectionBehind('behind has not reached event 7 yet.'));
  });

  // Break: PATIENCE, or how it is reckoned in ProjectionRunner.reach.
  it.each([
    ['as long as it was told to', 700, { patience: 700 }],
    ['fifteen seconds where it was told nothing', 15_000, {}],
  ])('waits %s, and no longer', async (_, patience, options) => {
    take('performance');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const name = `held for ${patience}`;
    const running = runner([projection(name, () => held)], options);
    await ledger.appender().append(dossier, anAppend());
    let told: unknown;
    const waiting = running.caughtUp(dossier, name, 1).catch((error: unknown) => (told = error));
    await delay(60); // two glances
    jest.advanceTimersByTime(patience - 1);
    await delay(60);
    const before = told;
    jest.advanceTimersByTime(2);
    for (let glances = 0; glances < 200 && told === undefined; glances++) await delay(25);
    release();
    await waiting;
    expect([before, String(told)]).toEqual([
      undefined,
      `ProjectionBehind: ${name} has not reached event 1 yet.`,
    ]);
  });

  it('need not wait for a projection that has stopped where it asks for no more than it has taken in', async () => {
    let applied = 0;
    const chokes = projection('chokes', () => (++applied === 1 ? Promise.resolve() : complaining('no')()));
    const running = runner([chokes]);
    await ledger.appender().append(dossier, manyEvents(2));
    expect(await running.caughtUp(dossier, 'chokes', 2)).toBe(1);
    await ledger.appender().append(dossier, anAppend());
    await expect(running.caughtUp(dossier, 'chokes', 3)).rejects.toThrow(ProjectionStopped);
    expect(await running.caughtUp(dossier, 'chokes', 2)).toBe(1);
  });

  it('asks for it by its name', () => {
    const named = projection('named');
    const running = runner([projection('other'), named]);
    expect(running.named('named')).toBe(named);
    expect(() => running.named('none')).toThrow(new RangeError('There is no projection none.'));
  });
});
