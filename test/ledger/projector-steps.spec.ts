import { v7 as uuidv7 } from 'uuid';
import type { RecordedEvent } from '../../src/ledger/event.js';
import { EventLog, type Connection, type EventPage } from '../../src/ledger/event-log.js';
import type { Projection, Target } from '../../src/ledger/projection.js';
import { ProjectionBuilds } from '../../src/ledger/projection-builds.js';
import { Projector } from '../../src/ledger/projector.js';
import { Sums, SumsLedger } from './sums.js';
import { anAppend } from './test-ledger.js';

let scene: SumsLedger;
let dossier: string;

beforeAll(async () => {
  scene = await SumsLedger.open();
});

afterAll(() => scene.close());

beforeEach(async () => {
  scene.ledger.clock.move(1_000_000);
  dossier = await scene.begin();
});

const step = (projection: Projection): Promise<string> => scene.projector().step(dossier, projection);

/** A projection without rows, which does this with the events of each step. */
function taking(
  apply: (events: readonly RecordedEvent[], target: Target) => unknown,
  rest: Partial<Projection> = {},
): Projection {
  return {
    name: 'taking',
    version: 1,
    apply: async (events, target) => void (await apply(events, target)),
    clear: () => Promise.resolve(),
    ...rest,
  };
}

/** A log while which is read another process takes in an event of it. */
class Overtaken extends EventLog {
  constructor(private readonly client: Connection) {
    super(client);
  }

  override through(client: Connection): Overtaken {
    return new Overtaken(client);
  }

  override async page(...of: Parameters<EventLog['page']>): Promise<EventPage> {
    const page = await super.page(...of);
    await this.client.query('UPDATE projection_build SET checkpoint = checkpoint + 1 WHERE dossier_id = $1', [
      of[0],
    ]);
    return page;
  }
}

/** Rejects, as whatever was thrown. */
const fail = (reason: unknown): Promise<never> => Promise.reject(reason);

const failure = async (projection: Projection): Promise<unknown> =>
  (await scene.builds().open(dossier, projection))[0]?.failure;

describe('a step', () => {
  it('ends as the build does that has most to do: more, then stopped, then elsewhere, then done', async () => {
    const chokes = new Sums(1, ({ sequence }, { build }) => {
      if (sequence === 2 && build === 1) throw new Error('indigestible');
    });
    await scene.append(501);
    await scene.builds().open(dossier, chokes);
    await scene.builds().start(dossier, chokes);
    expect(await step(chokes)).toBe('more'); // the first one has stopped
    await scene.database.transaction(async (manager) => {
      await new ProjectionBuilds(manager, scene.now).lock(dossier, chokes, 2);
      expect(await step(chokes)).toBe('stopped'); // the second one is elsewhere
    });
    expect(await step(chokes)).toBe('stopped'); // and now done
    await scene.builds().start(dossier, chokes);
    await scene.database.transaction(async (manager) => {
      await new ProjectionBuilds(manager, scene.now).lock(dossier, chokes, 3);
      expect(await step(chokes)).toBe('elsewhere'); // the second one is done
    });
    expect(await step(chokes)).toBe('more');
    expect(await step(chokes)).toBe('done');
  });

  // Break: the filter in Projector.step.
  it('is done where only the builds of other code have something to do', async () => {
    const [old, fresh] = [new Sums(1), new Sums(2)];
    await scene.append(1);
    await scene.builds().open(dossier, old);
    await scene.builds().open(dossier, fresh);
    expect(await step(old)).toBe('done');
    expect(await scene.book()).toMatchObject([{ checkpoint: 1 }, { version: 2, checkpoint: 0 }]);
    expect(await step(fresh)).toBe('done');
    await scene.append(1);
    expect(await step(old)).toBe('done');
    expect(await scene.book()).toMatchObject([{ status: 'retired' }, { status: 'live', checkpoint: 1 }]);
  });

  // Break: the look at what `advance` says in Projector.take.
  it('writes nothing where another process has moved the checkpoint since it read, whatever the lock', async () => {
    const taken: unknown[] = [];
    const projection = taking((events) => taken.push(events));
    await scene.append(1);
    expect(
      await new Projector(scene.database, new Overtaken(scene.ledger.pool), scene.now).step(
        dossier,
        projection,
      ),
    ).toBe('elsewhere');
    expect(taken).toEqual([]);
  });

  it('is of five hundred events, also where they have to be taken in one by one', async () => {
    const sizes: number[] = [];
    const together = taking((events) => {
      sizes.push(events.length);
      return events.length > 1 ? fail(new Error('too many')) : undefined;
    });
    await scene.append(502);
    expect(await step(together)).toBe('more');
    expect([sizes.length, sizes[0], Math.max(...sizes.slice(1))]).toEqual([501, 500, 1]);
    expect(await step(together)).toBe('done');
    expect(await failure(together)).toBeNull();
  });

  // Break: `most` in Projector.step.
  it('is of as many events as are asked for', async () => {
    const sizes: number[] = [];
    await scene.append(5);
    const projection = taking((events) => {
      sizes.push(events.length);
    });
    expect(await scene.projector().step(dossier, projection, 3)).toBe('more');
    expect(await scene.projector().step(dossier, projection, 3)).toBe('done');
    expect(sizes).toEqual([3, 2]);
  });

  it('has nothing to take in where nothing was appended', async () => {
    const sizes: number[] = [];
    const counts = taking((events) => sizes.push(events.length));
    expect(await step(counts)).toBe('done');
    await scene.append(2);
    expect([await step(counts), await step(counts)]).toEqual(['done', 'done']);
    expect(sizes).toEqual([2]);
  });

  // Break: `SET LOCAL synchronous_commit` in Projector.take, or the look at `isDurable`.
  it.each([
    [true, 'on'],
    [false, 'off'],
  ])('waits for the disk only if its rows cannot be derived again: %s', async (isDurable, waits) => {
    const settings: unknown[] = [];
    const asks = taking(
      async (_, { manager }) => settings.push(...(await manager.query('SHOW synchronous_commit'))),
      { isDurable },
    );
    await scene.append(1);
    expect(await step(asks)).toBe('done');
    expect(settings).toEqual([{ synchronous_commit: waits }]);
  });

  it('gives events as they are stored to a projection that takes them so, through the transaction that it writes in', async () => {
    const data: unknown[] = [];
    const through: unknown[] = [];
    const stored = taking(
      async (events, { manager, connection, log, ...target }) => {
        data.push(target, ...events.map((each) => each.data));
        await manager.query(`SET LOCAL application_name = 'this transaction'`);
        through.push(
          (await connection.query('SHOW application_name')).rows,
          (await log.read(dossier, 0, 9)).length,
        );
      },
      { takesAsStored: true },
    );
    await scene.ledger.appender().append(dossier, anAppend(uuidv7(), 1, { data: { a: 1 } }));
    expect(await step(stored)).toBe('done');
    expect(data).toEqual([{ dossier, build: 1 }, '{"a":1}']);
    expect(through).toEqual([[{ application_name: 'this transaction' }], 1]);
  });
});

