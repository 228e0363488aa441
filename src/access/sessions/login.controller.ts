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

/** The page that tells somebody in a browser why a link did not log them in, and what to do next. */
const NOT_LOGGED_IN = '/not-logged-in';

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

  /**
   * The secret stands in the address, so the answer is kept nowhere and the next page is not told where the browser comes from. Whoever takes
   * pages is led to one, whatever comes of it; others are told by status.
   */
  @Get()
  @Needs('nothing')
  async login(
    @Query() { once }: LoginQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (request.method !== 'GET') throw new Rejection('not-found', 'A login link is followed with GET.');
    const lead = (address: string): unknown =>
      reply.headers({ 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' }).redirect(address, 303);
    const takesPages = request.headers.accept?.includes('text/html') ?? false;
    // or another site could log its visitors in as somebody else
    if (isFromOtherPages(request)) {
      if (!takesPages) throw requireOurPages();
      return void lead(`${NOT_LOGGED_IN}?why=elsewhere`);
    }
    const tokenDigest = once === undefined ? null : await this.links.take(once);
    if (tokenDigest === null) {
      if (takesPages) return void lead(NOT_LOGGED_IN);
      throw new Rejection(
        'unauthenticated',
        'This login link was used before, or is too old. Ask for another: standpoint login.',
      );
    }
    const before = sessionSecretOf(request);
    if (before !== null) await this.sessions.end(before);
    const { secret } = await this.sessions.begin(tokenDigest);
    setSessionCookie(request, reply, secret, LONGEST / 1_000);
    lead(AFTER);
  }
}
