import { Bell } from '../../src/ledger/follower.js';
import { ProjectionBehind, ProjectionStopped, type Projection } from '../../src/ledger/projection.js';
import { ProjectionStatus } from '../../src/operating/projection-status.js';
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

// Break: in ProjectionStatus.late, `e.recorded_at < p.due`, or the leeway in `due`.
it('a build that nobody brings up is told of once readers wait in vain', async () => {
  const patient: Projection = Object.assign(new Sums(), { name: 'patient', manners: { leeway: 60_000 } });
  const late = async (): Promise<(string | number)[]> => {
    const status = new ProjectionStatus(scene.database, [new Sums(), patient], scene.now);
    return (await status.late()).flatMap(({ name, dossiers }) => [name, dossiers]);
  };
  const before = await late();
  for (const projection of [new Sums(), patient]) await scene.catchUp(projection);
  await scene.append(1);
  expect(await late()).toEqual(before);
  scene.ledger.clock.move(14_000);
  const [, others = 0] = await late();
  scene.ledger.clock.move(2_000);
  const [, sums] = await late();
  expect(Number(sums)).toBeGreaterThan(Number(others));
  expect(await late()).not.toContain('patient');
  scene.ledger.clock.move(60_000);
  expect(await late()).toContain('patient');
  await scene.catchUp(patient);
  expect(await late()).not.toContain('patient');
});

describe('a reader', () => {
  it('waits until what it asks for has been taken in', async () => {
    const bell = new Bell();
    const running = scene.runner([new Sums()], { bell });
    await scene.append(800);
    const build = await running.caughtUp(dossier, 'sums', 800);
    expect(build).toBe(1);
    expect(await scene.difference(800, build)).toBeNull();
  });

  it('is told when that takes too long', async () => {
    const impatient = scene.runner([new Sums()], { patience: 200 });
    await expect(impatient.caughtUp(dossier, 'sums', 1)).rejects.toThrow(ProjectionBehind);
  });

  it('is told when the projection has stopped, with the event at which it did', async () => {
    const chokes = new Sums(1, () => {
      throw new Error('indigestible');
    });
    await scene.append(1);
    await expect(scene.runner([chokes]).caughtUp(dossier, 'sums', 1)).rejects.toThrow(ProjectionStopped);
    await expect(scene.runner([chokes]).caughtUp(dossier, 'sums', 1)).rejects.toThrow(
      'sums cannot take in event 1 (something-happened).',
    );
  });

  it('cannot ask for a projection that there is not', async () => {
    await expect(scene.runner([new Sums()]).caughtUp(dossier, 'none', 1)).rejects.toThrow(RangeError);
  });
});

describe('the runner', () => {
  it('follows its own appends at once', async () => {
    const bell = new Bell();
    const appender = scene.ledger.appender({ committed: (id) => bell.ring(id) });
    scene.runner([new Sums()], { bell }).start();
    await appender.append(dossier, anAppend());
    await eventually(async () => (await scene.rows()).length === 1, 500);
  });

  // Break: the bound of `changed_at` in ProjectionBuilds.waiting, turned around.
  it('takes over what a process left that was killed', async () => {
    await scene.append(5);
    await scene.catchUp(new Sums());
    await scene.append(5); // and nobody here is told
    scene.ledger.clock.move(3_001);
    scene.runner([new Sums()]).start();
    await eventually(async () => (await scene.rows()).length === 10);
    expect(await scene.difference(10)).toBeNull();
  });

  // Break: the bound itself.
  it('leaves alone what another process may be about to take in', async () => {
    await scene.append(5);
    await scene.catchUp(new Sums());
    await scene.append(5);
    scene.ledger.clock.move(2_999);
    expect(await scene.builds().waiting([new Sums()])).toEqual([]);
    scene.ledger.clock.move(2);
    expect(await scene.builds().waiting([new Sums()])).toEqual([dossier]);
    const patient = Object.assign(new Sums(), { manners: { leeway: 10_000 } });
    expect(await scene.builds().waiting([patient])).toEqual([]);
    scene.ledger.clock.move(8_000);
    expect(await scene.builds().waiting([patient])).toContain(dossier); // and others of before
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
    scene.runner([broken, new Sums()], { bell, complain: (error) => complaints.push(error) }).start();
    await scene.append(1_200);
    bell.ring(dossier);
    await eventually(async () => (await scene.rows()).length === 1_200);
  });

  it('when stopped ends after the step under way', async () => {
    const bell = new Bell();
    const running = scene.runner([new Sums()], { bell });
    running.start();
    await scene.append(2_000);
    bell.ring(dossier);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await running.stop();
    const taken = (await scene.rows()).length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await scene.difference(taken)).toBeNull();
  });
});

it('stands in no other dossier’s way', async () => {
  const others = await Promise.all(times(5, () => scene.ledger.newDossier()));
  await Promise.all(others.map((id) => scene.ledger.appender().append(id, manyEvents(20))));
  const running = scene.runner([new Sums()]);
  expect(await Promise.all(others.map((id) => running.caughtUp(id, 'sums', 20)))).toEqual([1, 1, 1, 1, 1]);
});
