import type { DataSource } from 'typeorm';
import type { View } from '../../dossiers/reading.js';
import type { RevisionKind } from '../../domain/revision.js';
import type { Pair } from '../../entries/entries.js';

/** An event of the log that concerned a pair, and the record (statement or assessment) whose stream it is of. */
export interface Step extends Pair {
  readonly sequence: number;
  readonly record: string;
}

/** The place of a step in the dossier: an event may concern two pairs. */
export type Place = readonly [sequence: number, party: string, topic: string];

/** Which steps of a dossier; `from` and `to` are RFC 3339 instants of recorded-time, both included. */
export interface StepFilter {
  /** Only those after this sequence. */
  readonly since: number;
  readonly party: string | null;
  readonly topic: string | null;
  readonly kind: RevisionKind | null;
  readonly recorder: string | null;
  /** Only those of records that this user entered. */
  readonly enteredBy: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly order: 'oldest' | 'newest';
}

/** Which of the events that record something, or are about the record, are of a kind. */
const OF_KIND: Readonly<Record<RevisionKind, string>> = {
  advance: `e.type NOT IN ('RecordCorrected', 'RecordVoided', 'RecordRestored') AND NOT late.is`,
  backfill: `e.type NOT IN ('RecordCorrected', 'RecordVoided', 'RecordRestored') AND late.is`,
  correction: `e.type = 'RecordCorrected'`,
  voiding: `e.type = 'RecordVoided'`,
  restoration: `e.type = 'RecordRestored'`,
  merge: 'false',
  unmerge: 'false',
};

/** Whether anything later in said-order was known of the pair before the event. */
const LATE = `CROSS JOIN LATERAL (SELECT EXISTS (
    SELECT FROM position_entry q
     WHERE q.dossier_id = $1 AND q.build = $2 AND q.party_id = p.party_id AND q.topic_id = p.topic_id
       AND (q.said, q.origin) > (p.said, p.origin)
       AND q.known_from < e.sequence AND (q.known_to IS NULL OR q.known_to >= e.sequence)) AS is) late`;

/** Finds the events that revised pairs. */
export class Steps {
  constructor(private readonly database: DataSource) {}

  /**
   * Up to `limit` of them after a sequence, in order: those by which an entry of the pair came or went, and corrections of what an entry does
   * not say, such as the quote. Costs what the pair's own rows and its records' own events do: OFFSET 0 keeps the bounds of sequence out of
   * the lookup of events, which PostgreSQL would otherwise, before it knows the table, find by them and so read the log for each row.
   */
  async ofPair(
    { dossier, build, known }: View,
    { party, topic }: Pair,
    after: number,
    limit: number,
  ): Promise<Step[]> {
    const rows: { sequence: string; record: string }[] = await this.database.query(
      `SELECT DISTINCT e.sequence, p.record_id AS record
         FROM position_entry p
         CROSS JOIN LATERAL (SELECT sequence, type FROM event WHERE dossier_id = $1 AND stream_id = p.record_id OFFSET 0) e
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

  /**
   * Up to `limit` steps of the whole dossier beyond a place, in the order of the log or against it. Walks along the log, so a page costs what
   * lies between the steps that are asked for.
   */
  async ofDossier(
    { dossier, build, known }: View,
    { since, party, topic, kind, recorder, enteredBy, from, to, order }: StepFilter,
    beyond: Place | null,
    limit: number,
  ): Promise<Step[]> {
    const [further, direction] = order === 'oldest' ? ['>', 'ASC'] : ['<', 'DESC'];
    const late = kind === 'advance' || kind === 'backfill' ? LATE : '';
    const rows: { sequence: string; record: string; party: string; topic: string }[] =
      await this.database.query(
        `SELECT DISTINCT e.sequence, p.record_id AS record, p.party_id AS party, p.topic_id AS topic
           FROM event e JOIN position_entry p ON p.dossier_id = $1 AND p.build = $2 AND p.record_id = e.stream_id ${late}
          WHERE e.dossier_id = $1 AND e.sequence <= $3
            AND (e.sequence = p.known_from OR e.sequence = p.known_to
                 OR (e.type = 'RecordCorrected' AND e.sequence > p.known_from AND (p.known_to IS NULL OR e.sequence < p.known_to)))
            AND ($4::uuid IS NULL OR p.party_id = $4) AND ($5::uuid IS NULL OR p.topic_id = $5)
            AND ($6::text IS NULL OR e.recorded_by = $6)
            AND ($7::timestamptz IS NULL OR e.recorded_at >= $7) AND ($8::timestamptz IS NULL OR e.recorded_at <= $8)
            AND e.sequence > $13 AND ($9::bigint IS NULL OR e.sequence ${further}= $9)
            AND ($9::bigint IS NULL OR (e.sequence, p.party_id, p.topic_id) ${further} ($9, $10::uuid, $11::uuid))
            AND ($14::text IS NULL OR EXISTS (
              SELECT FROM event o WHERE o.dossier_id = $1 AND o.stream_id = e.stream_id AND o.stream_version = 1 AND o.recorded_by = $14))
            AND ${kind === null ? 'true' : OF_KIND[kind]}
          ORDER BY e.sequence ${direction}, p.party_id ${direction}, p.topic_id ${direction} LIMIT $12`,
        [
          dossier.id,
          build,
          known.sequence,
          party,
          topic,
          recorder,
          from,
          to,
          beyond?.[0] ?? null,
          beyond?.[1] ?? null,
          beyond?.[2] ?? null,
          limit,
          since,
          enteredBy,
        ],
      );
    return rows.map(({ sequence, ...step }) => ({ sequence: Number(sequence), ...step }));
  }
}
