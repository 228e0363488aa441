import { isAct } from '../../domain/acts.js';
import type { Assessment } from '../../domain/assessment.js';
import { saidOf } from '../../domain/said-at.js';
import type { Statement } from '../../domain/statement.js';
import { recordChanges, type RecordChange } from '../../dossiers/record-states.js';
import { writeVersions, type VersionTable } from '../../dossiers/version-table.js';
import { Versions } from '../../dossiers/versions.js';
import { projectionVersion } from '../../dossiers/vocabulary.js';
import type { RecordedEvent } from '../../ledger/event.js';
import type { Projection, Target } from '../../ledger/projection.js';

export const STATEMENTS = 'statements';

/** Keeps where every version of every statement and assessment stands, for lists and questions about what was known. */
export class StatementsProjection implements Projection {
  readonly name = STATEMENTS;
  readonly version = projectionVersion(2);

  async apply(events: readonly RecordedEvent[], target: Target): Promise<void> {
    const statements = new Versions<StatementRow>();
    const assessments = new Versions<RecordRow>();
    let begun = 0;
    for (const change of await recordChanges(events, target)) {
      if (change.kind === 'redaction') {
        statements.erase(change.event.streamId);
        assessments.erase(change.event.streamId);
        if (isErasedAct(change.event)) begun++;
      } else if (change.kind === 'statement') renew(statements, change, statementRow(change.after));
      else renew(assessments, change, assessmentRow(change.after));
      if (change.kind === 'statement' && change.before === null) begun++;
    }
    await writeVersions(STATEMENT_TABLE, statements, target);
    await writeVersions(ASSESSMENT_TABLE, assessments, target);
    await count(begun, target);
  }

  async clear({ manager, dossier, build }: Target): Promise<void> {
    for (const table of ['statement_version', 'assessment_version', 'statement_count'])
      await manager.query(`DELETE FROM ${table} WHERE dossier_id = $1 AND build = $2`, [dossier, build]);
  }
}

/** A statement that was erased is counted where it began, as it was before. */
function isErasedAct({ type, redacted }: RecordedEvent): boolean {
  return redacted !== null && isAct(type);
}

/** Ends the row of a record that an event concerns, and begins the next. */
function renew<Row extends object>(versions: Versions<Row>, { before, event }: RecordChange, row: Row): void {
  if (before !== null) versions.close(event.streamId, event.sequence);
  versions.open(event.streamId, event.sequence, row);
}

/** What lists are narrowed, ordered and searched by; what they show is read from the log. */
interface RecordRow {
  readonly origin: number;
  readonly version: number;
  readonly said: number;
  readonly party_id: string | null;
  readonly topic_id: string | null;
  readonly recorded_by: string;
  readonly voided: boolean;
}

interface StatementRow extends RecordRow {
  readonly act: string;
  /** EDTF, as it was given. */
  readonly said_at: string;
  readonly speaker_id: string | null;
  readonly source_id: string | null;
  readonly refers_to: string | null;
}

function statementRow(statement: Statement): StatementRow {
  const { stated, resolved, origin, version, recordedBy, standing } = statement;
  return {
    origin,
    version,
    said: saidOf(stated.saidAt),
    act: stated.act,
    said_at: stated.saidAt,
    party_id: resolved.party,
    speaker_id: stated.speaker,
    topic_id: resolved.topic,
    source_id: stated.source,
    refers_to: stated.refersTo,
    recorded_by: recordedBy,
    voided: standing.status === 'voided',
  };
}

function assessmentRow(assessment: Assessment): RecordRow {
  const { assessed, origin, version, recordedBy, standing } = assessment;
  return {
    origin,
    version,
    said: saidOf(assessed.asOf),
    party_id: assessed.party,
    topic_id: assessed.topic,
    recorded_by: recordedBy,
    voided: standing.status === 'voided',
  };
}

const RECORD_FIELDS = {
  origin: 'bigint',
  version: 'integer',
  said: 'instant',
  party_id: 'uuid',
  topic_id: 'uuid',
  recorded_by: 'text',
  voided: 'boolean',
} as const;

const STATEMENT_TABLE: VersionTable<StatementRow> = {
  name: 'statement_version',
  projection: STATEMENTS,
  record: 'statement_id',
  fields: {
    ...RECORD_FIELDS,
    act: 'text',
    said_at: 'text',
    speaker_id: 'uuid',
    source_id: 'uuid',
    refers_to: 'uuid',
  },
};

const ASSESSMENT_TABLE: VersionTable<RecordRow> = {
  name: 'assessment_version',
  projection: STATEMENTS,
  record: 'assessment_id',
  fields: RECORD_FIELDS,
};

async function count(begun: number, { manager, dossier, build }: Target): Promise<void> {
  if (begun === 0) return;
  await manager.query(
    `INSERT INTO statement_count AS c (dossier_id, build, statements) VALUES ($1, $2, $3)
     ON CONFLICT (dossier_id, build) DO UPDATE SET statements = c.statements + excluded.statements`,
    [dossier, build, begun],
  );
}
