import type { FastifyRequest } from 'fastify';

const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;

/** The token of a request (RFC 6750, 2.1); null where there is none, or what is sent is none. */
export function bearerOf({ headers: { authorization } }: FastifyRequest): string | null {
  return authorization === undefined ? null : (BEARER.exec(authorization)?.[1] ?? null);
}
