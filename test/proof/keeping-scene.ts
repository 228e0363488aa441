import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Bell } from '../../src/ledger/follower.js';
import { ProjectionRunner } from '../../src/ledger/projection-runner.js';
import { Projector } from '../../src/ledger/projector.js';
import { CheckpointKeeper, type KeeperOptions } from '../../src/ledger/proof/checkpoint-keeper.js';
import { Checkpoints } from '../../src/ledger/proof/checkpoints.js';
import { KeyFolder, type SigningKey } from '../../src/ledger/proof/keys.js';
import { LEDGER, LeavesProjection } from '../../src/ledger/proof/leaves-projection.js';
import { Rotations } from '../../src/ledger/proof/rotation.js';
import { SignedHeads } from '../../src/ledger/proof/signed-heads.js';
import { Signer, type Signed } from '../../src/ledger/proof/signer.js';
import { manyEvents, tamper, TestLedger } from '../ledger/test-ledger.js';

/** Milliseconds, fewer than a keeper takes that was not told to hurry. */
export const SOON = 4_000;

/** Why a log whose first leaf was signed and changed is not signed. */
export const DAMAGED =
  'The first 1 leaves are not those that were signed: the log was changed, or grew another future.';

/** A ledger whose logs processes keep signed, and a data folder for them. */
export class KeepingScene {
  dossier = '';
  folder = '';
  readonly #keeping: Keeping[] = [];

  private constructor(
    readonly ledger: TestLedger,
    readonly database: DataSource,
    private readonly superuser: Client,
  ) {}

  static async open(): Promise<KeepingScene> {
    const ledger = await TestLedger.open();
    return new KeepingScene(ledger, await ledger.dataSource(), await ledger.superuser());
  }

  /** Goes on with a new dossier and data folder. */
  async begin(): Promise<string> {
    this.folder = await mkdtemp(join(tmpdir(), 'standpoint-keys-'));
    this.dossier = await this.ledger.newDossier();
    return this.dossier;
  }

  async end(): Promise<void> {
    for (const each of this.#keeping.splice(0)) await each.stop();
    await this.tamper('DELETE FROM projection_build'); // nobody is to look after these logs again
    await rm(this.folder, { recursive: true });
  }

  close(): Promise<void> {
    return this.ledger.close();
  }

  keeping(options: Partial<KeeperOptions> = {}, folder = this.folder): Keeping {
    const made = new Keeping(this, folder, options);
    this.#keeping.push(made);
    return made;
  }

  async signed(): Promise<number[]> {
    const all = await new Checkpoints(this.ledger.pool).after(this.dossier, 0, 1_000);
    return all.map(({ size }) => size);
  }

  tamper(sql: string): Promise<void> {
    return tamper(this.superuser, sql);
  }

  /** Makes a log one that cannot be signed, and gives what mends it. */
  async damage(dossier = this.dossier): Promise<() => Promise<void>> {
    const leaf = `WHERE dossier_id = '${dossier}' AND sequence = 1`;
    const { rows } = await this.ledger.pool.query<{ leaf_hash: Buffer }>(
      `SELECT leaf_hash FROM ledger_leaf ${leaf}`,
    );
    const put = (hash: Buffer = Buffer.alloc(32)): Promise<void> =>
      this.tamper(`UPDATE ledger_leaf SET leaf_hash = '\\x${hash.toString('hex')}' ${leaf}`);
    await put();
    return () => put(rows[0]?.leaf_hash);
  }
}

/** Signs, and tells of it. */
class WatchedSigner extends Signer {
  readonly asked: string[] = [];
  /** What befalls it before it signs. */
  trouble: (dossier: string) => Promise<unknown> = () => Promise.resolve();
  /** What it tells instead of signing. */
  instead: Signed | null = null;

  override async sign(dossier: string): Promise<Signed> {
    this.asked.push(dossier);
    await this.trouble(dossier);
    return this.instead ?? super.sign(dossier);
  }
}

/** Keys, and how often it was asked which one is to sign. */
class WatchedKeys extends KeyFolder {
  asked = 0;
  answered = 0;
  /** What befalls them before they are read. */
  trouble: () => Promise<unknown> = () => Promise.resolve();

  override async current(): Promise<SigningKey> {
    this.asked++;
    await this.trouble();
    const current = await super.current();
    this.answered++;
    return current;
  }
}

/** What a process has in hand to keep logs signed: unless it is told otherwise hours after they have grown, and at once where somebody asks. */
export class Keeping {
  readonly made = new Bell();
  readonly complaints: unknown[] = [];
  readonly keys: WatchedKeys;
  readonly heads: SignedHeads;
  readonly rotations: Rotations;
  readonly leaves: LeavesProjection;
  readonly signer: WatchedSigner;
  readonly keeper: CheckpointKeeper;
  readonly runner: ProjectionRunner;

  constructor(
    private readonly scene: KeepingScene,
    folder: string,
    options: Partial<KeeperOptions>,
  ) {
    const { ledger, database } = scene;
    const { pool, log, clock } = ledger;
    const { now } = clock;
    const { made, complaints } = this;
    const leaves = new LeavesProjection({ random: randomBytes, made: (dossier) => made.ring(dossier) });
    const complain = (error: unknown): unknown => complaints.push(error);
    const projector = new Projector(database, log, now);
    const rotations = new Rotations(log, ledger.appender(), uuidv7);
    const keys = new WatchedKeys(folder, now, uuidv7);
    const heads = new SignedHeads(join(folder, 'signed'), uuidv7);
    const signer = new WatchedSigner({ pool, log, keys, heads, rotations, leaves, now });
    const runner = new ProjectionRunner({
      ...{ database, projector, projections: [leaves], bell: new Bell(), now, complain },
      isAppending: () => false,
    });
    const hours = { delay: 3_600_000, sweep: 3_600_000, patience: SOON };
    this.keeper = new CheckpointKeeper({
      ...{ pool, signer, runner, keys, heads, made, complain },
      ...hours,
      ...options,
    });
    [this.keys, this.heads, this.rotations, this.leaves] = [keys, heads, rotations, leaves];
    [this.signer, this.runner] = [signer, runner];
  }

  /** With their leaves. */
  async append(count: number, dossier = this.scene.dossier): Promise<void> {
    const { ledger } = this.scene;
    await ledger.appender().append(dossier, manyEvents(count));
    const { sequence = 0 } = (await ledger.log.head(dossier)) ?? {};
    await this.runner.caughtUp(dossier, LEDGER, sequence);
  }

  async stop(): Promise<void> {
    await this.keeper.stop();
    await this.runner.stop();
  }
}
