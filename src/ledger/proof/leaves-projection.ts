import { LRUCache } from 'lru-cache';
import { bytes, longs } from '../binary-array.js';
import type { RecordedEvent } from '../event.js';
import type { Connection } from '../event-log.js';
import type { Manners } from '../pace.js';
import type { Projection, Target } from '../projection.js';
import { REDACTION, Redactions } from '../redactions.js';
import { entryOf, payloadHash, SALT } from './entry.js';
import type { Gain } from './frontier.js';
import { HASH, leafHash } from './hashing.js';
import { Made } from './made.js';
import { checkLeaves } from './recomputed.js';
import { LedgerDamaged, StoredTree } from './stored-tree.js';

export const LEDGER = 'ledger';

/**
 * Nobody misses leaves until a proof is asked for, and then they hurry. A step costs ten round trips and a commit that waits for the disk,
 * for one leaf as for hundreds: so while appends come more often than once in a second, one is taken in five.
 */
const PATIENT: Manners = { lull: 1_000, leeway: 5_000 };

/** Dossiers whose right edge this process remembers, 8 to 24 KiB each. */
const REMEMBERED = 500;

export interface LeavesOptions {
  /** Bytes that nobody can guess. */
  readonly random: (count: number) => Buffer;
  /** Told that leaves are being made; they are there once their transaction has been committed. */
  readonly made?: (dossier: string) => void;
}

/**
 * Makes a leaf of each event, once and for ever: a salt cannot be drawn again. A second build, which an operator may ask for, checks
 * each leaf that is there against its event instead, and stops at the first that is not its event's.
 */
export class LeavesProjection implements Projection {
  readonly name = LEDGER;
  /** Never raised: leaves are not made anew. */
  readonly version = 1;
  readonly manners = PATIENT;
  readonly takesAsStored = true;
  readonly isDurable = true;
  private readonly edges = new LRUCache<string, Made>({ max: REMEMBERED });

  constructor(private readonly options: LeavesOptions) {}

  async apply(events: readonly RecordedEvent[], { dossier, connection }: Target): Promise<void> {
    await lockLiveBuild(connection, dossier);
    const tree = new StoredTree(connection, dossier);
    const last = await tree.last();
    const size = last?.sequence ?? 0;
    await checkLeaves(
      connection,
      dossier,
      events.filter(({ sequence }) => sequence <= size),
    );
    const fresh = events.filter(({ sequence }) => sequence > size);
    const [first] = fresh;
    if (first === undefined) return;
    if (first.sequence !== size + 1)
      throw new LedgerDamaged(`The leaf before event ${first.sequence} is missing.`);
    const leaves = this.leavesOf(dossier, fresh);
    const edge = this.edge(dossier, last) ?? Made.from(await tree.frontier(size));
    const { frontier, gains } = edge.frontier.grown(leaves.map(({ hash }) => hash));
    await insertLeaves(connection, dossier, size + 1, leaves);
    for (const gain of gains) await growTile(connection, dossier, gain);
    await carryOut(fresh, connection, dossier);
    this.edges.set(dossier, edge.grown(frontier, leaves.at(-1)?.hash));
    this.options.made?.(dossier);
  }

  /** What was made stays: builds have no rows of their own. */
  clear(): Promise<void> {
    return Promise.resolve();
  }

  /** What this process itself made or read of a dossier's right edge, if the last leaf that is stored is of its making: it may have been undone. */
  edge(dossier: string, last: { readonly hash: Buffer } | null): Made | null {
    const edge = this.edges.get(dossier);
    return edge !== undefined && last !== null && edge.endsWith(last.hash) ? edge : null;
  }

  private leavesOf(dossier: string, events: readonly RecordedEvent[]): Leaf[] {
    const salts = this.options.random(events.length * SALT);
    return events.map((event, index) => {
      const salt = salts.subarray(index * SALT, (index + 1) * SALT);
      const payload = payloadHash(salt, event.data as string); // holds: it was read as stored
      return { salt, payload, hash: leafHash(entryOf(dossier, event, payload)) };
    });
  }
}

/**
 * Erases what these events order erased. Here, since a payload must not go before its leaf is made, and since leaves do not go past an order
 * without its being carried out, whatever crashes: whoever makes the next ones carries it out with them.
 */
async function carryOut(
  events: readonly RecordedEvent[],
  connection: Connection,
  dossier: string,
): Promise<void> {
  const redactions = new Redactions(connection);
  for (const { type, sequence } of events) if (type === REDACTION) await redactions.erase(dossier, sequence);
}

interface Leaf {
  readonly salt: Buffer;
  readonly payload: Buffer;
  readonly hash: Buffer;
}

/** A build beside the served one would otherwise make the same leaves at the same time, with other salts. */
async function lockLiveBuild(connection: Connection, dossier: string): Promise<void> {
  await connection.query({
    name: 'ledger lock',
    text: `SELECT FROM projection_build WHERE dossier_id = $1 AND name = $2 AND status = 'live' FOR UPDATE`,
    values: [dossier, LEDGER],
  });
}

async function insertLeaves(
  connection: Connection,
  dossier: string,
  first: number,
  leaves: readonly Leaf[],
): Promise<void> {
  await connection.query({
    name: 'ledger leaves',
    text: `INSERT INTO ledger_leaf (dossier_id, sequence, salt, payload_hash, leaf_hash)
           SELECT $1, l.sequence, l.salt, l.payload_hash, l.leaf_hash
             FROM unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[]) AS l(sequence, salt, payload_hash, leaf_hash)`,
    values: [
      dossier,
      longs(leaves.map((_, index) => first + index)),
      bytes(leaves.map(({ salt }) => salt)),
      bytes(leaves.map(({ payload }) => payload)),
      bytes(leaves.map(({ hash }) => hash)),
    ],
  });
}

const BEGIN_TILE = {
  name: 'ledger begin tile',
  text: 'INSERT INTO ledger_tile (dossier_id, level, index, hashes) SELECT $1, $2, $3, $4 WHERE $5 = 0',
};
const GROW_TILE = {
  name: 'ledger grow tile',
  text: 'UPDATE ledger_tile SET hashes = hashes || $4 WHERE dossier_id = $1 AND level = $2 AND index = $3 AND length(hashes) = $5',
};

async function growTile(
  connection: Connection,
  dossier: string,
  { level, index, before, hashes }: Gain,
): Promise<void> {
  const { rowCount } = await connection.query({
    ...(before === 0 ? BEGIN_TILE : GROW_TILE),
    values: [dossier, level, index, hashes, before * HASH],
  });
  if (rowCount !== 1) throw new LedgerDamaged(`Tile ${level}/${index} has not ${before} hashes.`);
}
