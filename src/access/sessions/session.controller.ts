import { Body, Controller, Delete, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers, ref } from '../../http/answers.js';
import { Text } from '../../http/fields.js';
import { Rejection } from '../../domain/rejection.js';
import { unauthenticated, type Entry } from '../admission.js';
import { Authenticator } from '../authenticator.js';
import { Entered, Needs } from '../needs.decorator.js';
import { LoginLinks, type LoginLink } from './login-links.js';
import { isFromOtherPages, requireOurPages } from './own-pages.js';
import { sessionSecretOf, setSessionCookie } from './session-cookie.js';
import { LONGEST, Sessions } from './sessions.js';

export class Login {
  @Text({ max: 200 })
  readonly token!: string;
}

interface Begun {
  readonly user: { readonly id: string; readonly slug: string; readonly name: string };
  /** At the latest; an hour without use ends it, too. */
  readonly expiresAt: string;
}

/** For pages: a token is exchanged once for a cookie that no script can read. */
@ApiTags('Access')
@Controller('api/v1/session')
export class SessionController {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly sessions: Sessions,
    private readonly links: LoginLinks,
  ) {}

  /** Always a new session: one that the browser had before ends, so that nobody can have planted it. */
  @Post()
  @Needs('nothing')
  @Answers(201, ref('Session'), 'Exchange a token for a session, as a cookie.')
  async begin(
    @Body() { token }: Login,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Begun> {
    if (isFromOtherPages(request)) throw requireOurPages();
    const credential = this.authenticator.byToken(token);
    if (credential === null) throw unauthenticated();
    const before = sessionSecretOf(request);
    if (before !== null) await this.sessions.end(before);
    const { secret, expiresAt } = await this.sessions.begin(credential.digest);
    setSessionCookie(request, reply, secret, LONGEST / 1_000);
    const { id, slug, name } = credential.user;
    return { user: { id, slug, name }, expiresAt };
  }

  @Delete()
  @Needs('nothing')
  @HttpCode(204)
  @Answers(204, null, 'End the session, and have the browser forget it.')
  async end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    if (isFromOtherPages(request)) throw requireOurPages();
    const secret = sessionSecretOf(request);
    if (secret !== null) await this.sessions.end(secret);
    setSessionCookie(request, reply, null, 0);
  }

  /** It is worth what the caller's own token is worth, and no longer. */
  @Post('links')
  @Needs('enter')
  @Answers(201, ref('LoginLink'), 'Make a link that logs the caller in, once, within a quarter of an hour.')
  async link(@Entered() { credential }: Entry): Promise<LoginLink> {
    if (credential === null) throw unauthenticated();
    if (credential.verified !== null)
      throw new Rejection(
        'forbidden',
        'A link is made with a token of Standpoint’s own, not with an issuer’s.',
      );
    return this.links.make(credential.digest);
  }
}
