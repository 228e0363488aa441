import { v7 as uuidv7 } from 'uuid';
import type { KeeperOptions } from '../../src/ledger/proof/checkpoint-keeper.js';
import { SigningRefused } from '../../src/ledger/proof/signer.js';
import { eventually, times } from '../ledger/test-ledger.js';
import { DAMAGED, KeepingScene, SOON, type Keeping } from './keeping-scene.js';

let scene: KeepingScene;
let dossier: string;

beforeAll(async () => {
  scene = await KeepingScene.open();
});

afterAll(() => scene.close());

beforeEach(async () => {
  dossier = await scene.begin();
});

afterEach(() => scene.end());

describe('looking for logs that nobody signed', () => {
  const sweeping = (options: Partial<KeeperOptions> = {}): Keeping => {
    const ours = scene.keeping({ sweep: 20, ...options });
    ours.keeper.start();
    return ours;
  };

  // Break: each of the three alternatives in the query.
  it('signs those that were never signed, that have grown, or that another key has signed', async () => {
    const other = scene.keeping();
    await other.append(2);
    const ours = sweeping();
    await eventually(async () => (await scene.signed()).includes(2), SOON);
    await other.append(1);
    await eventually(async () => (await scene.signed()).includes(3), SOON);
    await ours.keys.replace({ reason: 'A year has passed.', recordedBy: 'ada' });
    await eventually(async () => (await scene.ledger.log.head(dossier))?.sequence === 4, SOON);
  });

  it('leaves alone those that are signed, that are empty, and that are about to be', async () => {
    const other = scene.keeping();
    const [empty, soon, last] = [
      await scene.ledger.newDossier(),
      await scene.ledger.newDossier(),
      await scene.ledger.newDossier(),
    ];
    for (const id of [dossier, soon]) await other.append(1, id);
    await other.runner.caughtUp(empty, 'ledger', 0);
    await other.keeper.sign(dossier);
    const ours = sweeping();
    ours.made.ring(soon);
    await eventually(() => ours.signer.asked.length === 1, SOON); // the one that the data folder knows
    await other.append(1, last);
    await eventually(() => ours.signer.asked.includes(last), SOON);
    expect(ours.signer.asked).toEqual([dossier, last]);
  });

  // Break: leave out what is refused already from the query's conditions.
  it('tries those again that are refused, once at each look, until they can be signed', async () => {
    const one = scene.keeping();
    await one.append(1);
    await one.keeper.sign(dossier);
    await one.append(1);
    const mend = await scene.damage();
    const ours = sweeping();
    await eventually(() => ours.signer.asked.length > 2, SOON);
    expect([...ours.keeper.refusals]).toEqual([[dossier, DAMAGED]]);
    await ours.keeper.stop();
    expect(ours.signer.asked.length).toBeLessThanOrEqual(ours.keys.asked);
    expect(ours.complaints).toHaveLength(1);
    await mend();
    sweeping();
    await eventually(async () => (await scene.signed()).includes(2), SOON);
  });

  // Break: "slice(0, RETRIED)"; note() that leaves a refusal in its place.
  it('tries twenty of those that are refused at a time, each in its turn', async () => {
    const ours = scene.keeping({ sweep: 10 });
    const ids = times(25, () => uuidv7());
    ours.signer.trouble = () => Promise.reject(new SigningRefused('Because.'));
    for (const id of ids) await ours.keeper.sign(id).catch(() => undefined);
    ours.signer.asked.length = 0;
    const before: number[] = []; // how many were asked for, at each look
    ours.keys.trouble = () => Promise.resolve(before.push(ours.signer.asked.length));
    ours.keeper.start();
    await eventually(() => before.length >= 4, SOON);
    await ours.keeper.stop();
    expect(before.slice(0, 4)).toEqual([0, 0, 20, 40]);
    expect(ours.signer.asked.slice(0, 40)).toEqual([...ids, ...ids.slice(0, 15)]);
  });

  it('goes on where it has failed, which is told of unless the database is away', async () => {
    const [broken, away] = [
      new Error('Broken.'),
      Object.assign(new Error('Away.'), { code: 'ECONNREFUSED' }),
    ];
    const errors = [broken, away, broken, away];
    const ours = scene.keeping({ sweep: 1 });
    ours.keys.trouble = async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
    };
    await scene.keeping().append(1);
    ours.keeper.start();
    await eventually(async () => (await scene.signed()).includes(1), SOON);
    expect(ours.complaints).toEqual([broken, broken]);
  });

  it('ends with the log that is being signed where the keeper is stopped', async () => {
    for (const id of [dossier, await scene.ledger.newDossier()]) await scene.keeping().append(1, id);
    const ours = scene.keeping({ sweep: 1 });
    let stopped = Promise.resolve();
    ours.signer.trouble = async () => {
      stopped = ours.keeper.stop();
    };
    ours.keeper.start();
    await eventually(() => ours.signer.asked.length > 0, SOON);
    await stopped;
    expect(ours.signer.asked).toHaveLength(1);
    expect(ours.keys.asked).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ours.keys.asked).toBe(2);
  });
});
