import { readFile, rm, writeFile, readdir, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createPool } from '../../src/database/data-source.js';
import { verifierKeyOf } from '../../src/ledger/proof/keys.js';
import { verifierKeyText } from '../../src/ledger/proof/note.js';
import { Rotations } from '../../src/ledger/proof/rotation.js';
import { SignedHeads } from '../../src/ledger/proof/signed-heads.js';
import { Signer, SigningRefused, type SignerOptions } from '../../src/ledger/proof/signer.js';
import { LedgerDamaged } from '../../src/ledger/proof/stored-tree.js';
import { KeepingScene, type Keeping } from './keeping-scene.js';
import { readNote, readVerifierKey, signersOf } from './verifier.js';

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

/** Signs with what a process has in hand, but for some of it. */
function signer({ keys, heads, rotations, leaves }: Keeping, others: Partial<SignerOptions> = {}): Signer {
  const { pool, log, clock } = scene.ledger;
  return new Signer({ pool, log, keys, heads, rotations, leaves, now: clock.now, ...others });
}

/** A process that has signed a log of so many events. */
async function begun(count: number): Promise<Keeping> {
  const ours = scene.keeping();
  await ours.append(count);
  await ours.signer.sign(dossier);
  return ours;
}

const kept = (): string => join(scene.folder, 'signed', dossier);
const inLog = (condition: string): string => `WHERE dossier_id = '${dossier}' AND ${condition}`;
const WHY = { reason: 'A year has passed.', recordedBy: 'ada' };
const head = async (): Promise<number | undefined> => (await scene.ledger.log.head(dossier))?.sequence;

describe('signing', () => {
  it('an empty log signs nothing', async () => {
    expect(await scene.keeping().signer.sign(dossier)).toEqual({ checkpoint: null });
    expect(await scene.signed()).toEqual([]);
    await expect(readdir(kept())).rejects.toThrow('ENOENT');
  });

  it('what has not grown gives what was signed last', async () => {
    const ours = await begun(2);
    const { checkpoint } = await ours.signer.sign(dossier);
    expect(checkpoint?.size).toBe(2);
    expect(await ours.signer.sign(dossier)).toEqual({ checkpoint });
    expect(await readdir(kept())).toEqual(['1.json']);
  });

  /** Other processes take the next place so many times. */
  class TakenHeads extends SignedHeads {
    takes = 0;
    constructor(private readonly times: number) {
      super(join(scene.folder, 'signed'), uuidv7);
    }
    override async keep(...checkpoint: Parameters<SignedHeads['keep']>): Promise<boolean> {
      return this.takes++ >= this.times && super.keep(...checkpoint);
    }
  }

  it('is tried again where another process was quicker, and published once it is kept', async () => {
    const ours = scene.keeping();
    await ours.append(1);
    const heads = new TakenHeads(2);
    expect((await signer(ours, { heads }).sign(dossier)).checkpoint?.size).toBe(1);
    expect(heads.takes).toBe(3);
    expect(await scene.signed()).toEqual([1]);
  });

  it('is refused where others are quicker all the time', async () => {
    const ours = scene.keeping();
    await ours.append(1);
    const heads = new TakenHeads(Infinity);
    const failed = signer(ours, { heads }).sign(dossier);
    await expect(failed).rejects.toThrow(SigningRefused);
    await expect(failed).rejects.toThrow('Other processes sign this log all the time.');
    expect(heads.takes).toBe(20);
    expect(await scene.signed()).toEqual([]);
  });

  it('is refused, with its cause, where rows were changed', async () => {
    const ours = scene.keeping();
    await ours.append(3);
    await scene.tamper(`DELETE FROM ledger_leaf ${inLog('sequence = 2')}`);
    await expect(ours.signer.sign(dossier)).rejects.toMatchObject({
      name: 'SigningRefused',
      message: 'Tile 0/0 has 2 hashes of 3.',
      cause: expect.any(LedgerDamaged),
    });
  });

  it('fails as it does where anything else is wrong', async () => {
    const pool: Pool = createPool(scene.ledger.database.serviceUrl);
    await pool.end();
    const failed = signer(scene.keeping(), { pool }).sign(dossier);
    await expect(failed).rejects.not.toThrow(SigningRefused);
    await expect(failed).rejects.toThrow('Cannot use a pool after calling end on the pool');
  });

  // Break: anchorAt() in attempt().
  it('rests on the leaves that this process has made, without a look at their events', async () => {
    const ours = await begun(1);
    for (const size of [2, 3]) {
      await ours.append(1);
      await scene.tamper(`UPDATE event SET recorded_by = 'x' ${inLog(`sequence = ${size}`)}`);
      expect((await ours.signer.sign(dossier)).checkpoint?.size).toBe(size);
    }
  });
});

