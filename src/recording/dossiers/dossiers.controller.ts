import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { Entry } from '../../access/admission.js';
import { AccessLog } from '../../access/log/access-log.js';
import { Entered, Needs } from '../../access/needs.decorator.js';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import { LONGEST, Slug, Text } from '../../http/fields.js';
import { DEFAULT_LIMIT, PageQuery, type Page } from '../../http/paging.js';
import { WriteHeaders, Writes } from '../../access/write-context.decorator.js';
import type { WriteContext } from '../../dossiers/write.js';
import { ListDossiers, ShowDossier, type DossierView } from './list-dossiers.js';
import { OpenDossier, type OpenedDossier } from './open-dossier.js';

export class NewDossier {
  @Slug()
  readonly slug?: string | null;

  @Text({ max: LONGEST.name })
  readonly title!: string;

  @Text({ max: LONGEST.prose, optional: true })
  readonly description?: string | null;
}

@ApiTags('Set-up')
@Controller('api/v1/dossiers')
export class DossierController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly access: AccessLog,
  ) {}

  @Post()
  @Needs('open')
  @WriteHeaders()
  @Answers(201, ref('DossierReceipt'), 'Open a dossier.')
  open(
    @Body() { slug, title, description }: NewDossier,
    @Writes() context: WriteContext,
    @Entered() { credential }: Entry,
  ): Promise<OpenedDossier> {
    const opened = { slug: slug ?? null, title, description: description ?? null };
    const member = credential?.user.role === 'recorder' ? credential.user.id : null;
    return this.commands.execute(new OpenDossier(opened, context, member));
  }

  @Get()
  @Needs('enter')
  @Answers(200, pageSchema(ref('Dossier')), 'List the dossiers that the caller may read.')
  list(
    @Query() { limit = DEFAULT_LIMIT, cursor }: PageQuery,
    @Entered() { credential }: Entry,
  ): Promise<Page<DossierView>> {
    const among =
      credential === null || credential.user.role === 'administrator'
        ? null
        : this.access.state.readableBy(credential.user);
    return this.queries.execute(new ListDossiers(limit, cursor, among));
  }

  @Get(':dossier')
  @Needs('read')
  @Answers(200, ref('Dossier'), 'Show a dossier: how much is in it, and its last sequence.')
  show(@Param('dossier') dossier: string): Promise<DossierView> {
    return this.queries.execute(new ShowDossier(dossier));
  }
}
