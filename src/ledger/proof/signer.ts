import type { Pool } from 'pg';
import type { EventLog } from '../event-log.js';
import { checkpointText, type Checkpoint, type TreeHead } from './checkpoint.js';
import { Checkpoints } from './checkpoints.js';
import { EMPTY_ROOT } from './hashing.js';
import { verifierKeyOf, type KeyFolder, type SigningKey } from './keys.js';
import type { LeavesProjection } from './leaves-projection.js';
import { noteOf, verifierKeyText } from './note.js';
import { provenRoot } from './proven-root.js';
import type { Rotation, Rotations } from './rotation.js';
import type { SignedHeads } from './signed-heads.js';
import { LedgerDamaged, StoredTree } from './stored-tree.js';

/** Why a log is not signed: signing it would contradict what was signed, or nobody can tell whether it would. */
export class SigningRefused extends Error {
  override readonly name = 'SigningRefused';
}

/** Signed up to `checkpoint`; null: nothing is to be signed yet. `awaits`: an event that its next checkpoint must cover. */
export interface Signed {
  readonly checkpoint: Checkpoint | null;
  readonly awaits?: number;
}

export interface SignerOptions {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly keys: KeyFolder;
  readonly heads: SignedHeads;
  readonly rotations: Rotations;
  readonly leaves: LeavesProjection;
  readonly now: () => string;
}

/** How often another process may be quicker. */
const TRIES = 20;

/**
 * Signs the checkpoints of logs: of what is committed alone, and of nothing that does not follow from what was signed last, whether the
 * database tells of it or the data folder. What is signed is kept in the data folder, durably, before anybody sees it.
 */
export class Signer {
  private readonly checkpoints: Checkpoints;

  constructor(private readonly options: SignerOptions) {
    this.checkpoints = new Checkpoints(options.pool);
  }