describe('what was signed', () => {
  // Break: distinct() that compares sizes.
  it.each(['the data folder', 'the database'])(
    'is refused where %s tells of another future',
    async (where) => {
      const ours = await begun(3);
      await ours.append(1);
      const path = join(kept(), '1.json');
      const whole = await readFile(path, 'utf8');
      const { root, note } = JSON.parse(whole);
      const other = Buffer.alloc(32, 5).toString('base64');
      if (where === 'the data folder') await writeFile(path, whole.replaceAll(root, other));
      else
        await scene.tamper(
          `UPDATE ledger_checkpoint SET note = '${note.replace(root, other)}' ${inLog('true')}`,
        );
      await expect(ours.signer.sign(dossier)).rejects.toThrow(
        'The first 3 leaves are not those that were signed: the log was changed, or grew another future.',
      );
      expect(await scene.signed()).toEqual([3]);
    },
  );

  it('is refused where there are not so many leaves', async () => {
    const ours = await begun(3);
    await scene.tamper(`DELETE FROM ledger_leaf ${inLog('sequence > 1')}`);
    await expect(ours.signer.sign(dossier)).rejects.toThrow(
      'The log has 1 leaves, but 3 were signed: the database was put back to an older state.',
    );
  });

  it('is published where it was not, and what is older is not', async () => {
    const ours = await begun(1);
    const [first = ''] = await readdir(kept());
    await copyFile(join(kept(), first), join(scene.folder, 'older.json'));
    await ours.append(1);
    await ours.signer.sign(dossier);
    await scene.tamper(`DELETE FROM ledger_checkpoint ${inLog('true')}`);
    expect((await ours.signer.sign(dossier)).checkpoint?.size).toBe(2);
    expect(await scene.signed()).toEqual([2]);
    await rm(kept(), { recursive: true });
    await mkdir(kept());
    await copyFile(join(scene.folder, 'older.json'), join(kept(), first));
    expect((await scene.keeping().signer.sign(dossier)).checkpoint?.size).toBe(2);
    expect(await scene.signed()).toEqual([2]);
  });
});

describe('a key', () => {
  const elsewhere = (): string => join(scene.folder, 'elsewhere');

  it('that this data folder has not is named where it signed last, though another was put in its place', async () => {
    const ours = await begun(1);
    const { publicKey } = await ours.keys.current();
    const stranger = scene.keeping({}, elsewhere());
    await stranger.append(1);
    const said = `It was last signed by a key that is not in this data folder: ${verifierKeyText(verifierKeyOf(dossier, publicKey))}.`;
    await expect(stranger.signer.sign(dossier)).rejects.toThrow(said);
    await stranger.keys.replace(WHY);
    await expect(stranger.signer.sign(dossier)).rejects.toThrow(said);
    expect(await head()).toBe(2);
  });

  it('signs that is the last of them', async () => {
    const ours = scene.keeping();
    await ours.append(1);
    const keys = [await ours.keys.current(), await ours.keys.replace(WHY), await ours.keys.replace(WHY)];
    const { checkpoint } = await ours.signer.sign(dossier);
    expect(checkpoint?.publicKey).toEqual(keys[2]?.publicKey);
  });

  it('signs after the event that tells of it, whoever recorded another one meanwhile', async () => {
    const ours = await begun(1);
    const last = await ours.keys.current();
    const other = scene.keeping({}, elsewhere());
    const third = await other.keys.current();
    class Overtaken extends Rotations {
      override async record(...rotation: Parameters<Rotations['record']>): Promise<void> {
        const [of, change, why] = rotation;
        await super.record(of, { ...change, to: third }, { ...why, reason: 'Quicker.' });
        await super.record(...rotation);
      }
    }
    const { ledger } = scene;
    const rotations = new Overtaken(ledger.log, ledger.appender(), uuidv7);
    await ours.keys.replace(WHY);
    expect(await signer(ours, { rotations }).sign(dossier)).toMatchObject({
      checkpoint: { size: 1, publicKey: last.publicKey },
      awaits: 2,
    });
    expect((await ours.rotations.of(dossier)).all).toMatchObject([{ reason: 'Quicker.' }]);
    expect(await ours.signer.sign(dossier)).toMatchObject({ awaits: 3 });
    expect(await ours.signer.sign(dossier)).toMatchObject({ awaits: 3 });
    expect(await head()).toBe(3);
  });

  // Break: ">=" in rotationTo().
  it('is told of again where the one before has signed the event that tells of it', async () => {
    const one = await begun(1);
    await mkdir(elsewhere());
    await copyFile(join(scene.folder, 'key-1.json'), join(elsewhere(), 'key-1.json'));
    const other = scene.keeping({}, elsewhere());
    await other.keys.replace(WHY);
    expect(await other.signer.sign(dossier)).toMatchObject({ awaits: 2 });
    await one.runner.caughtUp(dossier, 'ledger', 2);
    expect((await one.signer.sign(dossier)).checkpoint?.size).toBe(2);
    expect(await other.signer.sign(dossier)).toMatchObject({ awaits: 3 });
  });
});

