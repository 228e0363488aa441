import type { DataSource } from 'typeorm';

import type { NewEvent, RecordedEvent } from '../../src/ledger/event.js';
import { EventLog } from '../../src/ledger/event-log.js';
import { Bell } from '../../src/ledger/follower.js';
import {
  ProjectionBehind,
  ProjectionStopped,
  type Projection,
  type Target,
} from '../../src/ledger/projection.js';
import { ProjectionBuilds } from '../../src/ledger/projection-builds.js';
import { ProjectionRunner, type RunnerOptions } from '../../src/ledger/projection-runner.js';
import { Projector } from '../../src/ledger/projector.js';
import type { Vocabulary } from '../../src/ledger/upcasting.js';
import { ProjectionStatus } from '../../src/operating/projection-status.js';
import { anAppend, eventually, manyEvents, TestLedger, times } from './test-ledger.js';

let ledger: TestLedger;
let database: DataSource;
let dossier: string;
const runners: ProjectionRunner[] = [];

beforeAll(async () => {
  ledger = await TestLedger.open();
  database = await ledger.dataSource();
  const owner = ledger.anotherPool(ledger.database.ownerUrl);
  // No primary key: whatever is applied twice is there twice.
  await owner.query(
    'CREATE TABLE test_row (dossier_id uuid, build integer, sequence bigint, version integer, running_sum bigint)',
  );
  await owner.query(
    `GRANT SELECT, INSERT, UPDATE, DELETE ON test_row TO ${new URL(ledger.database.serviceUrl).username}`,
  );
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

afterEach(async () => {
  await Promise.all(runners.splice(0).map((each) => each.stop()));
});

/** Writes a row for each event: its sequence, and the sum of all up to it, which an event left out or repeated would spoil for ever. */
class Sums implements Projection {
  readonly name = 'sums';

  constructor(
    readonly version = 1,
    private readonly trouble: (event: RecordedEvent, target: Target) => unknown = () => undefined,
  ) {}

  async apply(events: readonly RecordedEvent[], target: Target): Promise<void> {
    const values = [target.dossier, target.build];
    const [last]: { sum: string }[] = await target.manager.query(
      'SELECT coalesce(max(running_sum), 0) AS sum FROM test_row WHERE dossier_id = $1 AND build = $2',
      values,
    );
    let sum = Number(last?.sum);
    const sums: number[] = [];
    for (const event of events) {
      await this.trouble(event, target);
      sum += event.sequence;
      sums.push(sum);
    }
    await target.manager.query(
      'INSERT INTO test_row SELECT $1, $2, e.sequence, $3, e.sum FROM unnest($4::bigint[], $5::bigint[]) AS e(sequence, sum)',
      [...values, this.version, events.map(({ sequence }) => sequence), sums],
    );
  }

  async clear({ dossier: id, build, manager }: Target): Promise<void> {
    await manager.query('DELETE FROM test_row WHERE dossier_id = $1 AND build = $2', [id, build]);
  }
}

interface Row {
  readonly sequence: number;
  readonly version: number;
  readonly sum: number;
}

async function rows(build = 1): Promise<Row[]> {
  const found: Record<string, string>[] = await database.query(
    'SELECT sequence, version, running_sum FROM test_row WHERE dossier_id = $1 AND build = $2 ORDER BY sequence, running_sum',
    [dossier, build],
  );
  return found.map(({ sequence, version, running_sum }) => ({
    sequence: Number(sequence),
    version: Number(version),
    sum: Number(running_sum),
  }));
}

/** What the rows of a log of `count` events must be. */
const fold = (count: number, version = 1): Row[] =>
  times(count, (index) => ({ sequence: index + 1, version, sum: ((index + 1) * (index + 2)) / 2 }));

const now = (): string => ledger.clock.now();

/** Where the rows of a build first differ from the fold of a log of `count` events; null if nowhere. */
async function difference(count: number, build = 1, version = 1): Promise<unknown> {
  const [found, right] = [await rows(build), fold(count, version)];
  const at = right.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(found[index]));
  if (at >= 0) return { at, found: found[at] ?? null, right: right[at] };
  return found.length > count ? { at: count, found: found[count], right: null } : null;
}

const projector = (): Projector => new Projector(database, ledger.log, now);
const builds = (): ProjectionBuilds => new ProjectionBuilds(database, now);

/** Steps until nothing is left or it cannot go on. */
async function catchUp(projection: Projection, by = projector()): Promise<string> {
  for (;;) {
    const outcome = await by.step(dossier, projection);
    if (outcome !== 'more') return outcome;
  }
}

function runner(projections: Projection[], options: Partial<RunnerOptions> = {}): ProjectionRunner {
  const made = new ProjectionRunner({
    database,
    projector: projector(),
    projections,
    bell: new Bell(),
    now,
    complain: () => undefined,
    ...options,
  });
  runners.push(made);
  return made;
}

async function append(count: number): Promise<void> {
  await ledger.appender().append(dossier, manyEvents(count));
}

async function book(): Promise<{ build: number; version: number; status: string; checkpoint: number }[]> {
  return database.query(
    'SELECT build, version, status, checkpoint::int AS checkpoint FROM projection_build WHERE dossier_id = $1 ORDER BY build',
    [dossier],
  );
}

const letters = (): Promise<{ sequence: string; type: string; error: string }[]> =>
  database.query('SELECT sequence, type, error FROM dead_letter WHERE dossier_id = $1 ORDER BY sequence', [
    dossier,
  ]);

describe('a projection', () => {
  it('takes in each event once, in order, in steps', async () => {
    await append(1_234);
    expect(await catchUp(new Sums())).toBe('done');
    expect(await difference(1_234)).toBeNull();
    expect(await catchUp(new Sums())).toBe('done');
    expect(await rows()).toHaveLength(1_234);
  });

  // Break: SKIP LOCKED and the compare-and-set (`AND checkpoint = $4`) in ProjectionBuilds, both: either alone suffices.
  it('takes in each event once while several processes compete for it and others append', async () => {
    const contenders = times(4, () => projector());
    let appending = true;
    const work = contenders.map(async (by) => {
      while (appending) await by.step(dossier, new Sums());
    });
    for (let round = 0; round < 40; round++) await append(7);
    appending = false;
    await Promise.all(work);
    await catchUp(new Sums());
    expect(await difference(280)).toBeNull();
  });

  // Break: apply the rows outside of the transaction, or advance the checkpoint in another.
  it('takes in each event once although its process dies between applying and committing', async () => {
    let deaths = 0;
    const dies = new Sums(1, async ({ sequence }, { manager }) => {
      if (sequence % 100 !== 0 || deaths >= 5) return;
      deaths++;
      await manager.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await append(700);
    while ((await catchUp(dies).catch(() => 'died')) === 'died');
    expect(deaths).toBe(5);
    expect(await difference(700)).toBeNull();
  });

  it('that was overtaken between reading and writing writes nothing', async () => {
    await append(3);
    await catchUp(new Sums());
    expect(await builds().advance(dossier, new Sums(), 1, 0, 3)).toBe(false);
    expect(await builds().advance(dossier, new Sums(), 1, 3, 4)).toBe(true);
  });

  it('is left to the process that has it in hand', async () => {
    await append(1);
    await builds().open(dossier, new Sums());
    await database.transaction(async (manager) => {
      expect(await new ProjectionBuilds(manager, now).lock(dossier, new Sums(), 1)).toBe(0);
      expect(await projector().step(dossier, new Sums())).toBe('elsewhere');
    });
    expect(await catchUp(new Sums())).toBe('done');
  });
});

describe('an event that a projection chokes on', () => {
  const chokes = new Sums(1, ({ sequence }) => {
    if (sequence === 42) throw new Error('indigestible');
  });

  // Break: oneByOne in Projector (the 41 before it are then missing).
  it('stops that projection of that dossier at it, is named, and stops no other', async () => {
    await append(100);
    const other = await ledger.newDossier();
    await ledger.appender().append(other, manyEvents(10));
    expect(await catchUp(chokes)).toBe('stopped');
    expect(await difference(41)).toBeNull();
    expect((await builds().open(dossier, chokes))[0]?.failure).toEqual({
      sequence: 42,
      type: 'something-happened',
      error: 'indigestible',
    });
    expect(await letters()).toEqual([{ sequence: '42', type: 'something-happened', error: 'indigestible' }]);
    expect(await projector().step(other, chokes)).toBe('done');
  });

  it('is tried again after a while, and once the code is mended the projection goes on by itself', async () => {
    await append(100);
    expect(await catchUp(chokes)).toBe('stopped');
    const mended = runner([new Sums()]);
    mended.start();
    await expect(mended.caughtUp(dossier, 'sums', 100)).rejects.toThrow(ProjectionStopped);
    ledger.clock.move(11_000);
    await eventually(async () => (await rows()).length === 100);
    expect(await difference(100)).toBeNull();
    expect((await builds().open(dossier, chokes))[0]?.failure).toBeNull();
    expect(await mended.caughtUp(dossier, 'sums', 100)).toBe(1);
  });

  // Break: the RETRY check in Projector.step.
  it('is not tried anew for every event that is appended after it', async () => {
    let tries = 0;
    const counts = new Sums(1, ({ sequence }) => {
      if (sequence !== 1) return;
      tries++;
      throw new Error('indigestible');
    });
    await append(1);
    expect(await catchUp(counts)).toBe('stopped');
    const before = tries;
    for (let round = 0; round < 5; round++) {
      await append(1);
      expect(await catchUp(counts)).toBe('stopped');
    }
    expect(tries).toBe(before);
    ledger.clock.move(11_000);
    expect(await catchUp(counts)).toBe('stopped');
    expect(tries).toBeGreaterThan(before);
  });
});

describe('an event that this code does not understand', () => {
  const vocabulary: Vocabulary = {
    types: new Set(['something-happened', 'renamed']),
    upcasters: {
      renamed: {
        1: () => {
          throw new Error('no name');
        },
      },
    },
  };
  const knowing = (): Projector => new Projector(database, new EventLog(ledger.pool, vocabulary), now);
  const strange: readonly Partial<NewEvent>[] = [
    { type: 'unheard-of' },
    { schemaVersion: 2 },
    { type: 'renamed', schemaVersion: 1 },
  ];
  const reported = [
    { sequence: '3', type: 'unheard-of', error: 'unknown type of event' },
    { sequence: '6', type: 'something-happened', error: 'schema version 2, of which this code knows 1' },
    { sequence: '9', type: 'renamed', error: 'cannot be upcast: no name' },
  ];
  const understood = [1, 2, 4, 5, 7, 8, 10];

  // Break: in upcast, any of the returns of `obscure`, or its catch; in Projector.understood, the filter.
  it('is passed over and reported, live and in a rebuild, and stops nothing', async () => {
    for (const rest of strange) {
      await append(2);
      const { events, provenance } = anAppend();
      await ledger.appender().append(dossier, { events: [{ ...events[0], ...rest }], provenance });
      expect(await catchUp(new Sums(), knowing())).toBe('done');
    }
    await append(1);
    expect(await catchUp(new Sums(), knowing())).toBe('done');
    expect((await rows()).map(({ sequence }) => sequence)).toEqual(understood);
    expect(await letters()).toEqual(reported);
    await builds().start(dossier, new Sums());
    expect(await catchUp(new Sums(), knowing())).toBe('done');
    expect((await rows(2)).map(({ sequence }) => sequence)).toEqual(understood);
    expect(await letters()).toEqual(reported.flatMap((each) => [each, each]));
    expect(await book()).toMatchObject([
      { status: 'retired', checkpoint: 10 },
      { status: 'live', checkpoint: 10 },
    ]);
  });

  // Break: `lacks` in ProjectionRunner.served.
  it('makes what old code built unfit for newer code, which waits for a build of its own', async () => {
    await append(1);
    const { events, provenance } = anAppend();
    await ledger.appender().append(dossier, { events: [{ ...events[0], type: 'unheard-of' }], provenance });
    expect(await catchUp(new Sums(1), knowing())).toBe('done');
    expect(await runner([new Sums(1)]).caughtUp(dossier, 'sums', 2)).toBe(1);
    expect(await runner([new Sums(2)]).caughtUp(dossier, 'sums', 2)).toBe(2);
    expect(await difference(2, 2, 2)).toBeNull();
  });
});

describe('a rebuild', () => {
  // Break: in Projector.take, serve the build before it has read an empty page.
  it('under write load equals a fold of everything and is served only once it has caught up', async () => {
    await append(3_000);
    await catchUp(new Sums());
    const bell = new Bell();
    const appender = ledger.appender({ committed: (id) => bell.ring(id) });
    const running = runner([new Sums()], { bell });
    running.start();
    let appending = true;
    let appended = 3_000;
    const load = (async () => {
      for (const end = performance.now() + 10_000; appending && performance.now() < end;) {
        const outcomes = await Promise.all(times(10, () => appender.append(dossier, anAppend())));
        appended += outcomes.length;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    await builds().start(dossier, new Sums());
    const served = new Set<number>();
    while (!served.has(2)) {
      const head = (await ledger.log.head(dossier))?.sequence ?? 0;
      const build = await running.caughtUp(dossier, 'sums', head);
      served.add(build);
      const [{ count } = { count: 0 }]: { count: number }[] = await database.query(
        'SELECT count(*)::int AS count FROM test_row WHERE dossier_id = $1 AND build = $2',
        [dossier, build],
      );
      expect(count).toBeGreaterThanOrEqual(head);
    }
    appending = false;
    await load;
    expect(await running.caughtUp(dossier, 'sums', appended)).toBe(2);
    expect(await difference(appended, 2)).toBeNull();
    expect([...served]).toEqual([1, 2]);
    expect(await book()).toMatchObject([
      { build: 1, status: 'retired' },
      { build: 2, status: 'live', checkpoint: appended },
    ]);
  });

  it('that fails half-way leaves what is served untouched', async () => {
    await append(600);
    await catchUp(new Sums());
    const failing = new Sums(1, ({ sequence }, { build }) => {
      if (sequence === 300 && build === 2) throw new Error('indigestible');
    });
    await builds().start(dossier, failing);
    expect(await catchUp(failing)).toBe('stopped');
    await append(5);
    ledger.clock.move(11_000);
    expect(await catchUp(failing)).toBe('stopped');
    expect(await difference(605)).toBeNull();
    expect(await book()).toMatchObject([
      { build: 1, status: 'live', checkpoint: 605 },
      { build: 2, status: 'building', checkpoint: 299 },
    ]);
    expect(await runner([failing]).caughtUp(dossier, 'sums', 605)).toBe(1);
  });

  it('can be cancelled, and begun anew', async () => {
    await append(600);
    await catchUp(new Sums());
    await builds().start(dossier, new Sums());
    await projector().step(dossier, new Sums());
    await builds().cancel(dossier, new Sums());
    expect(await catchUp(new Sums())).toBe('done');
    expect(await book()).toMatchObject([
      { build: 1, status: 'live' },
      { build: 2, status: 'retired', checkpoint: 500 },
    ]);
    await builds().start(dossier, new Sums());
    await builds().start(dossier, new Sums()); // one at a time
    expect(await catchUp(new Sums())).toBe('done');
    expect(await book()).toMatchObject([
      { build: 1, status: 'retired' },
      { build: 2, status: 'retired' },
      { build: 3, status: 'live', checkpoint: 600 },
    ]);
    expect(await difference(600, 3)).toBeNull();
  });

  it('is cleared when nobody can be reading it any more, and not before', async () => {
    await append(10);
    await catchUp(new Sums());
    await builds().start(dossier, new Sums());
    await catchUp(new Sums());
    await projector().clearExpired([new Sums()]);
    expect(await rows(1)).toHaveLength(10);
    ledger.clock.move(61_000);
    await projector().clearExpired([new Sums()]);
    expect(await rows(1)).toEqual([]);
    expect(await difference(10, 2)).toBeNull();
    expect(await book()).toMatchObject([{ build: 2, status: 'live' }]);
  });
});

describe('a new version of a projection', () => {
  it('is built beside the old one, which the old code keeps up until it is replaced', async () => {
    await append(900);
    await catchUp(new Sums(1));
    const [oldCode, newCode] = [new Sums(1), new Sums(2)];
    expect(await projector().step(dossier, newCode)).toBe('more');
    await append(10);
    await catchUp(oldCode);
    expect(await difference(910)).toBeNull();
    expect(await book()).toMatchObject([
      { build: 1, version: 1, status: 'live', checkpoint: 910 },
      { build: 2, version: 2, status: 'building', checkpoint: 500 },
    ]);
    expect(await runner([newCode]).caughtUp(dossier, 'sums', 910)).toBeGreaterThanOrEqual(1);
    await catchUp(newCode);
    expect(await difference(910, 2, 2)).toBeNull();
    expect(await book()).toMatchObject([
      { version: 1, status: 'retired' },
      { version: 2, status: 'live', checkpoint: 910 },
    ]);
  });

  it('is not undone by old code that still runs', async () => {
    await append(5);
    await catchUp(new Sums(2));
    await append(5);
    await catchUp(new Sums(1));
    expect(await book()).toMatchObject([{ build: 1, version: 2, status: 'live', checkpoint: 5 }]);
    await catchUp(new Sums(2));
    expect(await difference(10, 1, 2)).toBeNull();
  });

  // Break: the outdated builds in the sweep of ProjectionRunner.
  it('is begun by the sweep, without a reader or an append', async () => {
    await append(20);
    await catchUp(new Sums(1));
    runner([new Sums(2)]).start();
    await eventually(async () =>
      (await book()).some(({ version, status }) => version === 2 && status === 'live'),
    );
    expect(await difference(20, 2, 2)).toBeNull();
  });
});

// Break: in ProjectionStatus.late, `e.recorded_at < p.due`, or the leeway in `due`.
it('a build that nobody brings up is told of once readers wait in vain', async () => {
  const patient: Projection = Object.assign(new Sums(), { name: 'patient', manners: { leeway: 60_000 } });
  const late = async (): Promise<(string | number)[]> => {
    const status = new ProjectionStatus(database, [new Sums(), patient], now);
    return (await status.late()).flatMap(({ name, dossiers }) => [name, dossiers]);
  };
  const before = await late();
  for (const projection of [new Sums(), patient]) await catchUp(projection);
  await append(1);
  expect(await late()).toEqual(before);
  ledger.clock.move(14_000);
  const [, others = 0] = await late();
  ledger.clock.move(2_000);
  const [, sums] = await late();
  expect(Number(sums)).toBeGreaterThan(Number(others));
  expect(await late()).not.toContain('patient');
  ledger.clock.move(60_000);
  expect(await late()).toContain('patient');
  await catchUp(patient);
  expect(await late()).not.toContain('patient');
});

describe('a connection that breaks', () => {
  // Break to see red: in Projector's `blame`, leave out the look whether the database is there.
  it('is not taken for an event that cannot be taken in, in whatever words the driver tells of it', async () => {
    let breaks = 3;
    const sums = new Sums(1, async (_, { manager }) => {
      if (breaks-- <= 0) return;
      await manager.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
      throw new Error('This driver has words of its own.');
    });
    await append(3);
    for (let tries = 0; tries < 3; tries++)
      await expect(projector().step(dossier, sums)).rejects.toThrow('words of its own');
    expect(await projector().step(dossier, sums)).toBe('done');
    expect(await letters()).toEqual([]);
    expect(await difference(3, 1)).toBeNull();
  });
});

describe('a reader', () => {
  it('waits until what it asks for has been taken in', async () => {
    const bell = new Bell();
    const running = runner([new Sums()], { bell });
    await append(800);
    const build = await running.caughtUp(dossier, 'sums', 800);
    expect(build).toBe(1);
    expect(await difference(800, build)).toBeNull();
  });

  it('is told when that takes too long', async () => {
    const impatient = runner([new Sums()], { patience: 200 });
    await expect(impatient.caughtUp(dossier, 'sums', 1)).rejects.toThrow(ProjectionBehind);
  });

  it('is told when the projection has stopped, with the event at which it did', async () => {
    const chokes = new Sums(1, () => {
      throw new Error('indigestible');
    });
    await append(1);
    await expect(runner([chokes]).caughtUp(dossier, 'sums', 1)).rejects.toThrow(ProjectionStopped);
    await expect(runner([chokes]).caughtUp(dossier, 'sums', 1)).rejects.toThrow(
      'sums cannot take in event 1 (something-happened).',
    );
  });

  it('cannot ask for a projection that there is not', async () => {
    await expect(runner([new Sums()]).caughtUp(dossier, 'none', 1)).rejects.toThrow(RangeError);
  });
});

describe('the runner', () => {
  it('follows its own appends at once', async () => {
    const bell = new Bell();
    const appender = ledger.appender({ committed: (id) => bell.ring(id) });
    runner([new Sums()], { bell }).start();
    await appender.append(dossier, anAppend());
    await eventually(async () => (await rows()).length === 1, 500);
  });

  // Break: the bound of `changed_at` in ProjectionBuilds.waiting, turned around.
  it('takes over what a process left that was killed', async () => {
    await append(5);
    await catchUp(new Sums());
    await append(5); // and nobody here is told
    ledger.clock.move(3_001);
    runner([new Sums()]).start();
    await eventually(async () => (await rows()).length === 10);
    expect(await difference(10)).toBeNull();
  });

  // Break: the bound itself.
  it('leaves alone what another process may be about to take in', async () => {
    await append(5);
    await catchUp(new Sums());
    await append(5);
    ledger.clock.move(2_999);
    expect(await builds().waiting([new Sums()])).toEqual([]);
    ledger.clock.move(2);
    expect(await builds().waiting([new Sums()])).toEqual([dossier]);
  });

  it('keeps one projection going while another one breaks', async () => {
    const complaints: unknown[] = [];
    const broken: Projection = {
      name: 'broken',
      version: 1,
      apply: () => Promise.reject(Object.assign(new Error('gone'), { code: '57P01' })),
      clear: () => Promise.resolve(),
    };
    const bell = new Bell();
    runner([broken, new Sums()], { bell, complain: (error) => complaints.push(error) }).start();
    await append(1_200);
    bell.ring(dossier);
    await eventually(async () => (await rows()).length === 1_200);
  });

  it('when stopped ends after the step under way', async () => {
    const bell = new Bell();
    const running = runner([new Sums()], { bell });
    running.start();
    await append(2_000);
    bell.ring(dossier);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await running.stop();
    const taken = (await rows()).length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await difference(taken)).toBeNull();
  });
});

it('stands in no other dossier’s way', async () => {
  const others = await Promise.all(times(5, () => ledger.newDossier()));
  await Promise.all(others.map((id) => ledger.appender().append(id, manyEvents(20))));
  const running = runner([new Sums()]);
  expect(await Promise.all(others.map((id) => running.caughtUp(id, 'sums', 20)))).toEqual([1, 1, 1, 1, 1]);
});
