import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { ProjectionBehind } from '../../src/ledger/projection.js';
import { SigningRefused } from '../../src/ledger/proof/signer.js';
import { eventually, manyEvents, times } from '../ledger/test-ledger.js';
import { DAMAGED, KeepingScene, SOON } from './keeping-scene.js';

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

describe('a checkpoint that somebody asks for', () => {
  it('is signed at once, and once', async () => {
    const ours = scene.keeping();
    const { keeper, signer } = ours;
    await ours.append(2);
    const first = await keeper.covering(dossier, 2);
    expect(first.size).toBe(2);
    for (const sequence of [0, 1, 2]) expect(await keeper.covering(dossier, sequence)).toEqual(first);
    expect(signer.asked).toEqual([dossier]);
    await scene.ledger.appender().append(dossier, manyEvents(3)); // the leaves of which are made on demand
    expect((await keeper.covering(dossier, 3)).size).toBe(5);
    expect(await scene.signed()).toEqual([2, 5]);
  });

  it('is the last that was signed, though another was published', async () => {
    const ours = scene.keeping();
    const { keeper } = ours;
    for (const count of [1, 1]) {
      await ours.append(count);
      await keeper.sign(dossier);
    }
    await scene.tamper(`DELETE FROM ledger_checkpoint WHERE dossier_id = '${dossier}' AND size = 2`);
    expect((await keeper.covering(dossier, 1)).size).toBe(2);
  });

  it('is the one that was published, where this data folder has signed nothing', async () => {
    const one = scene.keeping();
    await one.append(1);
    await one.keeper.sign(dossier);
    await rm(join(scene.folder, 'signed'), { recursive: true });
    const other = scene.keeping();
    expect((await other.keeper.covering(dossier, 1)).size).toBe(1);
    expect(other.signer.asked).toEqual([dossier]);
  });

  it('is signed by the key of today, after the event that tells of it', async () => {
    const ours = scene.keeping();
    const { keeper, keys } = ours;
    await ours.append(2);
    await keeper.covering(dossier, 2);
    const { publicKey } = await keys.replace({ reason: 'A year has passed.', recordedBy: 'ada' });
    expect(await keeper.covering(dossier, 2)).toMatchObject({ size: 3, publicKey });
  });

  it('is not given while the log is refused, though it is there', async () => {
    const ours = scene.keeping();
    const { keeper } = ours;
    await ours.append(1);
    await keeper.covering(dossier, 1);
    const mend = await scene.damage();
    expect((await keeper.covering(dossier, 1)).size).toBe(1); // nobody has noticed yet
    await expect(keeper.sign(dossier)).rejects.toThrow(SigningRefused);
    await expect(keeper.covering(dossier, 1)).rejects.toThrow(DAMAGED);
    await mend();
    expect((await keeper.covering(dossier, 1)).size).toBe(1);
    expect(keeper.refusals.size).toBe(0);
  });

  it('is published then where it was not', async () => {
    const ours = scene.keeping();
    await ours.append(1);
    await ours.keeper.sign(dossier);
    await scene.tamper(`DELETE FROM ledger_checkpoint WHERE dossier_id = '${dossier}'`);
    expect((await ours.keeper.covering(dossier, 1)).size).toBe(1);
    expect(await scene.signed()).toEqual([1]);
  });

  // Break: the comparison of sizes in covering().
  it('reaches so far, and is none that does not', async () => {
    const ours = scene.keeping({ patience: 100 });
    const { keeper, signer } = ours;
    await ours.append(1);
    const { checkpoint } = await keeper.sign(dossier);
    await ours.append(1);
    const began = performance.now();
    for (const instead of [checkpoint, null]) {
      signer.instead = { checkpoint: instead };
      await expect(keeper.covering(dossier, 2)).rejects.toThrow(ProjectionBehind);
    }
    expect(performance.now() - began).toBeLessThan(10_000); // and not the time that it has where it is not told
    expect((await keeper.covering(dossier, 1)).size).toBe(1);
  });

  it('is told to be late where it takes too long', async () => {
    const ours = scene.keeping({ patience: 0 });
    const { keeper } = ours;
    await ours.append(1);
    const late = keeper.covering(dossier, 1);
    await expect(late).rejects.toThrow(ProjectionBehind);
    await expect(late).rejects.toThrow('The log is not signed up to event 1 yet.');
  });
});

