import type { NewEvent } from '../../src/ledger/event.js';
import { EventLog } from '../../src/ledger/event-log.js';
import { ProjectionStopped } from '../../src/ledger/projection.js';
import { ProjectionBuilds } from '../../src/ledger/projection-builds.js';
import { Projector } from '../../src/ledger/projector.js';
import type { Vocabulary } from '../../src/ledger/upcasting.js';
import { Sums, SumsLedger } from './sums.js';
import { anAppend, eventually, manyEvents, times } from './test-ledger.js';

let scene: SumsLedger;
let dossier: string;

beforeAll(async () => {
  scene = await SumsLedger.open();
});

afterAll(() => scene.close());

beforeEach(async () => {
  dossier = await scene.begin();
});

afterEach(() => scene.stopRunners());

describe('a projection', () => {
  it('takes in each event once, in order, in steps', async () => {
    await scene.append(1_234);
    expect(await scene.catchUp(new Sums())).toBe('done');
    expect(await scene.difference(1_234)).toBeNull();
    expect(await scene.catchUp(new Sums())).toBe('done');
    expect(await scene.rows()).toHaveLength(1_234);
  });

  // Break: SKIP LOCKED and the compare-and-set (`AND checkpoint = $4`) in ProjectionBuilds, both: either alone suffices.
  it('takes in each event once while several processes compete for it and others append', async () => {
    const contenders = times(4, () => scene.projector());
    let appending = true;
    const work = contenders.map(async (by) => {
      while (appending) await by.step(dossier, new Sums());
    });
    for (let round = 0; round < 40; round++) await scene.append(7);
    appending = false;
    await Promise.all(work);
    await scene.catchUp(new Sums());
    expect(await scene.difference(280)).toBeNull();
  });

  // Break: apply the rows outside of the transaction, or advance the checkpoint in another.
  it('takes in each event once although its process dies between applying and committing', async () => {
    let deaths = 0;
    const dies = new Sums(1, async ({ sequence }, { manager }) => {
      if (sequence % 100 !== 0 || deaths >= 5) return;
      deaths++;
      await manager.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await scene.append(700);
    while ((await scene.catchUp(dies).catch(() => 'died')) === 'died');
    expect(deaths).toBe(5);
    expect(await scene.difference(700)).toBeNull();
  });

  it('that was overtaken between reading and writing writes nothing', async () => {
    await scene.append(3);
    await scene.catchUp(new Sums());
    expect(await scene.builds().advance(dossier, new Sums(), 1, 0, 3)).toBe(false);
    expect(await scene.builds().advance(dossier, new Sums(), 1, 3, 4)).toBe(true);
  });

  it('is left to the process that has it in hand', async () => {
    await scene.append(1);
    await scene.builds().open(dossier, new Sums());
    await scene.database.transaction(async (manager) => {
      expect(await new ProjectionBuilds(manager, scene.now).lock(dossier, new Sums(), 1)).toBe(0);
      expect(await scene.projector().step(dossier, new Sums())).toBe('elsewhere');
    });
    expect(await scene.catchUp(new Sums())).toBe('done');
  });
});

describe('an event that a projection chokes on', () => {
  const chokes = new Sums(1, ({ sequence }) => {
    if (sequence === 42) throw new Error('indigestible');
  });

  // Break: oneByOne in Projector (the 41 before it are then missing).
  it('stops that projection of that dossier at it, is named, and stops no other', async () => {
    await scene.append(100);
    const other = await scene.ledger.newDossier();
    await scene.ledger.appender().append(other, manyEvents(10));
    expect(await scene.catchUp(chokes)).toBe('stopped');
    expect(await scene.difference(41)).toBeNull();
    expect((await scene.builds().open(dossier, chokes))[0]?.failure).toEqual({
      sequence: 42,
      type: 'something-happened',
      error: 'indigestible',
    });
    expect(await scene.letters()).toEqual([
      { sequence: '42', type: 'something-happened', error: 'indigestible' },
    ]);
    expect(await scene.projector().step(other, chokes)).toBe('done');
  });

  it('is tried again after a while, and once the code is mended the projection goes on by itself', async () => {
    await scene.append(100);
    expect(await scene.catchUp(chokes)).toBe('stopped');
    const mended = scene.runner([new Sums()]);
    mended.start();
    await expect(mended.caughtUp(dossier, 'sums', 100)).rejects.toThrow(ProjectionStopped);
    scene.ledger.clock.move(11_000);
    await eventually(async () => (await scene.rows()).length === 100);
    expect(await scene.difference(100)).toBeNull();
    expect((await scene.builds().open(dossier, chokes))[0]?.failure).toBeNull();
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
    await scene.append(1);
    expect(await scene.catchUp(counts)).toBe('stopped');
    const before = tries;
    for (let round = 0; round < 5; round++) {
      await scene.append(1);
      expect(await scene.catchUp(counts)).toBe('stopped');
    }
    expect(tries).toBe(before);
    scene.ledger.clock.move(11_000);
    expect(await scene.catchUp(counts)).toBe('stopped');
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
  const knowing = (): Projector =>
    new Projector(scene.database, new EventLog(scene.ledger.pool, vocabulary), scene.now);
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
      await scene.append(2);
      const { events, provenance } = anAppend();
      await scene.ledger.appender().append(dossier, { events: [{ ...events[0], ...rest }], provenance });
      expect(await scene.catchUp(new Sums(), knowing())).toBe('done');
    }
    await scene.append(1);
    expect(await scene.catchUp(new Sums(), knowing())).toBe('done');
    expect((await scene.rows()).map(({ sequence }) => sequence)).toEqual(understood);
    expect(await scene.letters()).toEqual(reported);
    await scene.builds().start(dossier, new Sums());
    expect(await scene.catchUp(new Sums(), knowing())).toBe('done');
    expect((await scene.rows(2)).map(({ sequence }) => sequence)).toEqual(understood);
    expect(await scene.letters()).toEqual(reported.flatMap((each) => [each, each]));
    expect(await scene.book()).toMatchObject([
      { status: 'retired', checkpoint: 10 },
      { status: 'live', checkpoint: 10 },
    ]);
  });

  // Break: `lacks` in ProjectionRunner.served.
  it('makes what old code built unfit for newer code, which waits for a build of its own', async () => {
    await scene.append(1);
    const { events, provenance } = anAppend();
    await scene.ledger
      .appender()
      .append(dossier, { events: [{ ...events[0], type: 'unheard-of' }], provenance });
    expect(await scene.catchUp(new Sums(1), knowing())).toBe('done');
    expect(await scene.runner([new Sums(1)]).caughtUp(dossier, 'sums', 2)).toBe(1);
    expect(await scene.runner([new Sums(2)]).caughtUp(dossier, 'sums', 2)).toBe(2);
    expect(await scene.difference(2, 2, 2)).toBeNull();
  });
});

describe('a connection that breaks', () => {
  // Break to see red: in Projector's `blame`, leave out the look whether the scene.database is there.
  it('is not taken for an event that cannot be taken in, in whatever words the driver tells of it', async () => {
    let breaks = 3;
    const sums = new Sums(1, async (_, { manager }) => {
      if (breaks-- <= 0) return;
      await manager.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
      throw new Error('This driver has words of its own.');
    });
    await scene.append(3);
    for (let tries = 0; tries < 3; tries++)
      await expect(scene.projector().step(dossier, sums)).rejects.toThrow('words of its own');
    expect(await scene.projector().step(dossier, sums)).toBe('done');
    expect(await scene.letters()).toEqual([]);
    expect(await scene.difference(3, 1)).toBeNull();
  });
});
