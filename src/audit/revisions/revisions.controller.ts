import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { Needs } from '../../access/needs.decorator.js';
import { Answers, ref } from '../../http/answers.js';
import { DEFAULT_LIMIT, PageQuery } from '../../http/paging.js';
import { QueryKnown, readKnown } from '../../http/queries.js';
import { AuditPosition, type PositionAudit } from './audit-position.js';

class PositionAuditQuery extends PageQuery {
  @QueryKnown()
  readonly known?: string;
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
    @Query() { known, limit = DEFAULT_LIMIT, cursor }: PositionAuditQuery,
  ): Promise<PositionAudit> {
    return this.queries.execute(new AuditPosition(dossier, party, topic, readKnown(known), limit, cursor));
  }
}
