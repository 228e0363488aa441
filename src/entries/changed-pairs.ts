import type { DataSource } from 'typeorm';
import type { View } from '../dossiers/reading.js';
import type { EventLog } from '../ledger/event-log.js';
import { REDACTION } from '../ledger/redactions.js';
import type { Pair } from './entries.js';

/** Events that are looked through; after more than these a whole board is as soon read. */
const MOST_EVENTS = 2_000;
const RECORDS: ReadonlySet<string> = new Set(['statement', 'assessment']);

/** What came between two states of a log. */
interface Between {
  /** Statements and assessments that an event concerned. */
  readonly records: readonly string[];
  /** Whether anything else could show on a board: another name, something erased. */
  readonly isMore: boolean;
}

/** Finds the pairs that events can have changed, so that nobody need read all of them for the sake of one. */
export class ChangedPairs {
  constructor(
    private readonly database: DataSource,
    private readonly log: EventLog,
  ) {}

  /**
   * The pairs, in the order of their ids, of which a board as known may say something else than one did as known at `since`, at an instant
   * (RFC 3339) before. Null: possibly all.
   */
  async onBoard(view: View, since: number, [before, at]: readonly [string, string]): Promise<Pair[] | null> {
    const between = await this.between(view, since);
    if (between === null || between.isMore || Date.parse(before) > Date.parse(at)) return null;
    return this.pairs(view, between.records, [before, at]);
  }

  /** Those whose entries may be others than they were as known at `since`. Null: possibly all. */
  async inEntries(view: View, since: number): Promise<Pair[] | null> {
    const between = await this.between(view, since);
    return between && this.pairs(view, between.records, null);
  }

  private async between({ dossier, known }: View, since: number): Promise<Between | null> {
    const { sequence } = known;
    if (since > sequence || sequence - since > MOST_EVENTS) return null;
    const events = sequence === since ? [] : await this.log.read(dossier.id, since, sequence - since);
    const ofRecords = events.filter(({ streamKind }) => RECORDS.has(streamKind));
    return {
      records: [...new Set(ofRecords.map(({ streamId }) => streamId))],
      // what has just been entered has no position yet, and sources are not on a board
      isMore: events.some(
        ({ type, streamKind, streamVersion }) =>
          type === REDACTION || !(RECORDS.has(streamKind) || streamKind === 'source' || streamVersion === 1),
      ),
    };
  }

  /** The pairs that these records have, or had; and those of which something was said after the one instant, until the other. */
  private pairs(
    { dossier, build }: View,
    records: readonly string[],
    within: readonly [string, string] | null,
  ): Promise<Pair[]> {
    const ofRecords = 'e.record_id = ANY($3::uuid[])';
    const said = 'e.said > $4::timestamptz AND e.said <= $5::timestamptz';
    const conditions = [
      ofRecords,
      ...(within === null ? [] : [`e.stance IS NOT NULL AND ${said}`, `e.stance IS NULL AND ${said}`]),
    ];
    const some = conditions.map(
      (condition) =>
        `SELECT e.party_id, e.topic_id FROM position_entry e WHERE e.dossier_id = $1 AND e.build = $2 AND ${condition}`,
    );
    return this.database.query(
      `SELECT DISTINCT party_id AS party, topic_id AS topic FROM (${some.join(' UNION ALL ')}) p ORDER BY 1, 2`,
      [dossier.id, build, records, ...(within ?? [])],
    );
  }
}
