import { Body, Controller, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { Needs } from '../../access/needs.decorator.js';
import { Writes } from '../../access/write-context.decorator.js';
import type { WriteContext } from '../../dossiers/write.js';
import { Answers, ref } from '../../http/answers.js';
import { LONGEST, Text } from '../../http/fields.js';
import { ContinueLog, ReplaceKey, type ContinuedLog, type ReplacedKey } from './replace-key.js';

/** Why a key is replaced or a log is gone on with; the logs tell it for ever. */
export class LedgerReason {
  @Text({ max: LONGEST.line })
  readonly reason!: string;
}

/** An operator's acts upon what signs the logs. */
@ApiTags('Operating')
@Controller('api/v1')
export class LedgerKeyController {
  constructor(private readonly commands: CommandBus) {}

  @Post('admin/ledger/keys')
  @Needs('administer')
  @Answers(201, ref('ReplacedKey'), 'Replace the key that signs the logs.')
  replace(@Body() { reason }: LedgerReason, @Writes() { provenance }: WriteContext): Promise<ReplacedKey> {
    return this.commands.execute(new ReplaceKey(reason, provenance));
  }

  @Post('dossiers/:dossier/ledger/continuations')
  @Needs('administer')
  @Answers(201, ref('ContinuedLog'), 'Go on signing a log that is refused, by the key of today.')
  goOn(
    @Param('dossier') dossier: string,
    @Body() { reason }: LedgerReason,
    @Writes() { provenance }: WriteContext,
  ): Promise<ContinuedLog> {
    return this.commands.execute(new ContinueLog(dossier, reason, provenance));
  }
}
