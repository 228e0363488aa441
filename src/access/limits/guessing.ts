import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Rejection } from '../../domain/rejection.js';
import { problemOf } from '../../http/problem.js';
import { STATUSES } from '../../http/statuses.js';
import type { Authenticator } from '../authenticator.js';
import { bearerOf } from '../bearer.js';

/** Addresses that are remembered as guessing; of more, those longest unheard of are forgotten, and are counted anew. */
const REMEMBERED = 100_000;

const MINUTE = 60_000;

/**
 * Slows down whoever keeps sending wrong tokens. After some within a minute they are no longer told that they are wrong, but to wait; and until
 * then they are turned away before anything else is done for them. A right token is let in all the same, wherever it comes from.
 */
export class Guessing {
  /** When an address may ask again, in milliseconds of `performance.now()`. */
  private readonly putOff = new LRUCache<string, number>({ max: REMEMBERED });

  constructor(
    private readonly authenticator: Authenticator,
    private readonly most: number,
  ) {}

  /** Call it before any other hook of requests is added. */
  turnAway(server: FastifyInstance): void {
    server.addHook('onRequest', (request, reply, done) => {
      const until = this.putOff.size === 0 ? undefined : this.putOff.get(request.ip);
      if (until === undefined || !this.isGuess(request)) return done();
      const left = Math.ceil((until - performance.now()) / 1_000);
      return left > 0 ? answer(reply, left) : done();
    });
  }

  /** Counts every 401, whichever route it comes from. Call it once rates can be counted, and before the routes are made. */
  count(server: FastifyInstance): void {
    const count = server.createRateLimit({
      max: this.most,
      timeWindow: MINUTE,
      keyGenerator: ({ ip }) => `wrong tokens from ${ip}`,
    });
    server.addHook('onSend', async (request, reply, payload) => {
      if (reply.statusCode !== STATUSES.unauthenticated.status) return payload;
      const counted = await count(request);
      if (counted.isAllowed || !counted.isExceeded) return payload;
      this.putOff.set(request.ip, performance.now() + counted.ttl);
      void reply.status(STATUSES['rate-limited'].status).header('Retry-After', counted.ttlInSeconds);
      void reply.removeHeader('WWW-Authenticate').removeHeader('Content-Length');
      return bodyOf(counted.ttlInSeconds);
    });
  }

  private isGuess(request: FastifyRequest): boolean {
    const token = bearerOf(request);
    if (token === null || this.authenticator.mayBeIssuers(token)) return false;
    return this.authenticator.byToken(token) === null;
  }
}

function answer(reply: FastifyReply, seconds: number): void {
  const body = bodyOf(seconds);
  reply.hijack();
  reply.raw.writeHead(STATUSES['rate-limited'].status, {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': body.length,
    'Retry-After': seconds,
  });
  reply.raw.end(body);
}

function bodyOf(seconds: number): string {
  return JSON.stringify(problemOf(tooMany(seconds)));
}

export function tooMany(seconds: number): Rejection {
  return new Rejection('rate-limited', `Too many requests. Try again in ${seconds} seconds.`);
}
