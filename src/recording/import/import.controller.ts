import { Controller, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Admission, unauthenticated, type Entry } from '../../access/admission.js';
import { Entered, Needs } from '../../access/needs.decorator.js';
import { Rejection } from '../../domain/rejection.js';
import { Answers, ref } from '../../http/answers.js';
import { QueryChoice } from '../../http/queries.js';
import { WriteHeaders, Writes } from '../../access/write-context.decorator.js';
import type { WriteContext } from '../../dossiers/write.js';
import type { LineResult } from './importer.js';
import { ImportStream } from './import-stream.js';

const NDJSON = 'application/x-ndjson';

class ImportQuery {
  @QueryChoice(
    ['true', 'false'],
    'Whether the first bad line ends the import; otherwise it is reported and the others go on.',
  )
  readonly stopOnError?: string;
}

@ApiTags('Statements')
@Controller('api/v1/dossiers/:dossier/import')
export class ImportController {
  constructor(
    private readonly commands: CommandBus,
    private readonly admission: Admission,
  ) {}

  @Post()
  @Needs('record')
  @HttpCode(200)
  @WriteHeaders()
  @ApiConsumes(NDJSON)
  @ApiBody({
    description: 'A JSON object a line: a statement, or with `kind` a party, speaker, topic or source.',
    schema: { type: 'string' },
  })
  @Answers(
    200,
    ref('LineResult'),
    'Import a stream of statements, parties, speakers, topics and sources, a line each.',
    NDJSON,
  )
  async import(
    @Param('dossier') dossier: string,
    @Query() { stopOnError }: ImportQuery,
    @Req() request: FastifyRequest,
    @Writes() context: WriteContext,
    @Entered() entry: Entry,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { body } = request;
    if (!(body instanceof Readable)) throw new Rejection('unsupported-media-type', `Send ${NDJSON}.`);
    const results = await this.commands.execute(
      new ImportStream(dossier, body, stopOnError === 'true', context),
    );
    await reply.type(NDJSON).send(Readable.from(written(results, () => this.admission.holds(entry))));
  }
}

/** An import may take long. It breaks off when the caller may record no longer; what has been answered is recorded. */
async function* written(results: AsyncGenerator<LineResult>, may: () => boolean): AsyncGenerator<string> {
  for await (const result of results) {
    if (!may()) throw unauthenticated();
    yield `${JSON.stringify(result)}\n`;
  }
}
