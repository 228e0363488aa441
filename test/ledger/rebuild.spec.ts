import { Bell } from '../../src/ledger/follower.js';
import { Sums, SumsLedger } from './sums.js';
import { anAppend, eventually, times } from './test-ledger.js';

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

describe('a rebuild', () => {
  // Break: in Projector.take, serve the build before it has read an empty page.
  it('under write load equals a fold of everything and is served only once it has caught up', async () => {
    await scene.append(3_000);
    await scene.catchUp(new Sums());
    const bell = new Bell();
    const appender = scene.ledger.appender({ committed: (id) => bell.ring(id) });
    const running = scene.runner([new Sums()], { bell });
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
    await scene.builds().start(dossier, new Sums());
    const served = new Set<number>();
    while (!served.has(2)) {
      const head = (await scene.ledger.log.head(dossier))?.sequence ?? 0;
      const build = await running.caughtUp(dossier, 'sums', head);
      served.add(build);
      const [{ count } = { count: 0 }]: { count: number }[] = await scene.database.query(
        'SELECT count(*)::int AS count FROM test_row WHERE dossier_id = $1 AND build = $2',
        [dossier, build],
      );
      expect(count).toBeGreaterThanOrEqual(head);
    }
    appending = false;
    await load;
    expect(await running.caughtUp(dossier, 'sums', appended)).toBe(2);
    expect(await scene.difference(appended, 2)).toBeNull();
    expect([...served]).toEqual([1, 2]);
    expect(await scene.book()).toMatchObject([
      { build: 1, status: 'retired' },
      { build: 2, status: 'live', checkpoint: appended },
    ]);
  });

  it('that fails half-way leaves what is served untouched', async () => {
    await scene.append(600);
    await scene.catchUp(new Sums());
    const failing = new Sums(1, ({ sequence }, { build }) => {
      if (sequence === 300 && build === 2) throw new Error('indigestible');
    });
    await scene.builds().start(dossier, failing);
    expect(await scene.catchUp(failing)).toBe('stopped');
    await scene.append(5);
    scene.ledger.clock.move(11_000);
    expect(await scene.catchUp(failing)).toBe('stopped');
    expect(await scene.difference(605)).toBeNull();
    expect(await scene.book()).toMatchObject([
      { build: 1, status: 'live', checkpoint: 605 },
      { build: 2, status: 'building', checkpoint: 299 },
    ]);
    expect(await scene.runner([failing]).caughtUp(dossier, 'sums', 605)).toBe(1);
  });

  it('can be cancelled, and begun anew', async () => {
    await scene.append(600);
    await scene.catchUp(new Sums());
    await scene.builds().start(dossier, new Sums());
    await scene.projector().step(dossier, new Sums());
    await scene.builds().cancel(dossier, new Sums());
    expect(await scene.catchUp(new Sums())).toBe('done');
    expect(await scene.book()).toMatchObject([
      { build: 1, status: 'live' },
      { build: 2, status: 'retired', checkpoint: 500 },
    ]);
    await scene.builds().start(dossier, new Sums());
    await scene.builds().start(dossier, new Sums()); // one at a time
    expect(await scene.catchUp(new Sums())).toBe('done');
    expect(await scene.book()).toMatchObject([
      { build: 1, status: 'retired' },
      { build: 2, status: 'retired' },
      { build: 3, status: 'live', checkpoint: 600 },
    ]);
    expect(await scene.difference(600, 3)).toBeNull();
  });

  it('is cleared when nobody can be reading it any more, and not before', async () => {
    await scene.append(10);
    await scene.catchUp(new Sums());
    await scene.builds().start(dossier, new Sums());
    await scene.catchUp(new Sums());
    await scene.projector().clearExpired([new Sums()]);
    expect(await scene.rows(1)).toHaveLength(10);
    scene.ledger.clock.move(61_000);
    await scene.projector().clearExpired([new Sums()]);
    expect(await scene.rows(1)).toEqual([]);
    expect(await scene.difference(10, 2)).toBeNull();
    expect(await scene.book()).toMatchObject([{ build: 2, status: 'live' }]);
  });
});

describe('a new version of a projection', () => {
  it('is built beside the old one, which the old code keeps up until it is replaced', async () => {
    await scene.append(900);
    await scene.catchUp(new Sums(1));
    const [oldCode, newCode] = [new Sums(1), new Sums(2)];
    expect(await scene.projector().step(dossier, newCode)).toBe('more');
    await scene.append(10);
    await scene.catchUp(oldCode);
    expect(await scene.difference(910)).toBeNull();
    expect(await scene.book()).toMatchObject([
      { build: 1, version: 1, status: 'live', checkpoint: 910 },
      { build: 2, version: 2, status: 'building', checkpoint: 500 },
    ]);
    expect(await scene.runner([newCode]).caughtUp(dossier, 'sums', 910)).toBeGreaterThanOrEqual(1);
    await scene.catchUp(newCode);
    expect(await scene.difference(910, 2, 2)).toBeNull();
    expect(await scene.book()).toMatchObject([
      { version: 1, status: 'retired' },
      { version: 2, status: 'live', checkpoint: 910 },
    ]);
  });

  it('is not undone by old code that still runs', async () => {
    await scene.append(5);
    await scene.catchUp(new Sums(2));
    await scene.append(5);
    await scene.catchUp(new Sums(1));
    expect(await scene.book()).toMatchObject([{ build: 1, version: 2, status: 'live', checkpoint: 5 }]);
    await scene.catchUp(new Sums(2));
    expect(await scene.difference(10, 1, 2)).toBeNull();
  });

  // Break: the outdated builds in the sweep of ProjectionRunner.
  it('is begun by the sweep, without a reader or an append', async () => {
    await scene.append(20);
    await scene.catchUp(new Sums(1));
    scene.runner([new Sums(2)]).start();
    await eventually(async () =>
      (await scene.book()).some(({ version, status }) => version === 2 && status === 'live'),
    );
    expect(await scene.difference(20, 2, 2)).toBeNull();
  });
});
