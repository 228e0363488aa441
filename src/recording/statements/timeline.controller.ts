import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { Needs } from '../../access/needs.decorator.js';
import { ACT_NAMES } from '../../domain/acts.js';
import { Answers, ref } from '../../http/answers.js';
import {
  QueryChoice,
  QueryInstant,
  QueryKnown,
  QueryNumber,
  QueryText,
  readBound,
  readKnown,
} from '../../http/queries.js';
import { ShowTimeline, type Timeline } from './show-timeline.js';

const MOST_MARKS = 10_000;

class TimelineQuery {
  @QueryText('Id, slug, name or alias.')
  readonly party?: string;

  @QueryText('Id, slug, name or alias.')
  readonly speaker?: string;

  @QueryText('Id, slug or name.')
  readonly topic?: string;

  @QueryChoice(ACT_NAMES, 'One kind of act.')
  readonly act?: string;

  @QueryInstant('Said at or after.')
  readonly from?: string;

  @QueryInstant('Said at or before.')
  readonly to?: string;

  @QueryKnown()
  readonly known?: string;

  @QueryNumber(1, MOST_MARKS, `How many statements, at most and by default ${MOST_MARKS}.`)
  readonly limit?: number;

  @QueryText('`next` of the page before.', 2_000)
  readonly cursor?: string;
}

@ApiTags('Statements')
@Controller('api/v1/dossiers/:dossier/timeline')
export class TimelineController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Needs('read')
  @Answers(200, ref('Timeline'), 'Show statements as marks in time: columns in said-order, as known.')
  show(
    @Param('dossier') dossier: string,
    @Query() { known, limit = MOST_MARKS, cursor, from, to, ...filter }: TimelineQuery,
  ): Promise<Timeline> {
    const said = { from: readBound(from, 'first'), to: readBound(to, 'last') };
    return this.queries.execute(
      new ShowTimeline(dossier, { ...filter, ...said }, readKnown(known), limit, cursor),
    );
  }
}
