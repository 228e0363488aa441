import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Dossiers } from '../dossiers/dossiers.js';
import type { RecordedEvent } from '../ledger/event.js';
import { EventLog, type EventPage } from '../ledger/event-log.js';
import { follow, HeadWatch } from '../ledger/follower.js';

/** The log after a sequence, in order. */
export class ListEvents extends Query<EventPage> {
  constructor(
    readonly dossier: string,
    readonly after: number,
    readonly limit: number,
    readonly type: string | undefined,
  ) {
    super();
  }
}

/** The log after a sequence, in order and for ever: pages, some of them empty. */
export class FollowEvents extends Query<AsyncGenerator<readonly RecordedEvent[], void, void>> {
  constructor(
    readonly dossier: string,
    readonly after: number,
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

@QueryHandler(ListEvents)
export class ListEventsHandler implements IQueryHandler<ListEvents> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly log: EventLog,
  ) {}

  async execute({ dossier, after, limit, type }: ListEvents): Promise<EventPage> {
    const { id } = await this.dossiers.current(dossier);
    return this.log.page(id, after, limit, type === undefined ? undefined : [type]);
  }
}

@QueryHandler(FollowEvents)
export class FollowEventsHandler implements IQueryHandler<FollowEvents> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly log: EventLog,
    private readonly heads: HeadWatch,
  ) {}

  async execute({
    dossier,
    after,
    signal,
  }: FollowEvents): Promise<AsyncGenerator<readonly RecordedEvent[], void, void>> {
    const { id } = await this.dossiers.current(dossier);
    return follow(this.log, this.heads, id, after, signal);
  }
}
