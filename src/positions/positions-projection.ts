import type { Act } from '../domain/acts.js';
import { POSITION_ASSESSED, type Assessment } from '../domain/assessment.js';
import { EVENT_TYPES } from '../domain/event-types.js';
import { saidOf } from '../domain/said-at.js';
import type { Statement } from '../domain/statement.js';
import { recordChanges, type RecordChange } from '../dossiers/record-states.js';
import { Versions } from '../dossiers/versions.js';
import type { RecordedEvent } from '../ledger/event.js';
import type { Projection, Target } from '../ledger/projection.js';

export const POSITIONS = 'positions';

/** A row of position_entry apart from its keys and its span of knowledge. */
export interface EntryRow {
  readonly party_id: string;
  readonly topic_id: string;
  readonly said: string;
  readonly origin: number;
  readonly act: Act | typeof POSITION_ASSESSED;
  readonly speaker_id: string | null;
  readonly stance: string | null;
  readonly conditions: readonly string[] | null;
}

/** Keeps the entries that positions are folded from: a statement inserts one row, a correction closes one and inserts one, a voiding closes one. */
export class PositionsProjection implements Projection {
  readonly name = POSITIONS;
  readonly version = 1;

  knows(type: string): boolean {
    return EVENT_TYPES.has(type);
  }

  async apply(events: readonly RecordedEvent[], target: Target): Promise<void> {
    const versions = new Versions<EntryRow>();
    for (const change of await recordChanges(events, target)) take(change, versions);
    await close(versions, target);
    await insert(versions, target);
  }

  async clear({ manager, dossier, build }: Target): Promise<void> {
    for (const table of ['position_entry', 'position_pair'])
      await manager.query(`DELETE FROM ${table} WHERE dossier_id = $1 AND build = $2`, [dossier, build]);
  }
}

function take(change: RecordChange, versions: Versions<EntryRow>): void {
  const before = change.before && entryOf(change.before);
  const after = entryOf(change.after);
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const { streamId, sequence } = change.event;
  if (before !== null) versions.close(streamId, sequence);
  if (after !== null) versions.open(streamId, sequence, after);
}

/** The entry that a record gives as it stands; null if it gives none. */
function entryOf(record: Statement | Assessment): EntryRow | null {
  if (record.standing.status === 'voided') return null;
  return 'stated' in record ? ofStatement(record) : ofAssessment(record);
}

function ofStatement({ stated, resolved, origin }: Statement): EntryRow | null {
  const { party, topic, stance, conditions } = resolved;
  if (party === null || topic === null) return null;
  return {
    party_id: party,
    topic_id: topic,
    said: iso(stated.saidAt),
    origin,
    act: stated.act,
    speaker_id: stated.speaker,
    stance,
    conditions: stored(conditions),
  };
}

function ofAssessment({ assessed, origin }: Assessment): EntryRow {
  const { party, topic, stance, conditions, asOf } = assessed;
  return {
    party_id: party,
    topic_id: topic,
    said: iso(asOf),
    origin,
    act: POSITION_ASSESSED,
    speaker_id: null,
    stance,
    conditions: stored(conditions),
  };
}

function iso(saidAt: string): string {
  return new Date(saidOf(saidAt)).toISOString();
}

function stored(conditions: readonly string[]): readonly string[] | null {
  return conditions.length === 0 ? null : conditions;
}

async function close(versions: Versions<EntryRow>, { manager, dossier, build }: Target): Promise<void> {
  const closings = versions.closings();
  if (closings.length === 0) return;
  await manager.query(
    `UPDATE position_entry e SET known_to = c.sequence
       FROM unnest($3::uuid[], $4::bigint[]) AS c(record, sequence)
      WHERE e.dossier_id = $1 AND e.build = $2 AND e.record_id = c.record AND e.known_to IS NULL`,
    [dossier, build, closings.map(({ record }) => record), closings.map(({ sequence }) => sequence)],
  );
}

async function insert(versions: Versions<EntryRow>, { manager, dossier, build }: Target): Promise<void> {
  const rows = versions.insertions().map(({ record, knownFrom, knownTo, row }) => ({
    record_id: record,
    known_from: knownFrom,
    known_to: knownTo,
    ...row,
  }));
  if (rows.length === 0) return;
  await manager.query(
    `INSERT INTO position_entry (dossier_id, build, record_id, known_from, known_to, party_id, topic_id, said, origin, act, speaker_id, stance, conditions)
     SELECT $1, $2, r.record_id, r.known_from, r.known_to, r.party_id, r.topic_id, r.said, r.origin, r.act, r.speaker_id, r.stance, r.conditions
       FROM json_to_recordset($3) AS r(record_id uuid, known_from bigint, known_to bigint, party_id uuid, topic_id uuid, said timestamptz,
                                       origin bigint, act text, speaker_id uuid, stance text, conditions json)`,
    [dossier, build, JSON.stringify(rows)],
  );
  await manager.query(
    `INSERT INTO position_pair (dossier_id, build, party_id, topic_id)
     SELECT DISTINCT $1::uuid, $2::integer, r.party_id, r.topic_id FROM json_to_recordset($3) AS r(party_id uuid, topic_id uuid)
     ON CONFLICT DO NOTHING`,
    [dossier, build, JSON.stringify(rows)],
  );
}