describe('an event that cannot be taken in', () => {
  beforeEach(() => scene.append(1));

  it.each([
    ['an error', () => fail(new Error('no')), 'no'],
    ['anything else', () => fail('words'), 'words'],
    [
      'a statement that fails',
      (_: unknown, { manager }: Target) => manager.query('SELECT 1/0'),
      'division by zero',
    ],
  ])('is told with %s', async (_, apply, error) => {
    const chokes = taking(apply);
    expect(await step(chokes)).toBe('stopped');
    expect(await failure(chokes)).toEqual({ sequence: 1, type: 'something-happened', error });
  });

  // Break: `isOutage(error) ||` in `blame`.
  it('is not one at which the database said that it is going away', async () => {
    const away = taking(() => fail(Object.assign(new Error('going away'), { code: '57P01' })));
    await expect(step(away)).rejects.toThrow('going away');
    expect(await failure(away)).toBeNull();
  });

  // Break: RETRY in Projector.rests.
  it('is tried again after ten seconds', async () => {
    let tries = 0;
    const chokes = taking(() => fail(new Error(`try ${++tries}`)));
    expect(await step(chokes)).toBe('stopped');
    const before = tries;
    scene.ledger.clock.move(9_999);
    expect(await step(chokes)).toBe('stopped');
    expect(tries).toBe(before);
    scene.ledger.clock.move(1);
    expect(await step(chokes)).toBe('stopped');
    expect(tries).toBeGreaterThan(before);
    expect(await failure(chokes)).toMatchObject({ error: `try ${tries}` });
  });
});

it('clears of each projection what is its own', async () => {
  const cleared: string[] = [];
  const named = (name: string): Projection =>
    taking(() => undefined, {
      name,
      clear: async ({ dossier: of, build, manager }) => {
        await manager.query('SELECT 1');
        if (of === dossier) cleared.push(`${name} ${build}`);
      },
    });
  const [one, two] = [named('one'), named('two')];
  for (const each of [one, two]) {
    await step(each);
    await scene.builds().start(dossier, each);
  }
  await step(two);
  scene.ledger.clock.move(60_001);
  await scene.projector().clearExpired([one, two]);
  await scene.projector().clearExpired([one, two]);
  expect(cleared).toEqual(['two 1']);
});
