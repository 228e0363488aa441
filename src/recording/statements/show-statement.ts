import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { quote } from '../../domain/references.js';
import { Rejection } from '../../domain/rejection.js';
import { foldStatement } from '../../domain/statement.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { Reading, type KnownInput } from '../../dossiers/reading.js';
import { DEFAULT_LIMIT, type Page } from '../../http/paging.js';
import type { RecordedEvent } from '../../ledger/event.js';
import { EventLog } from '../../ledger/event-log.js';
import { pageInSaidOrder } from '../records/record-version.js';
import { versionsKnown, viewPage } from './list-statements.js';
import { StatementLookup } from './statement-lookup.js';
import { viewStatement, type StatementView } from './statement-view.js';
import { STATEMENTS } from './statements-projection.js';

export class ShowStatement extends Query<StatementView> {
  constructor(
    readonly dossier: string,
    readonly statement: string,
    readonly known: KnownInput,
  ) {
    super();
  }
}

/** Every event that touched a statement. */
export class ListStatementEvents extends Query<RecordedEvent[]> {
  constructor(
    readonly dossier: string,
    readonly statement: string,
  ) {
    super();
  }
}

/** The statements that refer to one, in said-order. */
export class ListReplies extends Query<Page<StatementView>> {
  constructor(
    readonly dossier: string,
    readonly statement: string,
    readonly limit: number = DEFAULT_LIMIT,
    readonly cursor?: string | undefined,
  ) {
    super();
  }
}

/** A single statement is folded from its stream: never behind, and the same fold that everything else uses. */
@QueryHandler(ShowStatement)
export class ShowStatementHandler implements IQueryHandler<ShowStatement> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly reading: Reading,
    private readonly lookup: StatementLookup,
    private readonly log: EventLog,
  ) {}

  async execute({ dossier, statement, known }: ShowStatement): Promise<StatementView> {
    const state = await this.dossiers.current(dossier);
    const { sequence } = await this.reading.known(state, known);
    const { id } = await this.lookup.require(state.id, statement);
    const found = foldStatement(await this.log.readStreams(state.id, [id], sequence));
    if (found === null)
      throw new Rejection(
        'not-found',
        `Statement ${quote(statement)} had not been recorded by event ${sequence}.`,
      );
    return viewStatement(found, state.cast);
  }
}

@QueryHandler(ListStatementEvents)
export class ListStatementEventsHandler implements IQueryHandler<ListStatementEvents> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly lookup: StatementLookup,
    private readonly log: EventLog,
  ) {}

  async execute({ dossier, statement }: ListStatementEvents): Promise<RecordedEvent[]> {
    const { id } = await this.dossiers.current(dossier);
    return this.log.readStreams(id, [(await this.lookup.requireAny(id, statement)).id]);
  }
}

@QueryHandler(ListReplies)
export class ListRepliesHandler implements IQueryHandler<ListReplies> {
  constructor(
    private readonly reading: Reading,
    private readonly lookup: StatementLookup,
    private readonly database: DataSource,
  ) {}

  async execute({ dossier, statement, limit, cursor }: ListReplies): Promise<Page<StatementView>> {
    const view = await this.reading.view(dossier, STATEMENTS, undefined);
    const { id } = await this.lookup.requireAny(view.dossier.id, statement);
    const rows = versionsKnown(this.database, view).andWhere('v.refersTo = :id AND NOT v.voided', { id });
    return viewPage(await pageInSaidOrder(rows, cursor, limit), view, this.lookup);
  }
}
