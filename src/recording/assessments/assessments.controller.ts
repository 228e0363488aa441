import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs } from '../../access/needs.decorator.js';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import { tagged } from '../../http/entity-tag.js';
import { PageQuery, type Page } from '../../http/paging.js';
import { QueryChoice, QueryKnown, readKnown } from '../../http/queries.js';
import type { ExpectedVersion } from '../../dossiers/expected-version.js';
import { IfMatch, WriteHeaders, Writes } from '../../access/write-context.decorator.js';
import type { WriteContext } from '../../dossiers/write.js';
import { MalformedFilter } from '../malformed/malformed.filter.js';
import { AssessPosition, CorrectAssessment, type AssessmentReceipt } from './assess-position.js';
import type { AssessmentView } from './assessment-view.js';
import { AssessmentCorrection, NewAssessment } from './inputs.js';
import { ListAssessments, ShowAssessment } from './list-assessments.js';

class KnownQuery {
  @QueryKnown()
  readonly known?: string;
}

class AssessmentQuery extends PageQuery {
  @QueryKnown()
  readonly known?: string;

  @QueryChoice(['voided'], 'Whether to list voided assessments too.')
  readonly include?: string;
}

@ApiTags('Assessments')
@Controller('api/v1/dossiers/:dossier/assessments')
@UseFilters(MalformedFilter)
export class AssessmentController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @Needs('record')
  @WriteHeaders()
  @Answers(201, ref('Assessment'), 'Record a judgement of our own of where a party stands.')
  async assess(
    @Param('dossier') dossier: string,
    @Body() body: NewAssessment,
    @Writes() context: WriteContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AssessmentReceipt> {
    return tagged(reply, await this.commands.execute(new AssessPosition(dossier, body, context)));
  }

  @Get()
  @Needs('read')
  @Answers(200, pageSchema(ref('Assessment')), 'List assessments by the date that they are as of, as known.')
  list(
    @Param('dossier') dossier: string,
    @Query() { known, include, limit, cursor }: AssessmentQuery,
  ): Promise<Page<AssessmentView>> {
    return this.queries.execute(
      new ListAssessments(dossier, include === 'voided', readKnown(known), limit, cursor),
    );
  }

  @Get(':id')
  @Needs('read')
  @Answers(200, ref('Assessment'), 'Show an assessment, as known.')
  async show(
    @Param('dossier') dossier: string,
    @Param('id') id: string,
    @Query() { known }: KnownQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AssessmentView> {
    return tagged(reply, await this.queries.execute(new ShowAssessment(dossier, id, readKnown(known))));
  }

  @Post(':id/correct')
  @Needs('record')
  @HttpCode(200)
  @WriteHeaders({ versioned: true })
  @Answers(200, ref('Assessment'), 'Correct an assessment.')
  async correct(
    @Param('dossier') dossier: string,
    @Param('id') id: string,
    @Body() { changes, reason }: AssessmentCorrection,
    @IfMatch() expected: ExpectedVersion,
    @Writes() context: WriteContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AssessmentReceipt> {
    return tagged(
      reply,
      await this.commands.execute(new CorrectAssessment(dossier, id, changes, reason, expected, context)),
    );
  }
}
