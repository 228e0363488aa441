import { setTimeout as delay } from 'node:timers/promises';
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

  it('sweeps on after a sweep that failed', async () => {
    const complaints: unknown[] = [];
    let sweeps = 0;
    const projector = Object.assign(new Projector(database, ledger.log, now), {
      clearExpired: () => complaining(`sweep ${++sweeps}`)(),
    });
    runner([projection('sweeps')], { projector, complain: (error) => complaints.push(error) }).start();
    await eventually(() => complaints.length >= 2);
    expect(complaints.slice(0, 2).map(String)).toEqual(['Error: sweep 1', 'Error: sweep 2']);
  });

  // Break: the looks at `stopped` in ProjectionRunner.wake and catchUp, both: either alone suffices.
  it('that was stopped is deaf, and sweeps no more', async () => {
    const taken = projection('stopped');
    const bell = new Bell();
    const running = runner([taken], { bell });
    running.start();
    await ledger.appender().append(dossier, anAppend());
    await running.stop();
    const before = await checkpoint(taken);
    await ledger.appender().append(dossier, anAppend());
    bell.ring(dossier);
    running.wake(dossier);
    await delay(1_200); // longer than from one sweep to the next
    expect(await checkpoint(taken)).toBe(before);
  });

  // Break: the `again` of ProjectionRunner.run.
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
