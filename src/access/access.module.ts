import {
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import pg from 'pg';
import { Dossiers } from '../dossiers/dossiers.js';
import type { Surroundings } from '../dossiers/surroundings.js';
import { Writer } from '../dossiers/write.js';
import { Appender } from '../ledger/appender.js';
import { EventLog } from '../ledger/event-log.js';
import { Admission } from './admission.js';
import { Authenticator } from './authenticator.js';
import { Door } from './door.js';
import { LIMITS_IN_FORCE, type Limits } from './limits/limits.js';
import { OpenStreams } from './limits/open-streams.js';
import { AccessEventController } from './log/access-events.controller.js';
import { AccessLog } from './log/access-log.js';
import { AccessWriter } from './log/access-writer.js';
import { MeController, MeInDossierController } from './me.controller.js';
import { MemberController } from './members/members.controller.js';
import { VisibilityController } from './members/visibility.controller.js';
import { issuerTokens } from './oidc/from-settings.js';
import type { IssuerSettings } from './oidc/issuer-settings.js';
import { IssuerTokens } from './oidc/issuer-tokens.js';
import { Opening } from './opening.js';
import { LoginController } from './sessions/login.controller.js';
import { LoginLinks } from './sessions/login-links.js';
import { SessionController } from './sessions/session.controller.js';
import { Sessions } from './sessions/sessions.js';
import { TokenUses } from './token-uses.js';
import { TokenController } from './users/tokens.controller.js';
import { UserController } from './users/users.controller.js';

const clock = (): number => performance.now();

export interface AccessOptions {
  readonly limits: Limits;
  readonly firstAdministratorsToken: string;
  /** Null: nobody else issues tokens. */
  readonly issuer: IssuerSettings | null;
  readonly surroundings: Surroundings;
}

/** Who may do what. */
@Module({})
export class AccessModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly access: AccessLog,
    private readonly uses: TokenUses,
  ) {}

  static register({ firstAdministratorsToken, issuer, limits, surroundings }: AccessOptions): DynamicModule {
    const { now, newId } = surroundings;
    const logger = new Logger('Access');
    const complain = (problem: unknown): void => logger.warn(problem);
    return {
      module: AccessModule,
      global: true,
      controllers: [
        MeController,
        MeInDossierController,
        UserController,
        TokenController,
        MemberController,
        VisibilityController,
        AccessEventController,
        SessionController,
        LoginController,
      ],
      providers: [
        {
          provide: AccessLog,
          useFactory: (log: EventLog) => new AccessLog({ log, clock, complain }),
          inject: [EventLog],
        },
        // An appender of its own: those who follow dossiers, projections above all, hear nothing of this log.
        {
          provide: AccessWriter,
          useFactory: (access: AccessLog, log: EventLog, pool: pg.Pool) =>
            new AccessWriter(access, new Writer(new Appender({ pool, now }), log), log, surroundings),
          inject: [AccessLog, EventLog, pg.Pool],
        },
        {
          provide: TokenUses,
          useFactory: (pool: pg.Pool) => new TokenUses(pool, clock, now),
          inject: [pg.Pool],
        },
        {
          provide: Authenticator,
          useFactory: (access: AccessLog, uses: TokenUses, issued: IssuerTokens | null) =>
            new Authenticator({ access, uses, firstAdministratorsToken, issued, now }),
          inject: [AccessLog, TokenUses, IssuerTokens],
        },
        {
          provide: IssuerTokens,
          useFactory: (access: AccessLog, writer: AccessWriter) =>
            issuer && issuerTokens(issuer, { access, writer, surroundings, clock, complain }),
          inject: [AccessLog, AccessWriter],
        },
        { provide: Sessions, useFactory: (pool: pg.Pool) => new Sessions(pool, now), inject: [pg.Pool] },
        { provide: LoginLinks, useFactory: (pool: pg.Pool) => new LoginLinks(pool, now), inject: [pg.Pool] },
        {
          provide: Admission,
          useFactory: (access: AccessLog, authenticator: Authenticator, dossiers: Dossiers) =>
            new Admission(access, authenticator, dossiers, now),
          inject: [AccessLog, Authenticator, Dossiers],
        },
        {
          provide: Door,
          useFactory: (authenticator: Authenticator, sessions: Sessions, admission: Admission) =>
            new Door(authenticator, sessions, admission),
          inject: [Authenticator, Sessions, Admission],
        },
        { provide: LIMITS_IN_FORCE, useValue: limits },
        { provide: OpenStreams, useValue: new OpenStreams(limits.streams) },
        {
          provide: Opening,
          useFactory: (access: AccessLog) => new Opening(access, newId),
          inject: [AccessLog],
        },
      ],
      exports: [LIMITS_IN_FORCE, OpenStreams, AccessLog, Authenticator, Admission, Door, LoginLinks, Opening],
    };
  }

  /** No request is let in before it is known who may do what. */
  onModuleInit(): Promise<void> {
    return this.access.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.access.stop();
    await this.uses.flush();
  }
}
