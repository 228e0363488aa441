import { longs } from '../binary-array.js';
import type { RecordedEvent } from '../event.js';
import type { Connection } from '../event-log.js';
import { entryOf, payloadHash } from './entry.js';
import { leafHash } from './hashing.js';
import { LedgerDamaged } from './stored-tree.js';

interface LeafRow {
  readonly sequence: string;
  readonly salt: Buffer | null;
  readonly payload_hash: Buffer;
  readonly leaf_hash: Buffer;
}

/**
 * The leaves of events as they follow from the events themselves, read as stored, and from their salts. Rejects with LedgerDamaged at the
 * first whose stored leaf is another, or whose payload is not what was hashed. Of a redacted payload nothing is left to be compared.
 */
export async function checkLeaves(
  connection: Connection,
  dossier: string,
  events: readonly RecordedEvent[],
): Promise<Buffer[]> {
  if (events.length === 0) return [];
  const { rows } = await connection.query<LeafRow>({
    name: 'ledger leaves of events',
    text: `SELECT sequence, salt, payload_hash, leaf_hash FROM ledger_leaf WHERE dossier_id = $1 AND sequence = ANY($2::bigint[])`,
    values: [dossier, longs(events.map(({ sequence }) => sequence))],
  });
  const bySequence = new Map(rows.map((row) => [Number(row.sequence), row]));
  return events.map((event) => checked(dossier, event, bySequence.get(event.sequence)));
}

function checked(dossier: string, event: RecordedEvent, row: LeafRow | undefined): Buffer {
  const { sequence, data } = event;
  if (row === undefined) throw new LedgerDamaged(`Event ${sequence} has no leaf.`);
  const text = data as string | null; // holds: it was read as stored
  const { salt } = row;
  if (salt !== null && text !== null) {
    if (!payloadHash(salt, text).equals(row.payload_hash))
      throw new LedgerDamaged(`The payload of event ${sequence} is not the one that was recorded.`);
  } else if (salt !== null || text !== null)
    throw new LedgerDamaged(
      `Of the payload of event ${sequence} and its salt, one is gone without the other.`,
    );
  const leaf = leafHash(entryOf(dossier, event, row.payload_hash));
  if (!leaf.equals(row.leaf_hash))
    throw new LedgerDamaged(`Event ${sequence} is not the one that its leaf was made of.`);
  return leaf;
}
