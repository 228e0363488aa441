import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import { LONGEST, Slug, Text } from '../../http/fields.js';
import { DEFAULT_LIMIT, PageQuery, type Page } from '../../http/paging.js';
import { WriteHeaders, Writes } from '../write-context.decorator.js';
import type { WriteContext } from '../write.js';
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
  ) {}

  @Post()
  @WriteHeaders()
  @Answers(201, ref('DossierReceipt'), 'Open a dossier.')
  open(
    @Body() { slug, title, description }: NewDossier,
    @Writes() context: WriteContext,
  ): Promise<OpenedDossier> {
    return this.commands.execute(
      new OpenDossier({ slug: slug ?? null, title, description: description ?? null }, context),
    );
  }

  @Get()
  @Answers(200, pageSchema(ref('Dossier')), 'List the dossiers.')
  list(@Query() { limit = DEFAULT_LIMIT, cursor }: PageQuery): Promise<Page<DossierView>> {
    return this.queries.execute(new ListDossiers(limit, cursor));
  }

  @Get(':dossier')
  @Answers(200, ref('Dossier'), 'Show a dossier: how much is in it, and its last sequence.')
  show(@Param('dossier') dossier: string): Promise<DossierView> {
    return this.queries.execute(new ShowDossier(dossier));
  }
}