describe('signing a log', () => {
  it('happens once at a time, though it fails', async () => {
    const ours = scene.keeping();
    const { keeper, signer } = ours;
    await ours.append(1);
    const steps: string[] = [];
    signer.trouble = async () => {
      steps.push('begins');
      await new Promise((resolve) => setTimeout(resolve, 5));
      steps.push('goes on');
      if (steps.length === 2) throw new Error('The first one fails.');
    };
    const all = await Promise.allSettled(times(3, () => keeper.sign(dossier)));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(steps).toEqual(times(3, () => ['begins', 'goes on']).flat());
    expect(ours.complaints).toEqual([new Error('The first one fails.')]);
    expect(keeper.refusals).toEqual(new Map());
  });

  // Break: sign() that forgets in the end what another call has begun.
  it('happens once at a time, whoever begins while it does', async () => {
    const ours = scene.keeping();
    const { keeper, signer } = ours;
    let busy = 0;
    const most: number[] = [];
    const begun: Promise<unknown>[] = [];
    signer.trouble = async () => {
      most.push(++busy);
      if (begun.length < 5) begun.push(keeper.sign(dossier));
      await new Promise((resolve) => setTimeout(resolve, 5));
      busy--;
    };
    begun.push(keeper.sign(dossier), keeper.sign(dossier));
    for (const each of begun) await each;
    expect(begun).toHaveLength(5);
    expect(most).toEqual([1, 1, 1, 1, 1]);
  });

  it('does not wait for that of another', async () => {
    const ours = scene.keeping();
    const { keeper, signer } = ours;
    const other = await scene.ledger.newDossier();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    signer.trouble = (of) => (of === dossier ? held : Promise.resolve());
    const signing = keeper.sign(dossier);
    expect((await keeper.sign(other)).checkpoint).toBeNull();
    release();
    expect((await signing).checkpoint).toBeNull();
  });

  it('that is refused is told of once for each reason, and forgotten once it is signed', async () => {
    const ours = scene.keeping();
    const { keeper, signer } = ours;
    await ours.append(1);
    const refuse = async (message: string, of = dossier): Promise<void> => {
      signer.trouble = () => Promise.reject(new SigningRefused(message));
      await expect(keeper.sign(of)).rejects.toThrow(message);
    };
    for (const reason of ['Because.', 'Because.', 'For another reason.', 'Because.']) await refuse(reason);
    expect(ours.complaints.map(String)).toEqual(
      ['Because.', 'For another reason.', 'Because.'].map(
        (reason) => `SigningRefused: The log of dossier ${dossier} is not signed. ${reason}`,
      ),
    );
    await refuse('Because.', 'another');
    await refuse('Because.');
    expect([...keeper.refusals]).toEqual([
      ['another', 'Because.'],
      [dossier, 'Because.'],
    ]);
    signer.trouble = () => Promise.resolve();
    await keeper.sign(dossier);
    expect([...keeper.refusals.keys()]).toEqual(['another']);
  });

  it('that fails while the database is away is nothing to complain of', async () => {
    const ours = scene.keeping();
    const away = Object.assign(new Error('It is away.'), { code: 'ECONNREFUSED' });
    ours.signer.trouble = () => Promise.reject(away);
    await expect(ours.keeper.sign(dossier)).rejects.toThrow(away);
    expect(ours.complaints).toEqual([]);
    expect(ours.keeper.refusals).toEqual(new Map());
  });
});

describe('a keeper that has started', () => {
  // Break: soon() that asks nothing of its timers.
  it('has a log signed soon after it has grown, once for what follows meanwhile', async () => {
    const ours = scene.keeping({ delay: 20 });
    ours.keeper.start();
    for (const turn of [1, 2]) {
      for (let ring = 0; ring < 3; ring++) ours.made.ring(dossier);
      await eventually(() => ours.signer.asked.length === turn, SOON);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ours.signer.asked).toEqual([dossier, dossier]);
  });

  it('does nothing any more once it has stopped', async () => {
    const ours = scene.keeping({ delay: 10, sweep: 1 });
    ours.keys.trouble = () => new Promise((resolve) => setTimeout(resolve, 5));
    ours.keeper.start();
    ours.made.ring(dossier);
    await ours.keeper.stop();
    expect(ours.keys.answered).toBe(1);
    ours.made.ring(uuidv7());
    await ours.append(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ours.signer.asked).toEqual([]);
    expect(ours.keys.asked).toBe(1);
  });

  it('stops once what it is signing is signed', async () => {
    const ours = scene.keeping({ delay: 1 });
    const { keeper, signer } = ours;
    const steps: string[] = [];
    signer.trouble = async () => {
      steps.push('begins');
      await new Promise((resolve) => setTimeout(resolve, 50));
      steps.push('ends');
    };
    keeper.start();
    ours.made.ring(dossier);
    await eventually(() => steps.length === 1);
    await keeper.stop();
    expect(steps).toEqual(['begins', 'ends']);
  });

  it('makes the first key, and looks at all logs of its data folder that are in this database', async () => {
    const one = scene.keeping();
    const others = [await scene.ledger.newDossier(), await scene.ledger.newDossier()];
    for (const id of [dossier, ...others]) {
      await one.append(1, id);
      await one.keeper.sign(id);
    }
    await one.heads.keep(uuidv7(), null, {
      size: 1,
      root: randomBytes(32),
      note: '',
      publicKey: randomBytes(32),
    });
    await scene.damage(others[1]);
    const ours = scene.keeping();
    ours.keeper.start();
    await eventually(() => ours.signer.asked.length === 3 && ours.keeper.refusals.size > 0, SOON);
    await ours.stop();
    expect(ours.signer.asked.toSorted()).toEqual([dossier, ...others].toSorted());
    expect([...ours.keeper.refusals]).toEqual([[others[1], DAMAGED]]);

    const anew = scene.keeping({}, join(scene.folder, 'another'));
    anew.keeper.start();
    await anew.stop();
    expect(await anew.keys.there()).toHaveLength(1);
  });

  it('stops between two logs', async () => {
    const one = scene.keeping();
    for (const id of [dossier, await scene.ledger.newDossier()]) {
      await one.append(1, id);
      await one.keeper.sign(id);
    }
    const ours = scene.keeping();
    let stopped = Promise.resolve();
    ours.signer.trouble = async () => {
      stopped = ours.keeper.stop();
    };
    ours.keeper.start();
    await eventually(() => ours.signer.asked.length > 0, SOON);
    await stopped;
    expect(ours.signer.asked).toHaveLength(1);
  });
});
