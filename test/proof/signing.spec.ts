import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { EventLog } from '../../src/ledger/event-log.js';
import { Checkpoints } from '../../src/ledger/proof/checkpoints.js';
import { KeyFolder, verifierKeyOf } from '../../src/ledger/proof/keys.js';
import { LeavesProjection } from '../../src/ledger/proof/leaves-projection.js';
import { verifierKeyText } from '../../src/ledger/proof/note.js';
import { Rotations } from '../../src/ledger/proof/rotation.js';
import { SignedHeads } from '../../src/ledger/proof/signed-heads.js';
import { Signer, type Signed } from '../../src/ledger/proof/signer.js';
import { Projector } from '../../src/ledger/projector.js';
import { manyEvents, tamper, TestLedger, times } from '../ledger/test-ledger.js';
import { merkleTreeHash, readCheckpoint, readNote, readVerifierKey, signersOf } from './verifier.js';

let ledger: TestLedger;
let database: DataSource;
let superuser: Client;
let dossier: string;
let folder: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
  database = await ledger.dataSource();
  superuser = await ledger.superuser();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
  folder = await mkdtemp(join(tmpdir(), 'standpoint-keys-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** What a process of the service has in hand to sign. */
class Process {
  readonly leaves = new LeavesProjection({ random: randomBytes });
  readonly keys = new KeyFolder(this.place, ledger.clock.now, uuidv7);
  readonly heads = new SignedHeads(join(this.place, 'signed'), uuidv7);
  readonly signer: Signer;
  private readonly projector: Projector;

  constructor(
    private readonly place = folder,
    pool: Pool = ledger.pool,
  ) {
    const log = new EventLog(pool);
    const rotations = new Rotations(log, ledger.appender({ pool }), uuidv7);
    this.projector = new Projector(database, log, ledger.clock.now);
    const { keys, heads, leaves } = this;
    this.signer = new Signer({ pool, log, keys, heads, rotations, leaves, now: ledger.clock.now });
  }

  async append(count: number): Promise<void> {
    await ledger.appender().append(dossier, manyEvents(count));
    await this.catchUp();
  }

  async catchUp(): Promise<void> {
    while ((await this.projector.step(dossier, this.leaves)) === 'more');
  }

  async sign(): Promise<Signed> {
    return this.signer.sign(dossier);
  }

  /** Until a new key has been told of and has signed. */
  async signAll(): Promise<string> {
    for (;;) {
      const { checkpoint, awaits } = await this.sign();
      if (awaits === undefined) return checkpoint?.note ?? '';
      await this.catchUp();
    }
  }

  async verifierKey(): Promise<string> {
    return verifierKeyText(verifierKeyOf(dossier, (await this.keys.current()).publicKey));
  }
}

async function leafHashes(): Promise<Buffer[]> {
  const { rows } = await ledger.pool.query<{ leaf_hash: Buffer }>(
    'SELECT leaf_hash FROM ledger_leaf WHERE dossier_id = $1 ORDER BY sequence',
    [dossier],
  );
  return rows.map((row) => row.leaf_hash);
}

/** Puts the dossier back to what it was at a sequence, as a restored backup of the database would. */
async function putBack(sequence: number): Promise<void> {
  const of = `WHERE dossier_id = '${dossier}' AND`;
  await tamper(
    superuser,
    `
    DELETE FROM event ${of} sequence > ${sequence}; DELETE FROM ledger_leaf ${of} sequence > ${sequence};
    DELETE FROM ledger_checkpoint ${of} size > ${sequence}; DELETE FROM ledger_tile ${of} true;
    UPDATE dossier_head SET sequence = ${sequence} ${of} true; UPDATE projection_build SET checkpoint = ${sequence} ${of} name = 'ledger'`,
  );
}

const signed = async (): Promise<number[]> =>
  (await new Checkpoints(ledger.pool).after(dossier, 0, 1_000)).map(({ size }) => size);

describe('a checkpoint', () => {
  // Break: keyId() without the name; a text without its last line feed.
  it('is a signed note of the size and root of all leaves, under the key of the log', async () => {
    const process = new Process();
    await process.append(300);
    const note = readNote((await process.sign()).checkpoint?.note ?? '');
    const key = readVerifierKey(await process.verifierKey());
    expect(signersOf(note, [key])).toEqual([key]);
    expect(readCheckpoint(note.text)).toEqual({
      origin: `standpoint/dossier/${dossier}`,
      size: 300,
      root: merkleTreeHash(await leafHashes()),
    });
  });

  // Break: open() of the draft with 0o644.
  it('is signed by a key that its owner alone can read, and that no log shows', async () => {
    const process = new Process();
    await process.append(1);
    const note = (await process.sign()).checkpoint?.note ?? '';
    const path = join(folder, 'key-1.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'signed', dossier, '1.json'))).mode & 0o777).toBe(0o600);
    expect(note).not.toContain(JSON.parse(await readFile(path, 'utf8')).privateKey);
    expect(JSON.stringify(process.keys)).not.toContain('PRIVATE');
    expect((await readdir(folder)).toSorted()).toEqual(['key-1.json', 'signed']); // no draft is left
  });

  // Break: growsFrom() that is always true (the third signature then rests on leaves that were changed).
  it('follows from the one before, in this process, in another, and after a restart', async () => {
    const [one, other] = [new Process(), new Process()];
    for (const process of [one, one, other, one, new Process()]) {
      await process.append(200);
      await process.sign();
    }
    const all = await new Checkpoints(ledger.pool).after(dossier, 0, 100);
    const leaves = await leafHashes();
    expect(all.map(({ size }) => size)).toEqual([200, 400, 600, 800, 1_000]);
    for (const { size, root } of all) expect(root).toEqual(merkleTreeHash(leaves.slice(0, size)));
  });
});

describe('no checkpoint is signed', () => {
  // Break: requireWithin for what the data folder keeps.
  it('of a database that was put back to an older state', async () => {
    const process = new Process();
    await process.append(3);
    await process.sign();
    await process.append(3);
    await process.sign();
    await putBack(4);
    await expect(process.sign()).rejects.toThrow('older state');
    await expect(new Process().sign()).rejects.toThrow('older state');
    expect(await signed()).toEqual([3]);
  });

  // Break: isWithin() that compares sizes alone.
  it('of a database that was put back and grew another future', async () => {
    const process = new Process();
    await process.append(6);
    await process.sign();
    await putBack(4);
    await process.append(5);
    await expect(process.sign()).rejects.toThrow('another future');
    await expect(new Process().sign()).rejects.toThrow('another future');
    expect(await signed()).toEqual([]);
  });

  // Break: the comparison at the end of provenRoot; checkLeaves; requireWithin for what was published.
  it.each([
    [
      'a leaf that was not signed yet',
      'UPDATE ledger_leaf SET leaf_hash = $0 WHERE sequence = 505 AND',
      'changed|not the one',
    ],
    [
      'a leaf on the edge of what was signed',
      'UPDATE ledger_leaf SET leaf_hash = $0 WHERE sequence = 500 AND',
      'those that were signed',
    ],
    ['a tile', `UPDATE ledger_tile SET hashes = $0 WHERE`, 'those that were signed'],
    [
      'an event of which another process made the leaf',
      `UPDATE event SET recorded_by = 'x' WHERE sequence = 505 AND`,
      'not the one',
    ],
    ['a payload likewise', `UPDATE event SET data = '0' WHERE sequence = 505 AND`, 'payload of event 505'],
    ['an event that is gone', 'DELETE FROM event WHERE sequence = 505 AND', 'missing|no leaf'],
    ['a leaf that is gone', 'DELETE FROM ledger_leaf WHERE sequence = 505 AND', 'hashes of|no leaf'],
  ])('over %s', async (_, sql, message) => {
    const process = new Process();
    await process.append(500);
    await process.sign();
    await process.append(10);
    await tamper(
      superuser,
      `${sql.replace('$0', `decode(repeat('00', 32), 'hex')`)} dossier_id = '${dossier}'`,
    );
    await expect(new Process().sign()).rejects.toThrow(new RegExp(message));
    if (sql.includes('ledger_'))
      await expect(process.sign()).rejects.toThrow(/those that were signed|changed|hashes of/);
    expect(await signed()).toEqual([500]);
  });

  it('in one log does not keep others from being signed', async () => {
    const process = new Process();
    await process.append(3);
    await process.sign();
    await putBack(1);
    await expect(process.sign()).rejects.toThrow('older state');
    dossier = await ledger.newDossier();
    await process.append(1);
    expect((await process.sign()).checkpoint?.size).toBe(1);
  });
});

describe('several processes with one data folder', () => {
  // Break: writeExclusively with rename in place of link; keep() without its look at later numbers.
  it('sign one row of checkpoints, each from the one before', async () => {
    const all = times(4, () => new Process());
    for (let round = 0; round < 5; round++) {
      await all[round % 4]?.append(round + 1);
      await Promise.all(all.map((each) => each.sign()));
    }
    expect(await signed()).toEqual([1, 3, 6, 10, 15]);
    expect(await readdir(join(folder, 'signed', dossier))).toEqual(['5.json']);
    expect((await readdir(folder)).filter((name) => name.startsWith('key'))).toEqual(['key-1.json']);
  });

  // Break: return true from keep() where the number is taken.
  it('never sign both futures of a log, even on two databases', async () => {
    const one = new Process();
    await one.append(3);
    await one.sign();
    const kept = await one.heads.last(dossier);
    const [left, right] = [randomBytes(32), randomBytes(32)];
    const took = await Promise.all(
      [left, right].map((root, index) =>
        new Process().heads.keep(dossier, kept, { size: 4 + index, root, note: '', publicKey: left }),
      ),
    );
    expect(took.filter(Boolean)).toHaveLength(1);
    const last = await one.heads.last(dossier);
    await one.heads.keep(dossier, last, { size: 6, root: left, note: '', publicKey: left });
    expect(await one.heads.keep(dossier, kept, { size: 7, root: right, note: '', publicKey: left })).toBe(
      false,
    );
    expect((await one.heads.last(dossier))?.checkpoint.size).toBe(6);
  });

  it('publish what one of them had signed and could not publish', async () => {
    const process = new Process();
    await process.append(3);
    const note = (await process.sign()).checkpoint?.note;
    await tamper(superuser, `DELETE FROM ledger_checkpoint WHERE dossier_id = '${dossier}'`);
    await new Process().sign();
    expect((await new Checkpoints(ledger.pool).last(dossier))?.note).toBe(note);
  });
});

describe('a key', () => {
  // Break: keys: [current] alone in signers().
  it('is replaced by an event, and the first checkpoint that covers it bears both signatures', async () => {
    const process = new Process();
    await process.append(2);
    await process.sign();
    const old = readVerifierKey(await process.verifierKey());
    await process.keys.replace({ reason: 'A year has passed.', recordedBy: 'admin' });
    const other = new Process();
    const young = readVerifierKey(await other.verifierKey());
    const note = readNote(await other.signAll());
    expect(signersOf(note, [old, young])).toEqual([old, young]);
    expect(readCheckpoint(note.text).size).toBe(3);
    const [event] = await ledger.log.read(dossier, 2, 1);
    expect(event).toMatchObject({
      type: 'LedgerKeyRotated',
      streamKind: 'ledger',
      recordedBy: 'admin',
      data: { reason: 'A year has passed.', to: await other.verifierKey() },
    });
    await process.append(1);
    expect(signersOf(readNote(await process.signAll()), [old, young])).toEqual([young]);
  });

  it('is replaced once, whichever processes notice it', async () => {
    const all = times(3, () => new Process());
    await all[0]?.append(2);
    await all[0]?.sign();
    await all[0]?.keys.replace({ reason: 'A year has passed.', recordedBy: 'admin' });
    await Promise.all(all.map((each) => each.signAll()));
    expect((await ledger.log.read(dossier, 2, 10)).map(({ type }) => type)).toEqual(['LedgerKeyRotated']);
  });

  // Break: leave out the refusal in signers().
  it('of another data folder signs nothing of a log that was signed by this one', async () => {
    const process = new Process();
    await process.append(2);
    await process.sign();
    const elsewhere = await mkdtemp(join(tmpdir(), 'standpoint-keys-'));
    const stranger = new Process(elsewhere);
    expect((await stranger.sign()).checkpoint?.size).toBe(2); // nothing is to be signed
    await stranger.append(1);
    await expect(stranger.sign()).rejects.toThrow('not in this data folder');
    await rm(elsewhere, { recursive: true });
  });

  // Break: the refusal of a barred key in signers(); signers() that takes the old key without asking isBarred.
  it('that is barred, as a restored one is, signs nothing, and the one in its place goes on without its signature', async () => {
    const process = new Process();
    await process.append(3);
    await process.sign();
    const old = readVerifierKey(await process.verifierKey());
    await process.keys.bar();
    await process.append(2);
    for (const each of [process, new Process()])
      await expect(each.sign()).rejects.toThrow('may be lost: bring the ledger folder');
    expect(await signed()).toEqual([3]);
    await new Process().keys.replace({ reason: 'Restored.', recordedBy: 'admin' });
    const note = readNote(await process.signAll());
    const young = readVerifierKey(await process.verifierKey());
    expect(signersOf(note, [old, young])).toEqual([young]);
    expect(readCheckpoint(note.text).size).toBe(6);
  });

  // Break: isBarred() without keysGivenUp; goOn() without its refusal of the current key.
  it('never signs again what it would contradict: after a lost future the operator replaces it and goes on', async () => {
    const process = new Process();
    await process.append(3);
    await process.sign();
    await process.append(3);
    const lost = readNote((await process.sign()).checkpoint?.note ?? '');
    const old = readVerifierKey(await process.verifierKey());
    await putBack(4);
    await process.append(5);
    const why = { reason: 'Restored from the backup of Monday.', recordedBy: 'admin' };
    await expect(process.signer.goOn(dossier, why)).rejects.toThrow('replace it first');
    await process.keys.replace(why);
    await expect(process.sign()).rejects.toThrow('another future');
    await process.signer.goOn(dossier, why);
    await process.catchUp();
    const note = readNote(await process.signAll());
    const young = readVerifierKey(await process.verifierKey());
    expect(signersOf(lost, [old])).toEqual([old]);
    expect(signersOf(note, [old, young])).toEqual([young]);
    expect(readCheckpoint(note.text).size).toBe(10);
    await process.append(1);
    expect(readCheckpoint(readNote(await process.signAll()).text).size).toBe(11);
  });
});
