import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Rejection } from '../../domain/rejection.js';
import { QueryText } from '../../http/queries.js';
import { Needs } from '../needs.decorator.js';
import { LoginLinks } from './login-links.js';
import { isFromOtherPages, requireOurPages } from './own-pages.js';
import { sessionSecretOf, setSessionCookie } from './session-cookie.js';
import { LONGEST, Sessions } from './sessions.js';

/** Where a login leads to. */
const AFTER = '/';

class LoginQuery {
  @QueryText('The secret of a login link.', 200)
  readonly once?: string;
}

/** What a login link leads to: a page and not part of the API. */
@ApiExcludeController()
@Controller('login')
export class LoginController {
  constructor(
    private readonly sessions: Sessions,
    private readonly links: LoginLinks,
  ) {}

  /** The secret stands in the address, so the answer is kept nowhere and the next page is not told where the browser comes from. */
  @Get()
  @Needs('nothing')
  async login(
    @Query() { once }: LoginQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (request.method !== 'GET') throw new Rejection('not-found', 'A login link is followed with GET.');
    if (isFromOtherPages(request)) throw requireOurPages(); // or another site could log its visitors in as somebody else
    const tokenDigest = once === undefined ? null : await this.links.take(once);
    if (tokenDigest === null)
      throw new Rejection(
        'unauthenticated',
        'This login link was used before, or is too old. Ask for another: standpoint login.',
      );
    const before = sessionSecretOf(request);
    if (before !== null) await this.sessions.end(before);
    const { secret } = await this.sessions.begin(tokenDigest);
    setSessionCookie(request, reply, secret, LONGEST / 1_000);
    await reply.header('Referrer-Policy', 'no-referrer').redirect(AFTER, 303);
  }
}
