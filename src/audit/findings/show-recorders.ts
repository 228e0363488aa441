import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { RECORD_CORRECTED, RECORD_RESTORED, RECORD_VOIDED } from '../../domain/statement.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { Reading, type Known, type KnownInput } from '../../dossiers/reading.js';

/** How many of somebody's records one recorder corrected or voided. */
export interface RecordsTouched {
  readonly by: string;
  readonly records: number;
}

/** What a recorder did to the record, in events, and what became of the records that they entered. The addresses list both. */
export interface RecorderAudit {
  readonly recorder: string;
  readonly recorded: number;
  readonly corrected: number;
  readonly voided: number;
  readonly restored: number;
  readonly theirs: {
    readonly corrected: readonly RecordsTouched[];
    readonly voided: readonly RecordsTouched[];
  };
  readonly revisions: string;
  readonly statements: string;
}

export interface RecordersAudit {
  readonly known: Known;
  readonly recorders: readonly RecorderAudit[];
}

/** Everyone who recorded or revised statements or assessments of a dossier, as known, by name. */
export class ShowRecorders extends Query<RecordersAudit> {
  constructor(
    readonly dossier: string,
    readonly known: KnownInput,
  ) {
    super();
  }
}

/** The events about records that are counted. A redaction is not the recorder's doing. */
const COUNTED = [RECORD_CORRECTED, RECORD_VOIDED, RECORD_RESTORED];

interface Tally {
  readonly recorder: string;
  /** Null: the event began its stream, so it recorded something. */
  readonly type: string | null;
  readonly owner: string;
  readonly events: number;
  readonly records: number;
}

@QueryHandler(ShowRecorders)
export class ShowRecordersHandler implements IQueryHandler<ShowRecorders> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly reading: Reading,
    private readonly database: DataSource,
  ) {}

  async execute({ dossier, known: input }: ShowRecorders): Promise<RecordersAudit> {
    const current = await this.dossiers.current(dossier);
    const known = await this.reading.known(current, input);
    const tallies = await this.tallies(current.id, known.sequence);
    const names = new Set(tallies.flatMap(({ recorder, owner }) => [recorder, owner]));
    const recorders = [...names].toSorted().map((name) => auditOf(name, tallies, current.id, known));
    return { known, recorders };
  }

  /** Who did how much to whose records. Costs a look at the envelopes of the log; whose a record was is looked up for the few revisions only. */
  private tallies(dossier: string, known: number): Promise<Tally[]> {
    return this.database.query(
      `SELECT recorded_by AS recorder, recorded_by AS owner, NULL AS type, count(*)::int AS events, count(*)::int AS records
         FROM event WHERE dossier_id = $1 AND sequence <= $2 AND stream_kind IN ('statement', 'assessment') AND stream_version = 1
        GROUP BY 1
       UNION ALL
       SELECT e.recorded_by, o.recorded_by, e.type, count(*)::int, count(DISTINCT e.stream_id)::int
         FROM event e JOIN event o ON o.dossier_id = $1 AND o.stream_id = e.stream_id AND o.stream_version = 1
        WHERE e.dossier_id = $1 AND e.sequence <= $2 AND e.stream_kind IN ('statement', 'assessment')
          AND e.stream_version > 1 AND e.type = ANY($3)
        GROUP BY 1, 2, 3`,
      [dossier, known, COUNTED],
    );
  }
}

function auditOf(
  recorder: string,
  tallies: readonly Tally[],
  dossier: string,
  { sequence }: Known,
): RecorderAudit {
  const own = tallies.filter((each) => each.recorder === recorder);
  const did = (type: Tally['type']): number =>
    own.filter((each) => each.type === type).reduce((sum, { events }) => sum + events, 0);
  const theirs = (type: Tally['type']): RecordsTouched[] =>
    tallies
      .filter((each) => each.owner === recorder && each.type === type)
      .map(({ recorder: by, records }) => ({ by, records }))
      .toSorted((one, other) => (one.by < other.by ? -1 : 1));
  const list = `/api/v1/dossiers/${dossier}`;
  const filter = `recorder=${encodeURIComponent(recorder)}&known=${sequence}`;
  return {
    recorder,
    recorded: did(null),
    corrected: did(RECORD_CORRECTED),
    voided: did(RECORD_VOIDED),
    restored: did(RECORD_RESTORED),
    theirs: { corrected: theirs(RECORD_CORRECTED), voided: theirs(RECORD_VOIDED) },
    revisions: `${list}/revisions?${filter}`,
    statements: `${list}/statements?${filter}&include=voided`,
  };
}
