import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { Needs } from '../../access/needs.decorator.js';
import { WEAKNESSES, type Weakness } from '../../domain/weakness.js';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import { DEFAULT_LIMIT, PageQuery, type Page } from '../../http/paging.js';
import { QueryChoice, QueryKnown, QueryText, readKnown } from '../../http/queries.js';
import { ListWeakPositions, type WeakPosition } from './list-weak-positions.js';
import { ShowRecorders, type RecordersAudit } from './show-recorders.js';

class RecordersQuery {
  @QueryKnown()
  readonly known?: string;
}

class WeakPositionsQuery extends PageQuery {
  @QueryText('Id, slug, name or alias.')
  readonly party?: string;

  @QueryText('Id, slug or name.')
  readonly topic?: string;

  @QueryChoice(WEAKNESSES, 'One of the reasons.')
  readonly reason?: Weakness;

  @QueryKnown()
  readonly known?: string;
}

@ApiTags('Audit')
@Controller('api/v1/dossiers/:dossier/audit')
export class FindingsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('recorders')
  @Needs('audit')
  @Answers(
    200,
    ref('RecordersAudit'),
    'Show what each recorder did to the record, and what became of their records.',
  )
  recorders(@Param('dossier') dossier: string, @Query() { known }: RecordersQuery): Promise<RecordersAudit> {
    return this.queries.execute(new ShowRecorders(dossier, readKnown(known)));
  }

  @Get('weak-positions')
  @Needs('audit')
  @Answers(
    200,
    pageSchema(ref('WeakPosition')),
    'List the positions whose present rests on one statement, on reported speech only, or on statements without a source that can be read.',
  )
  weakPositions(
    @Param('dossier') dossier: string,
    @Query() { known, limit = DEFAULT_LIMIT, cursor, ...filter }: WeakPositionsQuery,
  ): Promise<Page<WeakPosition>> {
    return this.queries.execute(new ListWeakPositions(dossier, filter, readKnown(known), limit, cursor));
  }
}
