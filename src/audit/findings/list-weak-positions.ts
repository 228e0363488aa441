import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { foldAssessment, type Assessment } from '../../domain/assessment.js';
import type { Cast, Source } from '../../domain/cast.js';
import { foldPositions, type Position } from '../../domain/position.js';
import type { Named } from '../../domain/rejection.js';
import { foldStatement, type Statement } from '../../domain/statement.js';
import { isReadable, weaknessesOf, type Ground, type Weakness } from '../../domain/weakness.js';
import { Reading, type KnownInput, type View } from '../../dossiers/reading.js';
import { Entries, type Pair, type PairEntries } from '../../entries/entries.js';
import { pairCursor, readPairFilter } from '../../entries/pairs.js';
import { POSITIONS } from '../../entries/positions-projection.js';
import type { Page } from '../../http/paging.js';
import type { RecordedEvent } from '../../ledger/event.js';
import { EventLog } from '../../ledger/event-log.js';
import { viewPresent, viewRecord, type PresentView, type RevisionView } from '../revisions/revision-view.js';

/** Pairs whose records are read at a time. */
const READ = 100;

/**
 * A position whose present rests on little. `basis`: the records that set or reaffirm it, in said-order; the last of them is shown, so that an
 * answer stays of a bounded size however often something was only reported.
 */
export interface WeakPosition extends Pick<RevisionView, 'statement' | 'assessment'> {
  readonly party: Named;
  readonly topic: Named;
  readonly position: PresentView;
  readonly basis: readonly string[];
  readonly reasons: readonly Weakness[];
}

/** The positions at the ends of histories, as known, that rest on little. Sources are taken as they stand now. */
export class ListWeakPositions extends Query<Page<WeakPosition>> {
  constructor(
    readonly dossier: string,
    readonly filter: {
      readonly party?: string | undefined;
      readonly topic?: string | undefined;
      readonly reason?: Weakness | undefined;
    },
    readonly known: KnownInput,
    readonly limit: number,
    readonly cursor?: string | undefined,
  ) {
    super();
  }
}

type Basis = Statement | Assessment;

interface Present extends Pair {
  readonly position: Position;
  readonly basis: readonly string[];
}

@QueryHandler(ListWeakPositions)
export class ListWeakPositionsHandler implements IQueryHandler<ListWeakPositions> {
  constructor(
    private readonly reading: Reading,
    private readonly entries: Entries,
    private readonly log: EventLog,
  ) {}

  async execute({ dossier, filter, known, limit, cursor }: ListWeakPositions): Promise<Page<WeakPosition>> {
    const view = await this.reading.view(dossier, POSITIONS, known);
    const { cast } = view.dossier;
    const { party, topic } = filter;
    const range = readPairFilter(cast, { party, topic, cursor });
    const items: WeakPosition[] = [];
    for (let after = range.after; ;) {
      const { pairs, last, more } = await this.entries.ofPairs(view, { ...range, after }, READ);
      const presents = pairs.flatMap((pair) => presentOf(pair) ?? []);
      const records = await this.records(view, presents);
      for (const [index, present] of presents.entries()) {
        const basis = present.basis.flatMap((id) => records.get(id) ?? []);
        const latest = basis.at(-1);
        const reasons = weaknessesOf(basis.map((record) => groundOf(record, cast)));
        if (latest && (filter.reason === undefined ? reasons.length > 0 : reasons.includes(filter.reason)))
          items.push(weak(present, latest, reasons, cast));
        const left = more || index < presents.length - 1;
        if (items.length === limit) return { items, next: left ? pairCursor(present) : null };
      }
      if (!more) return { items, next: null };
      after = last;
    }
  }

  /** What positions rest on, by the log itself. What has been erased since the rows were read is not among it. */
  private async records(
    { dossier: { id }, known }: View,
    presents: readonly Present[],
  ): Promise<Map<string, Basis>> {
    const ids = presents.flatMap(({ basis }) => basis);
    if (ids.length === 0) return new Map();
    const streams = new Map<string, RecordedEvent[]>();
    for (const event of await this.log.readStreams(id, ids, known.sequence))
      streams.set(event.streamId, [...(streams.get(event.streamId) ?? []), event]);
    return new Map(
      [...streams].flatMap(([record, events]): [string, Basis][] => {
        const folded = foldStatement(events) ?? foldAssessment(events);
        return folded === null ? [] : [[record, folded]];
      }),
    );
  }
}

function presentOf({ party, topic, entries }: PairEntries): Present | null {
  const position = foldPositions(entries).at(-1);
  if (position === undefined) return null;
  const basis = position.evidence.flatMap(({ entry, role }) => (role === 'evidence' ? [] : entry.id));
  return { party, topic, position, basis };
}

function groundOf(record: Basis, cast: Cast): Ground {
  if (!('stated' in record)) return { kind: 'assessment' };
  const source = sourceOf(record, cast);
  return {
    kind: 'statement',
    attribution: record.stated.attribution,
    sourced: source !== null && isReadable(source),
  };
}

function sourceOf(record: Basis, cast: Cast): Source | null {
  const source = 'stated' in record ? record.stated.source : null;
  return source === null ? null : (cast.source.byId(source) ?? null);
}

function weak(
  { party, topic, position, basis }: Present,
  latest: Basis,
  reasons: readonly Weakness[],
  cast: Cast,
): WeakPosition {
  const { stance, conditions, from } = position;
  return {
    party: cast.name('party', party),
    topic: cast.name('topic', topic),
    position: viewPresent({ stance, conditions, since: from }),
    basis,
    reasons,
    ...viewRecord(latest, sourceOf(latest, cast), cast),
  };
}
