import type { DataSource } from 'typeorm';
import type { View } from '../../dossiers/reading.js';
import type { Pair } from '../../entries/entries.js';

/** An event of the log that concerned a pair, and the record (statement or assessment) whose stream it is of. */
export interface Step extends Pair {
  readonly sequence: number;
  readonly record: string;
}

/** Finds the events that revised a pair. */
export class Steps {
  constructor(private readonly database: DataSource) {}

  /**
   * Up to `limit` of them after a sequence, in order: those by which an entry of the pair came or went, and corrections of what an entry does
   * not say, such as the quote. Costs what the pair's own rows and its records' own events do.
   */
  async ofPair(
    { dossier, build, known }: View,
    { party, topic }: Pair,
    after: number,
    limit: number,
  ): Promise<Step[]> {
    const rows: { sequence: string; record: string }[] = await this.database.query(
      `SELECT DISTINCT e.sequence, p.record_id AS record
         FROM position_entry p JOIN event e ON e.dossier_id = $1 AND e.stream_id = p.record_id
        WHERE p.dossier_id = $1 AND p.build = $2 AND p.party_id = $3 AND p.topic_id = $4
          AND p.known_from <= $5 AND (p.known_to IS NULL OR p.known_to > $6)
          AND e.sequence > $6 AND e.sequence <= $5
          AND (e.sequence = p.known_from OR e.sequence = p.known_to
               OR (e.type = 'RecordCorrected' AND e.sequence > p.known_from AND (p.known_to IS NULL OR e.sequence < p.known_to)))
        ORDER BY e.sequence LIMIT $7`,
      [dossier.id, build, party, topic, known.sequence, after, limit],
    );
    return rows.map(({ sequence, record }) => ({ sequence: Number(sequence), record, party, topic }));
  }
}
