import type { Act } from '../domain/acts.js';
import { POSITION_ASSESSED, type Assessment } from '../domain/assessment.js';
import { saidOf } from '../domain/said-at.js';
import type { Statement } from '../domain/statement.js';
import { recordChanges, type RecordChange } from '../dossiers/record-states.js';
import { writeVersions, type VersionTable } from '../dossiers/version-table.js';
import { Versions } from '../dossiers/versions.js';
import { projectionVersion } from '../dossiers/vocabulary.js';
import { uuids } from '../ledger/binary-array.js';
import type { RecordedEvent } from '../ledger/event.js';
import type { Projection, Target } from '../ledger/projection.js';

export const POSITIONS = 'positions';

/** A row of position_entry apart from its keys and its span of knowledge. */
export interface EntryRow {
  readonly party_id: string;
  readonly topic_id: string;
  readonly said: number;
  readonly origin: number;
  readonly act: Act | typeof POSITION_ASSESSED;
  readonly speaker_id: string | null;
  readonly stance: string | null;
  /** JSON; null where there are none. */
  readonly conditions: string | null;
}

/** Keeps the entries that positions are folded from: a statement inserts one row, a correction closes one and inserts one, a voiding closes one. */
export class PositionsProjection implements Projection {
  readonly name = POSITIONS;
  readonly version = projectionVersion(1);

  async apply(events: readonly RecordedEvent[], target: Target): Promise<void> {
    const versions = new Versions<EntryRow>();
    for (const change of await recordChanges(events, target)) take(change, versions);
    await eraseEntries(versions, target);
    await writeVersions(ENTRY_TABLE, versions, target);
    await addPairs(versions, target);
  }

  async clear({ manager, dossier, build }: Target): Promise<void> {
    for (const table of ['position_entry', 'position_pair'])
      await manager.query(`DELETE FROM ${table} WHERE dossier_id = $1 AND build = $2`, [dossier, build]);
  }
}

function take(change: RecordChange, versions: Versions<EntryRow>): void {
  if (change.kind === 'redaction') return versions.erase(change.event.streamId);
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
    said: saidOf(stated.saidAt),
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
    said: saidOf(asOf),
    origin,
    act: POSITION_ASSESSED,
    speaker_id: null,
    stance,
    conditions: stored(conditions),
  };
}

function stored(conditions: readonly string[]): string | null {
  return conditions.length === 0 ? null : JSON.stringify(conditions);
}

const ENTRY_TABLE: VersionTable<EntryRow> = {
  name: 'position_entry',
  projection: POSITIONS,
  record: 'record_id',
  fields: {
    party_id: 'uuid',
    topic_id: 'uuid',
    said: 'instant',
    origin: 'bigint',
    act: 'text',
    speaker_id: 'uuid',
    stance: 'text',
    conditions: 'json',
  },
};

/** Takes back the entries of what was erased, in every build, and the pairs that had no other: that there was one would tell of it. */
async function eraseEntries(versions: Versions<EntryRow>, { manager, dossier }: Target): Promise<void> {
  const records = versions.erasures();
  if (records.length === 0) return;
  await manager.query(
    `WITH erased AS (
       DELETE FROM position_entry e WHERE e.dossier_id = $1 AND e.record_id = ANY($3::uuid[])
          AND e.build IN (SELECT b.build FROM projection_build b WHERE b.dossier_id = $1 AND b.name = $2)
       RETURNING e.build, e.party_id, e.topic_id)
     DELETE FROM position_pair p USING erased x
      WHERE p.dossier_id = $1 AND p.build = x.build AND p.party_id = x.party_id AND p.topic_id = x.topic_id AND NOT EXISTS (
        SELECT FROM position_entry e WHERE e.dossier_id = $1 AND e.build = x.build AND e.party_id = x.party_id AND e.topic_id = x.topic_id
           AND e.record_id <> ALL($3::uuid[]))`,
    [dossier, POSITIONS, uuids(records)],
  );
}

/** The pairs that have ever had an entry, so that a board need not look for them among all entries. */
async function addPairs(versions: Versions<EntryRow>, { manager, dossier, build }: Target): Promise<void> {
  const pairs = new Map(versions.insertions().map(({ row }) => [`${row.party_id} ${row.topic_id}`, row]));
  if (pairs.size === 0) return;
  const rows = [...pairs.values()];
  await manager.query(
    `INSERT INTO position_pair (dossier_id, build, party_id, topic_id)
     SELECT $1, $2, p.party_id, p.topic_id FROM unnest($3::uuid[], $4::uuid[]) AS p(party_id, topic_id) ON CONFLICT DO NOTHING`,
    [dossier, build, uuids(rows.map((row) => row.party_id)), uuids(rows.map((row) => row.topic_id))],
  );
}
