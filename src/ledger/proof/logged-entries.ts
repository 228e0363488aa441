import { EventLog, type Connection } from '../event-log.js';
import { entryOf } from './entry.js';
import { leafHash } from './hashing.js';
import { LedgerDamaged } from './stored-tree.js';

/** An event as its transparency log has it. */
export interface LoggedEntry {
  readonly sequence: number;
  /** Its bytes, which are UTF-8. */
  readonly entry: string;
  readonly leafHash: Buffer;
  /** The event's data as they are stored, and their salt; null: redacted. */
  readonly payload: { readonly text: string; readonly salt: Buffer } | null;
}

interface LeafRow {
  readonly sequence: string;
  readonly salt: Buffer | null;
  readonly payload_hash: Buffer;
  readonly leaf_hash: Buffer;
}

/** Reads dossiers' entries: envelopes from the events, hashes and salts from the leaves. */
export class LoggedEntries {
  private readonly log: EventLog;

  constructor(private readonly connection: Connection) {
    this.log = new EventLog(connection).stored();
  }

  /** Up to `limit` entries after a sequence, in order, as far as there are leaves; fewer where their payloads are long, at least one. What is wrong with them is for whoever checks them to find. */
  async read(dossier: string, after: number, limit: number): Promise<LoggedEntry[]> {
    const { rows } = await this.connection.query<LeafRow>({
      name: 'ledger entries',
      text: `SELECT sequence, salt, payload_hash, leaf_hash FROM ledger_leaf WHERE dossier_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`,
      values: [dossier, after, limit],
    });
    const last = Number(rows.at(-1)?.sequence ?? after);
    const { events } = await this.log.page(dossier, after, last - after);
    const bySequence = new Map(rows.map((row) => [Number(row.sequence), row]));
    return events.flatMap((event) => {
      const row = bySequence.get(event.sequence);
      if (row === undefined) return [];
      const text = event.data as string; // holds: it was read as stored
      return {
        sequence: event.sequence,
        entry: entryOf(dossier, event, row.payload_hash),
        leafHash: row.leaf_hash,
        payload: row.salt === null ? null : { text, salt: row.salt },
      };
    });
  }

  /** One of them. Rejects with LedgerDamaged where its leaf is another's, or missing. */
  async one(dossier: string, sequence: number): Promise<LoggedEntry> {
    const [found] = await this.read(dossier, sequence - 1, 1);
    if (found?.sequence !== sequence) throw new LedgerDamaged(`Event ${sequence} or its leaf is missing.`);
    if (!leafHash(found.entry).equals(found.leafHash))
      throw new LedgerDamaged(`Event ${sequence} is not the one that its leaf was made of.`);
    return found;
  }
}
