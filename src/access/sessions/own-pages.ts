import type { FastifyRequest } from 'fastify';
import { Rejection } from '../../domain/rejection.js';

/**
 * Whether a request was made by a page of this service: by `Sec-Fetch-Site` (Fetch Metadata), which pages cannot set, or else by `Origin`.
 * A request that brings neither is not a browser's of our days, and has no business with a cookie.
 */
export function isFromOurPages({ headers, protocol, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return headers.origin === `${protocol}://${host}`;
}

/** Whether a page of somebody else's made a request: for routes that those who are no browser may use as well. */
export function isFromOtherPages(request: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers;
  return (site !== undefined || origin !== undefined) && site !== 'none' && !isFromOurPages(request);
}

export function requireOurPages(): Rejection {
  return new Rejection(
    'forbidden',
    'With a session, changes are accepted from pages of this service only. Send a token instead: Authorization: Bearer TOKEN.',
  );
}
