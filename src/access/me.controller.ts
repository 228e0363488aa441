import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { noSuchDossier, Dossiers } from '../dossiers/dossiers.js';
import { Answers, ref } from '../http/answers.js';
import type { Entry } from './admission.js';
import { AccessLog } from './log/access-log.js';
import { Entered, Needs } from './needs.decorator.js';
import { mayInDossier, type OverallRole, type Role } from './roles.js';

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

/** What the caller may do in a dossier, so that a page need not show what would only be refused. */
export interface MeInDossier {
  /** Null: no member, but an administrator, or a stranger in a public dossier. */
  readonly role: Role | null;
  readonly may: {
    readonly read: boolean;
    readonly audit: boolean;
    readonly oversee: boolean;
    readonly record: boolean;
    readonly administer: boolean;
  };
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

@ApiTags('Access')
@Controller('api/v1/dossiers/:dossier/me')
export class MeInDossierController {
  constructor(
    private readonly access: AccessLog,
    private readonly dossiers: Dossiers,
  ) {}

  @Get()
  @Needs('read')
  @Answers(200, ref('MeInDossier'), 'Tell what the caller may do in a dossier.')
  async show(@Param('dossier') dossier: string, @Entered() { credential }: Entry): Promise<MeInDossier> {
    const id = await this.dossiers.find(dossier);
    if (id === null) throw noSuchDossier(dossier);
    const administer = credential?.user.role === 'administrator';
    const role = credential?.user.dossiers.get(id) ?? null;
    const settings = this.access.state.settingsOf(id);
    const may = (what: 'read' | 'audit' | 'oversee' | 'record'): boolean =>
      administer || mayInDossier(what, role, settings);
    return {
      role,
      may: {
        read: may('read'),
        audit: may('audit'),
        oversee: may('oversee'),
        record: may('record'),
        administer,
      },
    };
  }
}
