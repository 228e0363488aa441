import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, ref } from '../http/answers.js';
import type { Entry } from './admission.js';
import { Entered, Needs } from './needs.decorator.js';
import type { OverallRole } from './roles.js';

export interface Me {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly role: OverallRole | null;
  /** Null for the first administrator's and for an issuer's, which are not among the tokens that are issued here. */
  readonly token: {
    readonly id: string;
    readonly prefix: string;
    readonly expiresAt: string | null;
  } | null;
  /** When the session ends; null: it is a token that was sent. */
  readonly sessionEnds: string | null;
}

@ApiTags('Access')
@Controller('api/v1/me')
export class MeController {
  @Get()
  @Needs('enter')
  @Answers(200, ref('Me'), 'Tell who asks, and by what they are known.')
  show(@Entered() { credential }: Entry): Me | undefined {
    if (credential === null) return undefined;
    const { user, token, sessionEnds } = credential;
    const { id, slug, name, role } = user;
    const shown = token && { id: token.id, prefix: token.prefix, expiresAt: token.expiresAt };
    return { id, slug, name, role, token: shown, sessionEnds };
  }
}
