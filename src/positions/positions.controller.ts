import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { Needs } from '../access/needs.decorator.js';
import { SHIFT_KINDS } from '../domain/shift.js';
import { Answers, pageSchema, ref } from '../http/answers.js';
import { DEFAULT_LIMIT, PageQuery, type Page } from '../http/paging.js';
import {
  QueryChoice,
  QueryInstant,
  QueryInstants,
  QueryKnown,
  QueryKnowns,
  QueryNumber,
  QueryText,
  readBound,
  readKnown,
} from '../http/queries.js';
import { ComparePositions, type Comparison } from './compare-positions.js';
import { ListPositions, ShowPosition, type Board, type PositionAt } from './list-positions.js';
import { ListShifts, type DossierShift } from './list-shifts.js';
import { ShowOverview, type Overview } from './show-overview.js';
import { ShowHistory, type PositionHistory } from './show-history.js';

const MOST_PAIRS = 10_000;
const AT = 'The instant of said-time that is asked about; now if not given.';

class WhenQuery {
  @QueryInstant(AT)
  readonly at?: string;

  @QueryKnown()
  readonly known?: string;
}

class KnownQuery {
  @QueryKnown()
  readonly known?: string;
}

class BoardQuery extends WhenQuery {
  @QueryText('Id, slug, name or alias.')
  readonly party?: string;

  @QueryText('Id, slug or name.')
  readonly topic?: string;

  @QueryNumber(1, MOST_PAIRS, `How many pairs, at most and by default ${MOST_PAIRS}.`)
  readonly limit?: number;

  @QueryText('`next` of the page before.', 2_000)
  readonly cursor?: string;
}

class OverviewQuery extends BoardQuery {
  @QueryNumber(
    0,
    Number.MAX_SAFE_INTEGER,
    'Only pairs that may stand otherwise than in an answer as known at this sequence. Where that cannot be told, the answer has `since` null and is about all.',
  )
  readonly since?: number;

  @QueryInstant('With `since`: the `at` of that answer; that of this one if not given.')
  readonly sinceAt?: string;
}

class ShiftQuery extends PageQuery {
  @QueryText('Id, slug, name or alias.')
  readonly party?: string;

  @QueryText('Id, slug or name.')
  readonly topic?: string;

  @QueryChoice(SHIFT_KINDS, 'One kind of shift.')
  readonly kind?: string;

  @QueryInstant('At or after.')
  readonly from?: string;

  @QueryInstant('At or before.')
  readonly to?: string;

  @QueryKnown()
  readonly known?: string;
}

class CompareQuery extends PageQuery {
  @QueryInstants('Two instants of said-time, the earlier view first; or one that holds for both sides.')
  readonly at?: readonly string[];

  @QueryKnowns('Two states of knowledge, the earlier view first; or one that holds for both sides.')
  readonly known?: readonly string[];
}

@ApiTags('Positions')
@Controller('api/v1/dossiers/:dossier')
export class PositionController {
  constructor(private readonly queries: QueryBus) {}

  @Get('positions')
  @Needs('read')
  @Answers(200, ref('Board'), 'Show where every party stands on every topic, at an instant, as known.')
  list(
    @Param('dossier') dossier: string,
    @Query() { at, known, limit = MOST_PAIRS, ...filter }: BoardQuery,
  ): Promise<Board> {
    return this.queries.execute(
      new ListPositions(dossier, filter, readBound(at, 'last'), readKnown(known), limit),
    );
  }

  @Get('overview')
  @Needs('read')
  @Answers(
    200,
    ref('Overview'),
    'Show the same as a matrix does: names once, and the history of each pair in little.',
  )
  overview(
    @Param('dossier') dossier: string,
    @Query() { at, known, limit = MOST_PAIRS, since, sinceAt, ...filter }: OverviewQuery,
  ): Promise<Overview> {
    const before = since === undefined ? null : { sequence: since, at: readBound(sinceAt, 'last') };
    return this.queries.execute(
      new ShowOverview(dossier, filter, readBound(at, 'last'), readKnown(known), limit, before),
    );
  }

  @Get('positions/:party/:topic')
  @Needs('read')
  @Answers(200, ref('PositionAt'), 'Show where a party stands on a topic, at an instant, as known.')
  show(
    @Param('dossier') dossier: string,
    @Param('party') party: string,
    @Param('topic') topic: string,
    @Query() { at, known }: WhenQuery,
  ): Promise<PositionAt> {
    return this.queries.execute(
      new ShowPosition(dossier, party, topic, readBound(at, 'last'), readKnown(known)),
    );
  }

  @Get('positions/:party/:topic/history')
  @Needs('read')
  @Answers(200, ref('PositionHistory'), 'Show how a party came to where it stands, as known.')
  history(
    @Param('dossier') dossier: string,
    @Param('party') party: string,
    @Param('topic') topic: string,
    @Query() { known }: KnownQuery,
  ): Promise<PositionHistory> {
    return this.queries.execute(new ShowHistory(dossier, party, topic, readKnown(known)));
  }

  @Get('shifts')
  @Needs('read')
  @Answers(200, pageSchema(ref('DossierShift')), 'List shifts in said-order, as known.')
  shifts(
    @Param('dossier') dossier: string,
    @Query() { from, to, known, limit = DEFAULT_LIMIT, cursor, ...filter }: ShiftQuery,
  ): Promise<Page<DossierShift>> {
    const said = { from: readBound(from, 'first'), to: readBound(to, 'last') };
    return this.queries.execute(
      new ListShifts(dossier, { ...filter, ...said }, readKnown(known), limit, cursor),
    );
  }

  @Get('compare')
  @Needs('read')
  @Answers(
    200,
    ref('Comparison'),
    'Compare the positions at two instants, or in two states of our knowledge.',
  )
  compare(
    @Param('dossier') dossier: string,
    @Query() { at = [], known = [], limit = DEFAULT_LIMIT, cursor }: CompareQuery,
  ): Promise<Comparison> {
    const instants = at.flatMap((each) => readBound(each, 'last') ?? []);
    const states = known.flatMap((each) => readKnown(each) ?? []);
    return this.queries.execute(new ComparePositions(dossier, instants, states, limit, cursor));
  }
}
