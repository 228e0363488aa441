import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { foldAssessment } from '../../domain/assessment.js';
import type { Cast } from '../../domain/cast.js';
import { foldPositions, type Position } from '../../domain/position.js';
import type { Named } from '../../domain/rejection.js';
import { foldStatement } from '../../domain/statement.js';
import { isReadable, weaknessesOf, type Ground, type Weakness } from '../../domain/weakness.js';
import { Reading, type KnownInput, type View } from '../../dossiers/reading.js';
import { Entries, type Pair, type PairEntries } from '../../entries/entries.js';
import { pairCursor, readPairFilter } from '../../entries/pairs.js';
import { POSITIONS } from '../../entries/positions-projection.js';
import type { Page } from '../../http/paging.js';
import type { RecordedEvent } from '../../ledger/event.js';
import { EventLog } from '../../ledger/event-log.js';
import { viewPresent, type PresentView } from '../revisions/revision-view.js';

/** Pairs whose records are read at a time. */
const READ = 100;

/** A position whose present rests on little. `basis`: the records that set or reaffirm it. */
export interface WeakPosition {
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
      const grounds = await this.grounds(view, presents);
      for (const [index, present] of presents.entries()) {
        const reasons = weaknessesOf(present.basis.flatMap((id) => grounds.get(id) ?? []));
        if (filter.reason === undefined ? reasons.length > 0 : reasons.includes(filter.reason))
          items.push(weak(present, reasons, cast));
        const left = more || index < presents.length - 1;
        if (items.length === limit) return { items, next: left ? pairCursor(present) : null };
      }
      if (!more) return { items, next: null };
      after = last;
    }
  }

  /** What positions rest on, by the log itself. What has been erased since the rows were read is not among it. */
  private async grounds(
    { dossier: { id, cast }, known }: View,
    presents: readonly Present[],
  ): Promise<Map<string, Ground>> {
    const ids = presents.flatMap(({ basis }) => basis);
    if (ids.length === 0) return new Map();
    const streams = new Map<string, RecordedEvent[]>();
    for (const event of await this.log.readStreams(id, ids, known.sequence))
      streams.set(event.streamId, [...(streams.get(event.streamId) ?? []), event]);
    return new Map([...streams].flatMap(([record, events]) => groundOf(record, events, cast)));
  }
}

function presentOf({ party, topic, entries }: PairEntries): Present | null {
  const position = foldPositions(entries).at(-1);
  if (position === undefined) return null;
  const basis = position.evidence.flatMap(({ entry, role }) => (role === 'evidence' ? [] : entry.id));
  return { party, topic, position, basis };
}

function groundOf(id: string, events: readonly RecordedEvent[], cast: Cast): [string, Ground][] {
  const statement = foldStatement(events);
  if (statement === null) return foldAssessment(events) ? [[id, { kind: 'assessment' }]] : [];
  const { attribution, source } = statement.stated;
  const found = source === null ? undefined : cast.source.byId(source);
  return [[id, { kind: 'statement', attribution, sourced: found !== undefined && isReadable(found) }]];
}

function weak(
  { party, topic, position, basis }: Present,
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
  };
}