describe('going on with a log that is refused', () => {
  const elsewhere = (): string => join(scene.folder, 'elsewhere');

  it('changes nothing where none of it was signed, or the current key has signed it', async () => {
    const ours = scene.keeping();
    await ours.signer.goOn(dossier, WHY);
    await ours.append(1);
    await ours.signer.goOn(dossier, WHY);
    await ours.signer.sign(dossier);
    await ours.signer.goOn(dossier, WHY);
    expect(await head()).toBe(1);
  });

  it('is under the key of today, where the one that signed is lost', async () => {
    const old = await begun(2);
    const ours = scene.keeping({}, elsewhere());
    await ours.signer.goOn(dossier, WHY);
    const [from, to] = [await old.keys.current(), await ours.keys.current()].map(({ publicKey }) =>
      verifierKeyText(verifierKeyOf(dossier, publicKey)),
    );
    expect((await ours.rotations.of(dossier)).all).toEqual([{ sequence: 3, reason: WHY.reason, from, to }]);
    await ours.runner.caughtUp(dossier, 'ledger', 3);
    const note = readNote((await ours.signer.sign(dossier)).checkpoint?.note ?? '');
    const keys = [from, to].map((text = '') => readVerifierKey(text));
    expect(signersOf(note, keys)).toEqual(keys.slice(1));
  });

  it('is under the key of today, where it was signed and never published', async () => {
    const ours = await begun(2);
    await scene.tamper(`DELETE FROM ledger_checkpoint ${inLog('true')}`);
    await ours.keys.replace(WHY);
    await ours.signer.goOn(dossier, WHY);
    expect((await ours.rotations.of(dossier)).all).toHaveLength(1);
    expect(await readdir(kept())).toEqual(['1.json']);
  });

  it('sets aside what was signed and is lost, and is told of in the log', async () => {
    const ours = await begun(3);
    await scene.tamper(
      `DELETE FROM event ${inLog('sequence > 1')}; DELETE FROM ledger_leaf ${inLog('sequence > 1')};
       DELETE FROM ledger_checkpoint ${inLog('true')};
       UPDATE dossier_head SET sequence = 1 ${inLog('true')}; UPDATE projection_build SET checkpoint = 1 ${inLog('true')}`,
    );
    await expect(ours.signer.goOn(dossier, WHY)).rejects.toThrow(
      'The current key has signed what is lost: replace it first.',
    );
    await ours.keys.replace(WHY);
    await ours.signer.goOn(dossier, WHY);
    expect(await readdir(kept())).toEqual(['given-up-1.json']);
    expect((await ours.rotations.of(dossier)).all).toHaveLength(1);
    await scene.keeping().runner.caughtUp(dossier, 'ledger', 2);
    expect((await ours.signer.sign(dossier)).checkpoint?.size).toBe(2);
  });

  it('is refused where what was published is not in it', async () => {
    const ours = await begun(2);
    await ours.keys.replace(WHY);
    await scene.damage();
    const failed = ours.signer.goOn(dossier, WHY);
    await expect(failed).rejects.toThrow(SigningRefused);
    await expect(failed).rejects.toThrow('The first 2 leaves are not those that were signed');
    expect(await head()).toBe(2);
  });
});
