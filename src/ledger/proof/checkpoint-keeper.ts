import type { Pool } from 'pg';
import type { Bell } from '../follower.js';
import { isOutage } from '../outage.js';
import { ProjectionBehind } from '../projection.js';
import { PATIENCE, type ProjectionRunner } from '../projection-runner.js';
import type { Checkpoint } from './checkpoint.js';
import { Checkpoints } from './checkpoints.js';
import type { KeyFolder } from './keys.js';
import { LEDGER } from './leaves-projection.js';
import type { SignedHeads } from './signed-heads.js';
import { SigningRefused, type Signed, type Signer } from './signer.js';

/** Milliseconds from a new leaf to the signature that covers it, where nobody waits for it: what follows meanwhile is signed with it. */
const DELAY = 5_000;

/** Milliseconds between two looks for logs that nobody signed. */
const SWEEP = 5_000;

/** Logs that cannot be signed and are tried again at each of these looks. */
const RETRIED = 20;

export interface KeeperOptions {
  readonly pool: Pool;
  readonly signer: Signer;
  readonly runner: ProjectionRunner;
  readonly keys: KeyFolder;
  readonly heads: SignedHeads;
  /** Rings where leaves are being made. */
  readonly made: Bell;
  readonly delay?: number;
  readonly sweep?: number;
  readonly patience?: number;
  /** Told of what goes wrong, once for each log and reason. */
  readonly complain: (error: unknown) => void;
}

/** Sees to it that logs are signed: soon after they have grown, at once where somebody asks, and whatever others left unsigned. */
export class CheckpointKeeper {
  /** Why logs are not signed, by dossier. */
  readonly refusals = new Map<string, string>();
  private readonly signing = new Map<string, Promise<Signed>>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly checkpoints: Checkpoints;
  private sweeper: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: KeeperOptions) {
    this.checkpoints = new Checkpoints(options.pool);
  }

  /** Begins with a look at every log that was ever signed: the database may have been put back. */
  start(): void {
    this.options.made.listen((dossier) => this.soon(dossier));
    this.sweeping = this.background(this.begin()).finally(() => this.sweepLater());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.sweeper);
    this.timers.forEach((timer) => clearTimeout(timer));
    await this.sweeping;
    await Promise.allSettled(this.signing.values());
  }

  /** A checkpoint that covers an event. Rejects with SigningRefused, ProjectionBehind or ProjectionStopped. */
  async covering(dossier: string, sequence: number): Promise<Checkpoint> {
    const there = await this.there(dossier);
    if (there !== null && there.size >= sequence) return there;
    const deadline = performance.now() + (this.options.patience ?? PATIENCE);
    for (let wanted = sequence; performance.now() < deadline;) {
      await this.options.runner.caughtUp(dossier, LEDGER, wanted);
      const { checkpoint, awaits } = await this.sign(dossier);
      if (awaits === undefined && checkpoint !== null && checkpoint.size >= sequence) return checkpoint;
      wanted = Math.max(wanted, awaits ?? 0);
    }
    throw new ProjectionBehind(`The log is not signed up to event ${sequence} yet.`);
  }

  /** Signs what there is, after whatever this process is signing of that log. Rejects with SigningRefused. */
  async sign(dossier: string): Promise<Signed> {
    const before = this.signing.get(dossier) ?? Promise.resolve();
    const signed = before.catch(() => undefined).then(() => this.options.signer.sign(dossier));
    this.signing.set(dossier, signed);
    try {
      const outcome = await signed;
      this.refusals.delete(dossier);
      return outcome;
    } catch (error) {
      this.note(dossier, error);
      throw error;
    } finally {
      if (this.signing.get(dossier) === signed) this.signing.delete(dossier);
    }
  }

  /** What was published last, if it is what was signed last and by the key of today. */
  private async there(dossier: string): Promise<Checkpoint | null> {
    if (this.refusals.has(dossier)) return null;
    const [kept, published, current] = await Promise.all([
      this.options.heads.last(dossier),
      this.checkpoints.last(dossier),
      this.options.keys.current(),
    ]);
    const isLast = kept !== null && published !== null && kept.checkpoint.note === published.note;
    return isLast && published.publicKey.equals(current.publicKey) ? published : null;
  }

  private soon(dossier: string): void {
    if (this.stopped || this.timers.has(dossier)) return;
    const timer = setTimeout(() => {
      this.timers.delete(dossier);
      void this.quietly(dossier);
    }, this.options.delay ?? DELAY).unref();
    this.timers.set(dossier, timer);
  }

  /** What goes wrong has been told of. */
  private async quietly(dossier: string): Promise<void> {
    await this.sign(dossier).catch(() => undefined);
  }

  private note(dossier: string, error: unknown): void {
    if (!(error instanceof SigningRefused)) return isOutage(error) ? undefined : this.options.complain(error);
    if (this.refusals.get(dossier) !== error.message)
      this.options.complain(
        new SigningRefused(`The log of dossier ${dossier} is not signed. ${error.message}`),
      );
    this.refusals.delete(dossier); // so that the one tried last is tried again last
    this.refusals.set(dossier, error.message);
  }

  /** Dossiers that are not in this database are nobody's business here: whoever works with several may keep one data folder. */
  private async begin(): Promise<void> {
    await this.options.keys.current();
    const { rows } = await this.options.pool.query<{ dossier: string }>(
      'SELECT dossier_id AS dossier FROM dossier_head WHERE dossier_id = ANY($1::uuid[])',
      [await this.options.heads.dossiers()],
    );
    for (const { dossier } of rows) if (!this.stopped) await this.quietly(dossier);
  }

  private sweepLater(): void {
    if (this.stopped) return;
    this.sweeper = setTimeout(() => {
      this.sweeping = this.background(this.sweep()).finally(() => this.sweepLater());
    }, this.options.sweep ?? SWEEP).unref();
  }

  private background(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => (isOutage(error) ? undefined : this.options.complain(error)));
  }

  private async sweep(): Promise<void> {
    const refused = [...this.refusals.keys()];
    const { publicKey } = await this.options.keys.current();
    const { rows } = await this.options.pool.query<{ dossier: string }>({
      name: 'ledger unsigned',
      text: `SELECT b.dossier_id AS dossier FROM projection_build b LEFT JOIN LATERAL (
                      SELECT c.size, c.public_key FROM ledger_checkpoint c WHERE c.dossier_id = b.dossier_id ORDER BY c.size DESC LIMIT 1
                    ) c ON true
              WHERE b.name = $1 AND b.status = 'live' AND b.checkpoint > 0 AND (c.size IS NULL OR c.size < b.checkpoint OR c.public_key <> $2)
                AND NOT (b.dossier_id = ANY($3::uuid[]))
              LIMIT 100`,
      values: [LEDGER, publicKey, refused],
    });
    for (const dossier of [...refused.slice(0, RETRIED), ...rows.map((row) => row.dossier)])
      if (!this.stopped && !this.timers.has(dossier)) await this.quietly(dossier);
  }
}
