import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Named } from '../../domain/rejection.js';
import { Reading, type Known, type KnownInput } from '../../dossiers/reading.js';
import { Entries } from '../../entries/entries.js';
import { requirePair } from '../../entries/pairs.js';
import { POSITIONS } from '../../entries/positions-projection.js';
import { readSequence } from '../../http/log-pages.js';
import type { Page } from '../../http/paging.js';
import { EventLog } from '../../ledger/event-log.js';
import { recordedStates } from './recorded-states.js';
import { revisionsBy } from './revised-pairs.js';
import { viewRevision, type RevisionView } from './revision-view.js';
import { Steps } from './steps.js';

/** How our record of a pair came to say what it says, as known: its revisions in sequence order. */
export interface PositionAudit extends Page<RevisionView> {
  readonly known: Known;
  readonly party: Named;
  readonly topic: Named;
}

export class AuditPosition extends Query<PositionAudit> {
  constructor(
    readonly dossier: string,
    readonly party: string,
    readonly topic: string,
    readonly known: KnownInput,
    readonly limit: number,
    readonly cursor?: string | undefined,
    /** A state of knowledge: only what was recorded after it. */
    readonly since?: KnownInput,
  ) {
    super();
  }
}

@QueryHandler(AuditPosition)
export class AuditPositionHandler implements IQueryHandler<AuditPosition> {
  constructor(
    private readonly reading: Reading,
    private readonly steps: Steps,
    private readonly entries: Entries,
    private readonly log: EventLog,
  ) {}

  async execute({
    dossier,
    party,
    topic,
    known,
    limit,
    cursor,
    since,
  }: AuditPosition): Promise<PositionAudit> {
    const view = await this.reading.view(dossier, POSITIONS, known);
    const { id, cast } = view.dossier;
    const pair = requirePair(cast, party, topic);
    const begin = since === undefined ? 0 : (await this.reading.known(view.dossier, since)).sequence;
    const after = cursor === undefined ? begin : Math.max(begin, readSequence('cursor', cursor));
    const found = await this.steps.ofPair(view, pair, after, limit + 1);
    const steps = found.slice(0, limit);
    const last = steps.at(-1)?.sequence ?? after;
    const [states, versions] = await Promise.all([
      recordedStates(this.log, id, steps),
      this.entries.versionsOfPair(view, pair, after, last),
    ]);
    const recorded = steps.flatMap(({ sequence }) => states.get(sequence) ?? []);
    const revisions = revisionsBy(
      recorded.map(({ event }) => event),
      versions,
    );
    return {
      known: view.known,
      party: cast.name('party', pair.party),
      topic: cast.name('topic', pair.topic),
      items: recorded.flatMap((state) => {
        const revision = revisions.get(state.event.sequence);
        return revision === undefined ? [] : viewRevision(pair, state, revision, cast);
      }),
      next: found.length > limit ? String(last) : null,
    };
  }
}
