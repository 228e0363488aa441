import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { tooMany } from './guessing.js';
import type { Limits } from './limits.js';

/** How many tokens and addresses are counted at a time; of more, those longest unheard of are forgotten. */
const COUNTED = 100_000;

const MINUTE = 60_000;

/** Asked all the time by those who watch the service. */
const UNCOUNTED = /^\/(health\/|metrics$)/;

/**
 * Counts requests in this process's memory: by token, and by address where there is no valid one. A valid token is counted by itself alone, so
 * that strangers behind the same address cannot use it up. Call it before the routes are made.
 */
export async function limitRequestRates(server: FastifyInstance, limits: Limits): Promise<void> {
  await server.register(rateLimit, {
    hook: 'preParsing', // by then it is known who asks
    cache: COUNTED,
    timeWindow: MINUTE,
    keyGenerator: ({ entry, ip }) => entry?.credential?.digest ?? ip,
    max: ({ entry }) => (entry?.credential ? limits.tokenRequests : limits.addressRequests),
    allowList: ({ url }) => UNCOUNTED.test(url),
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) => tooMany(Math.ceil(ttl / 1_000)),
  });
}
