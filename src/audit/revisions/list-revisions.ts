import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Revision, RevisionKind } from '../../domain/revision.js';
import { Reading, type KnownInput, type View } from '../../dossiers/reading.js';
import { Entries } from '../../entries/entries.js';
import { readPairFilter } from '../../entries/pairs.js';
import { POSITIONS } from '../../entries/positions-projection.js';
import { readCursor, writeCursor, type Page } from '../../http/paging.js';
import { EventLog } from '../../ledger/event-log.js';
import { recordedStates, type RecordedState } from './recorded-states.js';
import { revisionsBy } from './revised-pairs.js';
import { viewRevision, type RevisionView } from './revision-view.js';
import { Steps, type Step } from './steps.js';

export interface RevisionFilter {
  /** A state of knowledge: only what was recorded after it. */
  readonly since?: KnownInput;
  readonly party?: string | undefined;
  readonly topic?: string | undefined;
  readonly kind?: RevisionKind | undefined;
  readonly recorder?: string | undefined;
  /** Who entered the record that was revised. */
  readonly enteredBy?: string | undefined;
  /** RFC 3339, of recorded-time, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly order?: 'oldest' | 'newest' | undefined;
}

/** The revisions of all pairs of a dossier, as known. */
export class ListRevisions extends Query<Page<RevisionView>> {
  constructor(
    readonly dossier: string,
    readonly filter: RevisionFilter,
    readonly known: KnownInput,
    readonly limit: number,
    readonly cursor?: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(ListRevisions)
export class ListRevisionsHandler implements IQueryHandler<ListRevisions> {
  constructor(
    private readonly reading: Reading,
    private readonly steps: Steps,
    private readonly entries: Entries,
    private readonly log: EventLog,
  ) {}

  async execute({ dossier, filter, known, limit, cursor }: ListRevisions): Promise<Page<RevisionView>> {
    const view = await this.reading.view(dossier, POSITIONS, known);
    const { id, cast } = view.dossier;
    const { party, topic } = readPairFilter(cast, { party: filter.party, topic: filter.topic });
    const since = filter.since && (await this.reading.known(view.dossier, filter.since));
    const wanted = {
      since: since?.sequence ?? 0,
      party,
      topic,
      kind: filter.kind ?? null,
      recorder: filter.recorder ?? null,
      enteredBy: filter.enteredBy ?? null,
      from: filter.from ?? null,
      to: filter.to ?? null,
      order: filter.order ?? 'oldest',
    };
    const place = readCursor(cursor, ['number', 'uuid', 'uuid']);
    const found = await this.steps.ofDossier(view, wanted, place, limit + 1);
    const steps = found.slice(0, limit);
    const last = steps.at(-1);
    const states = await recordedStates(this.log, id, steps);
    const revisions = await this.revisions(view, steps, states);
    return {
      items: steps.flatMap((step) => {
        const [state, revision] = [states.get(step.sequence), revisions.get(keyOf(step))?.get(step.sequence)];
        return state && revision ? viewRevision(step, state, revision, cast) : [];
      }),
      next:
        found.length > limit && last !== undefined
          ? writeCursor([last.sequence, last.party, last.topic])
          : null,
    };
  }

  /** Each pair's entries are read once, from its first step of the page on. */
  private async revisions(
    view: View,
    steps: readonly Step[],
    states: ReadonlyMap<number, RecordedState>,
  ): Promise<Map<string, Map<number, Revision>>> {
    const revisions = new Map<string, Map<number, Revision>>();
    const inOrder = steps.toSorted((one, other) => one.sequence - other.sequence);
    for (const key of new Set(inOrder.map(keyOf))) {
      const own = inOrder.filter((step) => keyOf(step) === key);
      const [first, last] = [own[0], own.at(-1)];
      if (first === undefined || last === undefined) continue;
      const versions = await this.entries.versionsOfPair(view, first, first.sequence - 1, last.sequence);
      const causes = own.flatMap(({ sequence }) => states.get(sequence)?.event ?? []);
      revisions.set(key, revisionsBy(causes, versions));
    }
    return revisions;
  }
}

function keyOf({ party, topic }: Step): string {
  return `${party} ${topic}`;
}
