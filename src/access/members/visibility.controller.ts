import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Dossiers } from '../../dossiers/dossiers.js';
import type { Receipt, WriteContext } from '../../dossiers/write.js';
import { Answers, ref } from '../../http/answers.js';
import { Choice, LONGEST, Text } from '../../http/fields.js';
import { AccessLog } from '../log/access-log.js';
import { AccessWriter } from '../log/access-writer.js';
import { Needs } from '../needs.decorator.js';
import { AUDITS, VISIBILITIES, type Audits, type DossierSettings, type Visibility } from '../roles.js';
import { WriteHeaders, Writes } from '../write-context.decorator.js';
import { setVisibility } from './decisions.js';

export class VisibilityChange {
  @Choice(VISIBILITIES, {
    description: '`public`: anyone may read it. `members`: its members. `hidden`: nobody else learns of it.',
  })
  readonly visibility!: Visibility;

  @Choice(AUDITS, {
    optional: true,
    description:
      'Whom its log is for: whoever may read it, or auditors and recorders. Left as it is, if not given.',
  })
  readonly audits?: Audits | null;

  @Text({ max: LONGEST.line, optional: true })
  readonly reason?: string | null;
}

@ApiTags('Access')
@Controller('api/v1/dossiers/:dossier/visibility')
export class VisibilityController {
  constructor(
    private readonly access: AccessLog,
    private readonly writer: AccessWriter,
    private readonly dossiers: Dossiers,
  ) {}

  @Get()
  @Needs('oversee')
  @Answers(200, ref('Visibility'), 'Show who may read a dossier, and its log.')
  async show(@Param('dossier') dossier: string): Promise<DossierSettings> {
    const { id } = await this.dossiers.current(dossier);
    await this.access.refresh();
    return this.access.state.settingsOf(id);
  }

  @Put()
  @Needs('administer')
  @WriteHeaders()
  @Answers(200, ref('VisibilityReceipt'), 'Say who may read a dossier, and its log.')
  async set(
    @Param('dossier') dossier: string,
    @Body() { visibility, audits, reason }: VisibilityChange,
    @Writes() context: WriteContext,
  ): Promise<DossierSettings & Receipt> {
    const { id } = await this.dossiers.current(dossier);
    return this.writer.write(context, (state) => {
      const settings = { visibility, audits: audits ?? state.settingsOf(id).audits };
      return setVisibility(id, settings, reason ?? null);
    });
  }
}
