import type { Failure } from '../../src/ledger/projection.js';
import type { ProjectionBuilds } from '../../src/ledger/projection-builds.js';
import { Sums, SumsLedger } from './sums.js';
import { anAppend } from './test-ledger.js';

let scene: SumsLedger;
let dossier: string;
let builds: ProjectionBuilds;

beforeAll(async () => {
  scene = await SumsLedger.open();
  builds = scene.builds();
});

afterAll(() => scene.close());

beforeEach(async () => {
  scene.ledger.clock.move(1_000_000);
  dossier = await scene.begin();
});

const [OLD, NEW] = [new Sums(1), new Sums(2)];
const FAILURE: Failure = { sequence: 1, type: 'something-happened', error: 'indigestible' };

const states = async (): Promise<string[]> =>
  (await scene.book()).map(({ build, version, status }) => `${build}: v${version} ${status}`);

/** Of the dossiers that wait, whether this one does. */
const waits = async (...projections: Sums[]): Promise<boolean> =>
  (await builds.waiting(projections)).includes(dossier);

describe('the book of builds', () => {
  it('opens a first build, which is served from the beginning, and none beside one that is up to date', async () => {
    const opened = await builds.open(dossier, NEW);
    expect(opened).toEqual([
      {
        build: 1,
        version: 2,
        status: 'live',
        checkpoint: 0,
        failure: null,
        isIncomplete: false,
        changedAt: new Date(scene.now()),
      },
    ]);
    expect(await builds.open(dossier, NEW)).toEqual(opened);
    expect(await builds.open(dossier, OLD)).toEqual(opened);
  });

  it('opens one beside an outdated one, once, and gives the one that is served first', async () => {
    await builds.open(dossier, OLD);
    const both = [
      { build: 1, version: 1, status: 'live' },
      { build: 2, version: 2, status: 'building' },
    ];
    for (let again = 0; again < 2; again++) expect(await builds.open(dossier, NEW)).toMatchObject(both);
    expect(await builds.open(dossier, OLD)).toMatchObject(both);
  });

  it('lets one build grow beside the one that is served, and serves it instead or ends it', async () => {
    await builds.open(dossier, OLD);
    await builds.start(dossier, OLD);
    await builds.start(dossier, OLD);
    expect(await states()).toEqual(['1: v1 live', '2: v1 building']);
    expect(await builds.growing(OLD)).toContain(dossier);
    await builds.serve(dossier, OLD, 2);
    expect(await states()).toEqual(['1: v1 retired', '2: v1 live']);
    expect(await builds.growing(OLD)).not.toContain(dossier);
    await builds.start(dossier, OLD);
    expect(await builds.cancel(dossier, OLD)).toBe(true);
    expect(await builds.cancel(dossier, OLD)).toBe(false);
    expect(await states()).toEqual(['1: v1 retired', '2: v1 live', '3: v1 retired']);
  });

  it('keeps account of where a build stopped until it goes on, and of what it lacks for good', async () => {
    await builds.open(dossier, OLD);
    expect(await builds.lock(dossier, OLD, 1)).toBe(0);
    await builds.fail(dossier, OLD, 1, FAILURE);
    expect(await builds.open(dossier, OLD)).toMatchObject([{ failure: FAILURE, isIncomplete: true }]);
    expect(await builds.advance(dossier, OLD, 1, 0, 7)).toBe(true);
    expect(await builds.advance(dossier, OLD, 1, 0, 8)).toBe(false);
    expect(await builds.lock(dossier, OLD, 1)).toBe(7);
    expect(await builds.open(dossier, OLD)).toMatchObject([
      { failure: null, isIncomplete: true, checkpoint: 7 },
    ]);
    expect(await scene.letters()).toMatchObject([{ sequence: '1', error: 'indigestible' }]);
  });

  it('has no checkpoint of a build that is retired, or that other code writes', async () => {
    await builds.open(dossier, OLD);
    expect(await builds.lock(dossier, NEW, 1)).toBeNull();
    expect(await builds.lock(dossier, OLD, 2)).toBeNull();
    await builds.start(dossier, OLD);
    await builds.serve(dossier, OLD, 2);
    expect(await builds.lock(dossier, OLD, 1)).toBeNull();
  });

  it('forgets with a build what it lacked, and nothing of another', async () => {
    await builds.open(dossier, OLD);
    await builds.start(dossier, OLD);
    for (const build of [1, 2]) await builds.fail(dossier, OLD, build, FAILURE);
    await builds.forget(dossier, 'others', 1);
    expect(await scene.letters()).toHaveLength(2);
    await builds.forget(dossier, 'sums', 1);
    expect(await states()).toEqual(['2: v1 building']);
    expect(await scene.letters()).toHaveLength(1);
  });

  // Break: GRACE in ProjectionBuilds.
  it('lets builds be cleared a minute after they were retired, of the projections that are asked about', async () => {
    await builds.open(dossier, OLD);
    await builds.start(dossier, OLD);
    await builds.serve(dossier, OLD, 2);
    const expired = async (): Promise<unknown[]> =>
      (await builds.expired(['others', 'sums'])).filter((each) => each.dossier === dossier);
    scene.ledger.clock.move(60_000);
    expect(await expired()).toEqual([]);
    scene.ledger.clock.move(1);
    expect(await expired()).toEqual([{ dossier, name: 'sums', build: 1 }]);
    expect(await builds.expired(['others'])).toEqual([]);
  });
});

describe('a dossier waits for somebody to advance a projection of it', () => {
  const append = () => scene.ledger.appender().append(dossier, anAppend());

  it('while it has been behind for as long as nobody would leave it so', async () => {
    await builds.open(dossier, OLD);
    scene.ledger.clock.move(3_001);
    expect(await waits(OLD)).toBe(false);
    await append();
    expect(await waits(OLD)).toBe(true);
    await builds.advance(dossier, OLD, 1, 0, 0);
    expect(await waits(OLD)).toBe(false);
  });

  it('while a build grows, but not where it stopped a moment ago', async () => {
    await builds.open(dossier, OLD);
    await builds.start(dossier, OLD);
    expect(await waits(OLD)).toBe(true);
    await builds.fail(dossier, OLD, 2, FAILURE);
    scene.ledger.clock.move(10_000);
    expect(await waits(OLD)).toBe(false);
    scene.ledger.clock.move(1);
    expect(await waits(OLD)).toBe(true);
    await builds.cancel(dossier, OLD);
    expect(await waits(OLD)).toBe(false);
  });

  it('while what is served is outdated and nothing grows beside it that is not', async () => {
    await builds.open(dossier, OLD);
    expect([await waits(OLD), await waits(NEW)]).toEqual([false, true]);
    await builds.open(dossier, NEW);
    expect(await waits(OLD)).toBe(false);
    await builds.cancel(dossier, NEW);
    expect(await waits(NEW)).toBe(true);
  });

  it('of the projections that are asked about', async () => {
    await builds.open(dossier, OLD);
    await builds.start(dossier, OLD);
    const others = Object.assign(new Sums(1), { name: 'others' });
    expect(await waits(others)).toBe(false);
    expect(await waits(others, OLD)).toBe(true);
    expect(await waits()).toBe(false);
  });
});
