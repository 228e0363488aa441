import { Body, Controller, HttpCode, Param, Post, Res, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Needs } from '../../access/needs.decorator.js';
import type { Standing } from '../../domain/statement.js';
import { Answers, ref } from '../../http/answers.js';
import { tagged } from '../../http/entity-tag.js';
import { LONGEST, Text } from '../../http/fields.js';
import type { ExpectedVersion } from '../../dossiers/expected-version.js';
import { IfMatch, WriteHeaders, Writes } from '../../access/write-context.decorator.js';
import type { WriteContext } from '../../dossiers/write.js';
import { SetStanding, type RecordKind, type RecordReceipt } from './set-standing.js';

export class Reason {
  @Text({ max: LONGEST.line })
  readonly reason!: string;
}

interface Naming {
  readonly kind: RecordKind;
  readonly plural: string;
  readonly schema: string;
}

/** Voiding and restoring: the same two routes for each kind of record. */
function standingController({ kind, plural, schema }: Naming): Type<unknown> {
  @ApiTags(`${schema}s`)
  @Controller(`api/v1/dossiers/:dossier/${plural}/:id`)
  class StandingController {
    constructor(readonly commands: CommandBus) {}

    @Post('void')
    @Needs('record')
    @HttpCode(200)
    @WriteHeaders({ versioned: true })
    @Answers(
      200,
      ref(schema),
      `Void our record of ${kind === 'statement' ? 'a statement' : 'an assessment'}: it counts no longer, and nothing is deleted.`,
    )
    void(
      @Param('dossier') dossier: string,
      @Param('id') id: string,
      @Body() { reason }: Reason,
      @IfMatch() expected: ExpectedVersion,
      @Writes() context: WriteContext,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<RecordReceipt> {
      return this.set('voided', reply, dossier, id, reason, expected, context);
    }

    @Post('restore')
    @Needs('record')
    @HttpCode(200)
    @WriteHeaders({ versioned: true })
    @Answers(200, ref(schema), `Restore a voided ${kind}.`)
    restore(
      @Param('dossier') dossier: string,
      @Param('id') id: string,
      @Body() { reason }: Reason,
      @IfMatch() expected: ExpectedVersion,
      @Writes() context: WriteContext,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<RecordReceipt> {
      return this.set('standing', reply, dossier, id, reason, expected, context);
    }

    private async set(
      to: Standing['status'],
      reply: FastifyReply,
      ...[dossier, id, reason, expected, context]: [string, string, string, ExpectedVersion, WriteContext]
    ): Promise<RecordReceipt> {
      const command = new SetStanding(to, dossier, kind, id, reason, expected, context);
      return tagged(reply, await this.commands.execute(command));
    }
  }
  Object.defineProperty(StandingController, 'name', { value: `${schema}RecordController` });
  return StandingController;
}

export const STANDING_CONTROLLERS = [
  standingController({ kind: 'statement', plural: 'statements', schema: 'Statement' }),
  standingController({ kind: 'assessment', plural: 'assessments', schema: 'Assessment' }),
];
