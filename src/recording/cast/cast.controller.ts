import { Body, Controller, Get, Param, Patch, Post, Query, Res, UseFilters, type Type } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs } from '../../access/needs.decorator.js';
import type { ThingKind } from '../../domain/cast.js';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import { DEFAULT_LIMIT, PageQuery, type Page } from '../../http/paging.js';
import { QueryText } from '../../http/queries.js';
import { tagged } from '../../http/entity-tag.js';
import type { ExpectedVersion } from '../../dossiers/expected-version.js';
import type { WriteContext } from '../../dossiers/write.js';
import { IfMatch, WriteHeaders, Writes } from '../../access/write-context.decorator.js';
import { MalformedFilter } from '../malformed/malformed.filter.js';
import { AddThing, type ThingReceipt } from './add-thing.js';
import { ChangeThing } from './change-thing.js';
import {
  PartyChanges,
  PartyInput,
  SourceChanges,
  SourceInput,
  SpeakerChanges,
  SpeakerInput,
  TopicChanges,
  TopicInput,
} from './inputs.js';
import { ListThings, ShowThing } from './list-things.js';
import type { ViewOf } from './thing-view.js';
import type { ChangesOf, InputOf } from './things.js';

class ThingQuery extends PageQuery {
  @QueryText('Part of a name or alias.')
  readonly q?: string;
}

interface Naming<Kind extends ThingKind> {
  readonly kind: Kind;
  readonly plural: string;
  readonly schema: string;
  readonly input: Type<InputOf[Kind]>;
  readonly changes: Type<ChangesOf[Kind]>;
}

/** The same five routes for each kind of thing. */
function castController<Kind extends ThingKind>({
  kind,
  plural,
  schema,
  input,
  changes,
}: Naming<Kind>): Type<unknown> {
  const receipt = ref(`${schema}Receipt`);

  @ApiTags('Set-up')
  @Controller(`api/v1/dossiers/:dossier/${plural}`)
  @UseFilters(MalformedFilter)
  class CastController {
    constructor(
      readonly commands: CommandBus,
      readonly queries: QueryBus,
    ) {}

    @Post()
    @Needs('record')
    @WriteHeaders()
    @Answers(201, receipt, `Add a ${kind}.`)
    async add(
      @Param('dossier') dossier: string,
      @Body() body: InputOf[Kind],
      @Writes() context: WriteContext,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<ThingReceipt<Kind>> {
      return tagged(reply, await this.commands.execute(new AddThing(dossier, kind, body, context)));
    }

    @Get()
    @Needs('read')
    @Answers(200, pageSchema(ref(schema)), `List the ${plural}, or find them by part of a name or alias.`)
    list(
      @Param('dossier') dossier: string,
      @Query() { q, limit = DEFAULT_LIMIT, cursor }: ThingQuery,
    ): Promise<Page<ViewOf[Kind]>> {
      return this.queries.execute(new ListThings(dossier, kind, q, limit, cursor));
    }

    @Get(':id')
    @Needs('read')
    @Answers(200, ref(schema), `Show a ${kind}.`)
    async show(
      @Param('dossier') dossier: string,
      @Param('id') id: string,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<ViewOf[Kind]> {
      return tagged(reply, await this.queries.execute(new ShowThing(dossier, kind, id)));
    }

    @Patch(':id')
    @Needs('record')
    @WriteHeaders({ versioned: true })
    @Answers(200, receipt, `Change a ${kind}: each field that differs becomes an event.`)
    async change(
      @Param('dossier') dossier: string,
      @Param('id') id: string,
      @Body() body: ChangesOf[Kind],
      @IfMatch() expected: ExpectedVersion,
      @Writes() context: WriteContext,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<ThingReceipt<Kind>> {
      return tagged(
        reply,
        await this.commands.execute(new ChangeThing(dossier, kind, id, body, expected, context)),
      );
    }
  }
  // What the compiler writes for a parameter whose class it knows; here only the caller knows it. Checking and documentation both read this.
  Reflect.defineMetadata(
    'design:paramtypes',
    [String, input, Object, Object],
    CastController.prototype,
    'add',
  );
  Reflect.defineMetadata(
    'design:paramtypes',
    [String, String, changes, Object, Object, Object],
    CastController.prototype,
    'change',
  );
  Object.defineProperty(CastController, 'name', { value: `${schema}Controller` });
  return CastController;
}

export const CAST_CONTROLLERS = [
  castController({
    kind: 'party',
    plural: 'parties',
    schema: 'Party',
    input: PartyInput,
    changes: PartyChanges,
  }),
  castController({
    kind: 'speaker',
    plural: 'speakers',
    schema: 'Speaker',
    input: SpeakerInput,
    changes: SpeakerChanges,
  }),
  castController({
    kind: 'topic',
    plural: 'topics',
    schema: 'Topic',
    input: TopicInput,
    changes: TopicChanges,
  }),
  castController({
    kind: 'source',
    plural: 'sources',
    schema: 'Source',
    input: SourceInput,
    changes: SourceChanges,
  }),
];
