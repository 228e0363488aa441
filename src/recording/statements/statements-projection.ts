import type { Assessment } from '../../domain/assessment.js';
import { EVENT_TYPES } from '../../domain/event-types.js';
import { saidOf } from '../../domain/said-at.js';
import type { Statement } from '../../domain/statement.js';
import { recordChanges } from '../../dossiers/record-states.js';
import { Versions } from '../../dossiers/versions.js';
import type { RecordedEvent } from '../../ledger/event.js';
import type { Projection, Target } from '../../ledger/projection.js';
import { textSearchConfiguration } from './full-text.js';

export const STATEMENTS = 'statements';

/** Keeps every version of every statement and assessment for lists, searches and questions about what was known. */
export class StatementsProjection implements Projection {
  readonly name = STATEMENTS;
  readonly version = 1;

  knows(type: string): boolean {
    return EVENT_TYPES.has(type);
  }

  async apply(events: readonly RecordedEvent[], target: Target): Promise<void> {
    const statements = new Versions<object>();
    const assessments = new Versions<object>();
    let begun = 0;
    for (const { kind, event, before, after } of await recordChanges(events, target)) {
      const versions = kind === 'statement' ? statements : assessments;
      if (before !== null) versions.close(event.streamId, event.sequence);
      else if (kind === 'statement') begun++;
      versions.open(
        event.streamId,
        event.sequence,
        kind === 'statement' ? statementRow(after) : assessmentRow(after),
      );
    }
    await write(STATEMENT_TABLE, statements, target);
    await write(ASSESSMENT_TABLE, assessments, target);
    await count(begun, target);
  }

  async clear({ manager, dossier, build }: Target): Promise<void> {
    for (const table of ['statement_version', 'assessment_version', 'statement_count'])
      await manager.query(`DELETE FROM ${table} WHERE dossier_id = $1 AND build = $2`, [dossier, build]);
  }
}

function statementRow(statement: Statement): object {
  const { stated, resolved, origin, version, recordedBy, standing } = statement;
  const words = [stated.passage?.exact, stated.summary, stated.note, stated.translation]
    .filter(Boolean)
    .join('\n');
  return {
    origin,
    version,
    said: new Date(saidOf(stated.saidAt)).toISOString(),
    act: stated.act,
    party_id: resolved.party,
    speaker_id: stated.speaker,
    topic_id: resolved.topic,
    source_id: stated.source,
    refers_to: stated.refersTo,
    recorded_by: recordedBy,
    voided: standing.status === 'voided',
    state: statement,
    configuration: textSearchConfiguration(stated.language),
    words,
  };
}

function assessmentRow(assessment: Assessment): object {
  const { assessed, origin, version, recordedBy, standing } = assessment;
  return {
    origin,
    version,
    said: new Date(saidOf(assessed.asOf)).toISOString(),
    party_id: assessed.party,
    topic_id: assessed.topic,
    recorded_by: recordedBy,
    voided: standing.status === 'voided',
    state: assessment,
  };
}

interface Table {
  readonly name: string;
  readonly id: string;
  /** Columns besides the keys, with their types. */
  readonly columns: Readonly<Record<string, string>>;
  /** Further columns that are computed, as SQL over the row `r`. */
  readonly computed: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
}

const STATEMENT_TABLE: Table = {
  name: 'statement_version',
  id: 'statement_id',
  columns: {
    origin: 'bigint',
    version: 'integer',
    said: 'timestamptz',
    act: 'text',
    party_id: 'uuid',
    speaker_id: 'uuid',
    topic_id: 'uuid',
    source_id: 'uuid',
    refers_to: 'uuid',
    recorded_by: 'text',
    voided: 'boolean',
    state: 'json',
  },
  // Words are kept as they stand and as the language's stems, so that both "strike" and a name in any language are found.
  computed: { words: `to_tsvector('simple', r.words) || to_tsvector(r.configuration::regconfig, r.words)` },
  inputs: { words: 'text', configuration: 'text' },
};

const ASSESSMENT_TABLE: Table = {
  name: 'assessment_version',
  id: 'assessment_id',
  columns: {
    origin: 'bigint',
    version: 'integer',
    said: 'timestamptz',
    party_id: 'uuid',
    topic_id: 'uuid',
    recorded_by: 'text',
    voided: 'boolean',
    state: 'json',
  },
  computed: {},
  inputs: {},
};

async function write(
  table: Table,
  versions: Versions<object>,
  { manager, dossier, build }: Target,
): Promise<void> {
  const closings = versions.closings();
  if (closings.length > 0)
    await manager.query(
      `UPDATE ${table.name} v SET known_to = c.sequence
         FROM unnest($3::uuid[], $4::bigint[]) AS c(record, sequence)
        WHERE v.dossier_id = $1 AND v.build = $2 AND v.${table.id} = c.record AND v.known_to IS NULL`,
      [dossier, build, closings.map(({ record }) => record), closings.map(({ sequence }) => sequence)],
    );
  const rows = versions.insertions().map(({ record, knownFrom, knownTo, row }) => ({
    id: record,
    known_from: knownFrom,
    known_to: knownTo,
    ...row,
  }));
  if (rows.length > 0) await manager.query(insertion(table), [dossier, build, JSON.stringify(rows)]);
}

function insertion({ name, id, columns, computed, inputs }: Table): string {
  const plain = Object.keys(columns);
  const read = { id: 'uuid', known_from: 'bigint', known_to: 'bigint', ...columns, ...inputs };
  const record = Object.entries(read).map(([column, type]) => `${column} ${type}`);
  return `INSERT INTO ${name} (dossier_id, build, ${[id, 'known_from', 'known_to', ...plain, ...Object.keys(computed)].join(', ')})
    SELECT $1, $2, ${['id', 'known_from', 'known_to', ...plain].map((column) => `r.${column}`).join(', ')}${Object.values(
      computed,
    )
      .map((sql) => `, ${sql}`)
      .join('')}
      FROM json_to_recordset($3) AS r(${record.join(', ')})`;
}

async function count(begun: number, { manager, dossier, build }: Target): Promise<void> {
  if (begun === 0) return;
  await manager.query(
    `INSERT INTO statement_count AS c (dossier_id, build, statements) VALUES ($1, $2, $3)
     ON CONFLICT (dossier_id, build) DO UPDATE SET statements = c.statements + excluded.statements`,
    [dossier, build, begun],
  );
}
