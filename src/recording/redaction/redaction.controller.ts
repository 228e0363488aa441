import { Body, Controller, HttpCode, Param, Post, Res, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs } from '../../access/needs.decorator.js';
import { IfMatch, WriteHeaders, Writes } from '../../access/write-context.decorator.js';
import type { ExpectedVersion } from '../../dossiers/expected-version.js';
import type { WriteContext } from '../../dossiers/write.js';
import { Answers, ref } from '../../http/answers.js';
import { tagged } from '../../http/entity-tag.js';
import { LONGEST, Text } from '../../http/fields.js';
import { Redact, type RedactableKind, type RedactionReceipt } from './redact.js';

export class RedactionOrder {
  @Text({ max: LONGEST.line, description: 'Stays in the log for ever: it must not repeat what is erased.' })
  readonly reason!: string;

  @Text({ max: LONGEST.line, optional: true, description: 'The law or the order that demands it.' })
  readonly basis?: string | null;
}

interface Naming {
  readonly kind: RedactableKind;
  readonly plural: string;
  readonly schema: string;
}

/** The same route for everything that the law may order erased. */
function redactionController({ kind, plural, schema }: Naming): Type<unknown> {
  @ApiTags('Redaction')
  @Controller(`api/v1/dossiers/:dossier/${plural}/:id`)
  class RedactionController {
    constructor(readonly commands: CommandBus) {}

    @Post('redact')
    @Needs('administer')
    @HttpCode(200)
    @WriteHeaders({ versioned: true })
    @Answers(
      200,
      ref('RedactionReceipt'),
      `Erase by law all that was ever recorded of ${kind === 'assessment' ? 'an' : 'a'} ${kind}, for ever. There is no way back.`,
    )
    async redact(
      @Param('dossier') dossier: string,
      @Param('id') id: string,
      @Body() order: RedactionOrder,
      @IfMatch() expected: ExpectedVersion,
      @Writes() context: WriteContext,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<RedactionReceipt> {
      return tagged(
        reply,
        await this.commands.execute(new Redact(dossier, kind, id, order, expected, context)),
      );
    }
  }
  Object.defineProperty(RedactionController, 'name', { value: `${schema}Controller` });
  return RedactionController;
}

export const REDACTION_CONTROLLERS = [
  redactionController({ kind: 'statement', plural: 'statements', schema: 'Statement' }),
  redactionController({ kind: 'assessment', plural: 'assessments', schema: 'Assessment' }),
  redactionController({ kind: 'source', plural: 'sources', schema: 'Source' }),
  redactionController({ kind: 'party', plural: 'parties', schema: 'Party' }),
  redactionController({ kind: 'speaker', plural: 'speakers', schema: 'Speaker' }),
  redactionController({ kind: 'topic', plural: 'topics', schema: 'Topic' }),
];
