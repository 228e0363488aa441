import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { Needs } from '../../access/needs.decorator.js';
import { REVISION_KINDS, type RevisionKind } from '../../domain/revision.js';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import { DEFAULT_LIMIT, PageQuery, type Page } from '../../http/paging.js';
import {
  QueryChoice,
  QueryInstant,
  QueryKnown,
  QueryText,
  readBound,
  readKnown,
} from '../../http/queries.js';
import { ListRevisions } from './list-revisions.js';
import type { RevisionView } from './revision-view.js';
import { AuditPosition, type PositionAudit } from './audit-position.js';

class PositionAuditQuery extends PageQuery {
  @QueryKnown()
  readonly known?: string;

  @QueryKnown(
    'An earlier state of knowledge: only what was recorded after it. With `known`, the events that account for what `compare` finds between the two',
    'the empty log',
  )
  readonly since?: string;
}

const ORDERS = ['oldest', 'newest'] as const;

class RevisionsQuery extends PositionAuditQuery {
  @QueryText('Id, slug, name or alias.')
  readonly party?: string;

  @QueryText('Id, slug or name.')
  readonly topic?: string;

  @QueryChoice(REVISION_KINDS, 'One kind of revision.')
  readonly kind?: RevisionKind;

  @QueryText('Who recorded the event: as `recordedBy` says it.')
  readonly recorder?: string;

  @QueryText('Who entered the record that the event is about, whoever recorded the event.')
  readonly enteredBy?: string;

  @QueryInstant('Recorded at or after (recorded-time).')
  readonly from?: string;

  @QueryInstant('Recorded at or before (recorded-time).')
  readonly to?: string;

  @QueryChoice(ORDERS, 'Which come first; `oldest` if not given.')
  readonly order?: (typeof ORDERS)[number];
}

@ApiTags('Audit')
@Controller('api/v1/dossiers/:dossier')
export class RevisionController {
  constructor(private readonly queries: QueryBus) {}

  @Get('positions/:party/:topic/audit')
  @Needs('audit')
  @Answers(
    200,
    ref('PositionAudit'),
    'Show how our record of where a party stands was revised, in the order of the log, as known.',
  )
  position(
    @Param('dossier') dossier: string,
    @Param('party') party: string,
    @Param('topic') topic: string,
    @Query() { known, since, limit = DEFAULT_LIMIT, cursor }: PositionAuditQuery,
  ): Promise<PositionAudit> {
    return this.queries.execute(
      new AuditPosition(dossier, party, topic, readKnown(known), limit, cursor, readKnown(since)),
    );
  }

  @Get('revisions')
  @Needs('audit')
  @Answers(200, pageSchema(ref('Revision')), 'List the revisions of all positions, in the order of the log.')
  list(
    @Param('dossier') dossier: string,
    @Query() { known, since, from, to, limit = DEFAULT_LIMIT, cursor, ...filter }: RevisionsQuery,
  ): Promise<Page<RevisionView>> {
    const recorded = {
      since: readKnown(since),
      from: readBound(from, 'first'),
      to: readBound(to, 'last'),
    };
    return this.queries.execute(
      new ListRevisions(dossier, { ...filter, ...recorded }, readKnown(known), limit, cursor),
    );
  }
}
