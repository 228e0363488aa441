import type { Pool, PoolClient } from 'pg';
import type { Redacted } from './event.js';

/** The event that orders payloads of its dossier's log erased. Stored, also in the database's own rules: never renamed. */
export const REDACTION = 'PayloadRedacted';

/**
 * In SQL: the orders `r` of dossier $1 that have not been carried out yet, and the numbers `n` that each names. They are those whose leaves
 * have not been made (LeavesProjection): none but for a moment, or after a crash for as long as nobody has made the next leaves.
 */
export const ORDERED = `event r
  CROSS JOIN LATERAL (SELECT json_array_elements_text(r.data -> 'sequences')::bigint AS sequence) n
  WHERE r.dossier_id = $1 AND r.type = '${REDACTION}' AND n.sequence < r.sequence
    AND r.sequence > coalesce((SELECT max(l.sequence) FROM ledger_leaf l WHERE l.dossier_id = $1), 0)`;

/** The data of such an event, as far as they are read here. */
interface Order {
  readonly sequences: readonly number[];
  readonly reason: string;
  readonly basis: string | null;
}

interface Row {
  readonly sequence: string;
  readonly recorded_at: Date;
  readonly recorded_by: string;
  readonly data: Order;
}

/** What was ordered erased from dossiers' logs, and the erasing itself. */
export class Redactions {
  constructor(private readonly connection: Pick<Pool | PoolClient, 'query'>) {}

  /** By the sequence of an event whose payload is gone: what says so. */
  async of(dossier: string, erased: readonly number[]): Promise<Map<number, Redacted>> {
    if (erased.length === 0) return new Map();
    const { rows } = await this.connection.query<Row>({
      name: 'redactions',
      text: `SELECT sequence, recorded_at, recorded_by, data FROM event
              WHERE dossier_id = $1 AND type = '${REDACTION}' AND sequence > $2 ORDER BY sequence DESC`,
      values: [dossier, Math.min(...erased)],
    });
    return new Map(rows.flatMap((row) => row.data.sequences.map((each) => [each, redacted(row)] as const)));
  }

  /**
   * Erases what the event at a sequence orders erased; nothing where that has been done, or where that event orders nothing. All in one
   * transaction, once the leaves of what is to be erased have been made.
   */
  async erase(dossier: string, redaction: number): Promise<void> {
    await this.connection.query('SELECT erase_redacted($1, $2)', [dossier, redaction]);
  }

  /** The last such event about a stream of one of these kinds, in each of these dossiers that has one. */
  async latest(dossiers: readonly string[], streamKinds: readonly string[]): Promise<Map<string, number>> {
    if (dossiers.length === 0) return new Map();
    const { rows } = await this.connection.query<{ dossier_id: string; sequence: string }>({
      name: 'latest redactions',
      text: `SELECT dossier_id, max(sequence) AS sequence FROM event
              WHERE dossier_id = ANY($1) AND type = '${REDACTION}' AND stream_kind = ANY($2) GROUP BY dossier_id`,
      values: [dossiers, streamKinds],
    });
    return new Map(rows.map(({ dossier_id, sequence }) => [dossier_id, Number(sequence)]));
  }
}

function redacted({ sequence, recorded_at, recorded_by, data: { reason, basis } }: Row): Redacted {
  return {
    sequence: Number(sequence),
    recordedAt: recorded_at.toISOString(),
    recordedBy: recorded_by,
    reason,
    basis,
  };
}
