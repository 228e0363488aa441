import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ACCESS_LOG } from '../../dossiers/access-log-id.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import type { EventView } from '../../http/event-view.js';
import { logPage, LogQuery } from '../../http/log-pages.js';
import type { Page } from '../../http/paging.js';
import { EventLog } from '../../ledger/event-log.js';
import { Needs } from '../needs.decorator.js';

/** Who changed who may do what. Who read what is not recorded. */
@ApiTags('Access')
@Controller('api/v1')
export class AccessEventController {
  constructor(
    private readonly log: EventLog,
    private readonly dossiers: Dossiers,
  ) {}

  @Get('admin/access/events')
  @Needs('administer')
  @Answers(200, pageSchema(ref('Event')), 'List the events of the log of access.')
  list(@Query() query: LogQuery): Promise<Page<EventView>> {
    const types = query.type === undefined ? undefined : [query.type];
    return logPage(query, (after, limit) => this.log.page(ACCESS_LOG, after, limit, types));
  }

  /** A dossier has one stream in that log. It is short: each event is something that an administrator did. */
  @Get('dossiers/:dossier/access/events')
  @Needs('oversee')
  @Answers(200, pageSchema(ref('Event')), 'List the events of the log of access that concern a dossier.')
  async listOfDossier(@Param('dossier') dossier: string, @Query() query: LogQuery): Promise<Page<EventView>> {
    const { id } = await this.dossiers.current(dossier);
    const all = await this.log.readStreams(ACCESS_LOG, [id]);
    const asked = all.filter(({ type }) => type === (query.type ?? type));
    return logPage(query, (after, limit) => {
      const events = asked.filter(({ sequence }) => sequence > after);
      return Promise.resolve({ events: events.slice(0, limit), isLast: events.length <= limit });
    });
  }
}