  /** Signs the leaves that there are now. Rejects with SigningRefused. Call it once at a time for each dossier. */
  async sign(dossier: string): Promise<Signed> {
    try {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const signed = await this.attempt(dossier);
        if (signed !== null) return signed;
      }
    } catch (error) {
      if (error instanceof LedgerDamaged) throw new SigningRefused(error.message, { cause: error });
      throw error;
    }
    throw new SigningRefused('Other processes sign this log all the time.');
  }

  /** Null: another process has signed meanwhile. */
  private async attempt(dossier: string): Promise<Signed | null> {
    const { pool, heads, leaves, now } = this.options;
    // What was signed is read before the leaves: those are there since before it was signed.
    const [kept, published] = await Promise.all([heads.last(dossier), this.checkpoints.last(dossier)]);
    const tree = new StoredTree(pool, dossier);
    const leaf = await tree.last();
    const size = leaf?.sequence ?? 0;
    const signed = distinct(kept?.checkpoint ?? null, published);
    for (const head of signed) await requireWithin(tree, size, head);
    const last = signed.toSorted((one, other) => one.size - other.size).at(-1) ?? null;
    if (last !== null && last !== published) await this.checkpoints.publish(dossier, last, now()); // who signed it was ended before it could
    if (last?.size === size && !(await this.holds(last.publicKey))) return { checkpoint: last };
    const signers = await this.signers(dossier, last, size);
    if ('awaits' in signers) return { checkpoint: last, ...signers };
    if (size === (last?.size ?? 0)) return { checkpoint: last };
    const from = last ?? { size: 0, root: EMPTY_ROOT };
    const made = leaves.edge(dossier, leaf);
    const root = await provenRoot(
      { connection: pool, log: this.options.log, dossier, tree },
      { from, size, made },
    );
    const checkpoint = signedBy(signers, dossier, { size, root });
    if (!(await heads.keep(dossier, kept, checkpoint))) return null;
    await this.checkpoints.publish(dossier, checkpoint, now());
    made?.anchorAt({ size, root });
    return { checkpoint };
  }

  /** The keys that are to sign next; or the event, recorded if need be, by which the log tells of a new key first. */
  private async signers(
    dossier: string,
    last: Checkpoint | null,
    size: number,
  ): Promise<Signers | { readonly awaits: number }> {
    const { keys, rotations, heads } = this.options;
    const all = await keys.all();
    const current = all.at(-1) ?? all[0];
    const barred = [...(await keys.barred()), ...(await heads.keysGivenUp(dossier))];
    const isBarred = ({ publicKey }: SigningKey): boolean => barred.some((key) => key.equals(publicKey));
    if (isBarred(current))
      throw new SigningRefused(
        'What the keys of this data folder have signed since its backup was made may be lost: bring the ledger folder of the lost installation, or replace the key.',
      );
    if (last === null || last.publicKey.equals(current.publicKey)) return { current, old: [] };
    const old = all.find(({ publicKey }) => publicKey.equals(last.publicKey));
    const told = await rotations.of(dossier);
    const rotation = rotationTo(told.all, dossier, last, current);
    if (rotation === undefined) {
      if (old === undefined || current.replacement === null)
        throw new SigningRefused(
          `It was last signed by a key that is not in this data folder: ${verifierKeyText(verifierKeyOf(dossier, last.publicKey))}.`,
        );
      const change = { from: last.publicKey, to: current, after: told.version };
      await rotations.record(dossier, change, current.replacement);
      const { all: now } = await rotations.of(dossier);
      return { awaits: rotationTo(now, dossier, last, current)?.sequence ?? size + 1 };
    }
    if (rotation.sequence > size) return { awaits: rotation.sequence };
    return { current, old: old === undefined || isBarred(old) ? [] : [old] };
  }

  private async holds(publicKey: Buffer): Promise<boolean> {
    return (await this.options.keys.all()).some((key) => key.publicKey.equals(publicKey));
  }

  /**
   * Goes on with a log that is refused, under the current key: an operator's act, recorded in the log. What the data folder knows to be
   * signed is set aside if the log does not follow from it. Rejects with SigningRefused where the current key itself has signed that.
   */
  async goOn(dossier: string, why: { readonly reason: string; readonly recordedBy: string }): Promise<void> {
    const { heads, keys, rotations, pool } = this.options;
    const [kept, published] = await Promise.all([heads.last(dossier), this.checkpoints.last(dossier)]);
    const current = await keys.current();
    const tree = new StoredTree(pool, dossier);
    const size = (await tree.last())?.sequence ?? 0;
    if (published !== null) await requireWithin(tree, size, published);
    const isLost = kept !== null && !(await isWithin(tree, size, kept.checkpoint));
    const before = isLost ? kept.checkpoint : (published ?? kept?.checkpoint);
    if (before === undefined) return;
    if (before.publicKey.equals(current.publicKey)) {
      if (!isLost) return;
      throw new SigningRefused('The current key has signed what is lost: replace it first.');
    }
    if (isLost) await heads.giveUp(dossier, kept);
    const { version } = await rotations.of(dossier);
    await rotations.record(dossier, { from: before.publicKey, to: current, after: version }, why);
  }
}

/** The key whose checkpoint it is, and the one before where it is to sign with it. */
interface Signers {
  readonly current: SigningKey;
  readonly old: readonly SigningKey[];
}

/** The event since a checkpoint by which the log tells of a key. */
function rotationTo(
  rotations: readonly Rotation[],
  dossier: string,
  since: Checkpoint,
  { publicKey }: SigningKey,
): Rotation | undefined {
  const to = verifierKeyText(verifierKeyOf(dossier, publicKey));
  return rotations.findLast((each) => each.to === to && each.sequence > since.size);
}

function signedBy({ current, old }: Signers, dossier: string, head: TreeHead): Checkpoint {
  const text = checkpointText(dossier, head);
  const lines = [...old, current].map((key) => key.line(dossier, text));
  return { ...head, publicKey: current.publicKey, note: noteOf(text, lines) };
}

function distinct(kept: Checkpoint | null, published: Checkpoint | null): Checkpoint[] {
  const unpublished = kept?.note === published?.note ? null : kept;
  return [unpublished, published].filter((head) => head !== null);
}

async function isWithin(tree: StoredTree, size: number, head: TreeHead): Promise<boolean> {
  return head.size <= size && (await tree.frontier(head.size)).root().equals(head.root);
}

async function requireWithin(tree: StoredTree, size: number, head: TreeHead): Promise<void> {
  if (head.size > size)
    throw new SigningRefused(
      `The log has ${size} leaves, but ${head.size} were signed: the database was put back to an older state.`,
    );
  if (!(await isWithin(tree, size, head)))
    throw new SigningRefused(
      `The first ${head.size} leaves are not those that were signed: the log was changed, or grew another future.`,
    );
}
