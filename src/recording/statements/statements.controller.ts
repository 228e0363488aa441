import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs } from '../../access/needs.decorator.js';
import { LIMITS_IN_FORCE, type Limits } from '../../access/limits/limits.js';
import { ACT_NAMES } from '../../domain/acts.js';
import { Rejection } from '../../domain/rejection.js';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import { tagged } from '../../http/entity-tag.js';
import { viewEvent, type EventView } from '../../http/event-view.js';
import { PageQuery, type Page } from '../../http/paging.js';
import {
  QueryChoice,
  QueryInstant,
  QueryKnown,
  QueryText,
  readBound,
  readKnown,
} from '../../http/queries.js';
import type { RecordedEvent } from '../../ledger/event.js';
import type { ExpectedVersion } from '../../dossiers/expected-version.js';
import { IfMatch, WriteHeaders, Writes } from '../../access/write-context.decorator.js';
import type { WriteContext } from '../../dossiers/write.js';
import { MalformedFilter } from '../malformed/malformed.filter.js';
import { CorrectStatement } from './correct-statement.js';
import type { StatementReceipt } from './drafting.js';
import { Correction, NewStatement, NewStatements } from './inputs.js';
import { ListStatements } from './list-statements.js';
import { RecordStatement, RecordStatements, type BatchReceipt } from './record-statements.js';
import { ListReplies, ListStatementEvents, ShowStatement } from './show-statement.js';
import type { StatementView } from './statement-view.js';

class KnownQuery {
  @QueryKnown()
  readonly known?: string;
}

class StatementQuery extends PageQuery {
  @QueryText('Id, slug, name or alias.')
  readonly party?: string;

  @QueryText('Id, slug, name or alias.')
  readonly speaker?: string;

  @QueryText('Id, slug or name.')
  readonly topic?: string;

  @QueryText('Id, slug or title.')
  readonly source?: string;

  @QueryChoice(ACT_NAMES, 'One kind of act.')
  readonly act?: string;

  @QueryText('Who recorded it.')
  readonly recorder?: string;

  @QueryInstant('Said at or after.')
  readonly from?: string;

  @QueryInstant('Said at or before.')
  readonly to?: string;

  @QueryText(
    'Words of the quote, summary, note or translation, as in a web search: "exact phrase", or, -not.',
  )
  readonly q?: string;

  @QueryText('BCP 47 language whose inflections `q` also finds; English if not given.', 35)
  readonly language?: string;

  @QueryKnown()
  readonly known?: string;

  @QueryChoice(['voided'], 'Whether to list voided statements too.')
  readonly include?: string;
}

@ApiTags('Statements')
@Controller('api/v1/dossiers/:dossier/statements')
@UseFilters(MalformedFilter)
export class StatementController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    @Inject(LIMITS_IN_FORCE) private readonly limits: Limits,
  ) {}

  @Post()
  @Needs('record')
  @WriteHeaders()
  @Answers(201, ref('Statement'), 'Record a statement.')
  async record(
    @Param('dossier') dossier: string,
    @Body() body: NewStatement,
    @Writes() context: WriteContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StatementReceipt> {
    return tagged(reply, await this.commands.execute(new RecordStatement(dossier, body, context)));
  }

  @Post('batch')
  @Needs('record')
  @WriteHeaders()
  @Answers(201, ref('StatementBatch'), 'Record up to 1,000 statements, all or none.')
  recordBatch(
    @Param('dossier') dossier: string,
    @Body() { statements }: NewStatements,
    @Writes() context: WriteContext,
  ): Promise<BatchReceipt> {
    const { batch } = this.limits;
    if (statements.length > batch)
      throw new Rejection('validation-failed', `A batch holds at most ${batch} statements here.`, [
        { path: 'statements', message: `must hold at most ${batch}` },
      ]);
    return this.commands.execute(new RecordStatements(dossier, statements, context));
  }

  @Get()
  @Needs('read')
  @Answers(200, pageSchema(ref('Statement')), 'List statements in said-order, as known.')
  list(@Param('dossier') dossier: string, @Query() query: StatementQuery): Promise<Page<StatementView>> {
    const { known, limit, cursor, include, from, to, ...filter } = query;
    const said = { from: readBound(from, 'first'), to: readBound(to, 'last') };
    return this.queries.execute(
      new ListStatements(
        dossier,
        { ...filter, ...said, voided: include === 'voided' },
        readKnown(known),
        limit,
        cursor,
      ),
    );
  }

  @Get(':id')
  @Needs('read')
  @Answers(200, ref('Statement'), 'Show a statement, as known.')
  async show(
    @Param('dossier') dossier: string,
    @Param('id') id: string,
    @Query() { known }: KnownQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StatementView> {
    return tagged(reply, await this.queries.execute(new ShowStatement(dossier, id, readKnown(known))));
  }

  @Get(':id/history')
  @Needs('audit')
  @Answers(200, pageSchema(ref('Event')), 'List every event that touched a statement.')
  async history(@Param('dossier') dossier: string, @Param('id') id: string): Promise<Page<EventView>> {
    const events: RecordedEvent[] = await this.queries.execute(new ListStatementEvents(dossier, id));
    return { items: events.map(viewEvent), next: null };
  }

  @Get(':id/replies')
  @Needs('read')
  @Answers(200, pageSchema(ref('Statement')), 'List the statements that refer to a statement.')
  replies(
    @Param('dossier') dossier: string,
    @Param('id') id: string,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<Page<StatementView>> {
    return this.queries.execute(new ListReplies(dossier, id, limit, cursor));
  }

  @Post(':id/correct')
  @Needs('record')
  @HttpCode(200)
  @WriteHeaders({ versioned: true })
  @Answers(200, ref('Statement'), 'Correct our record of a statement: the speaker did not move.')
  async correct(
    @Param('dossier') dossier: string,
    @Param('id') id: string,
    @Body() { changes, reason }: Correction,
    @IfMatch() expected: ExpectedVersion,
    @Writes() context: WriteContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StatementReceipt> {
    return tagged(
      reply,
      await this.commands.execute(new CorrectStatement(dossier, id, changes, reason, expected, context)),
    );
  }
}
