import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Over TLS the browser itself sees to it that a cookie of this name was set by this very host (RFC 6265bis, 4.1.3.2). */
const OVER_TLS = '__Host-standpoint';
const IN_THE_CLEAR = 'standpoint';

const isSecure = ({ protocol }: FastifyRequest): boolean => protocol === 'https';

/** The session's secret that a request brings, if it brings one. */
export function sessionSecretOf(request: FastifyRequest): string | null {
  const { cookie } = request.headers;
  if (cookie === undefined) return null;
  return parseCookie(cookie)[isSecure(request) ? OVER_TLS : IN_THE_CLEAR] ?? null;
}

/** `secret` null: the browser is to forget it. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string | null,
  seconds: number,
): void {
  const secure = isSecure(request);
  const cookie = stringifySetCookie({
    name: secure ? OVER_TLS : IN_THE_CLEAR,
    value: secret ?? '',
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge: secret === null ? 0 : seconds,
  });
  void reply.header('Set-Cookie', cookie).header('Cache-Control', 'no-store');
}
