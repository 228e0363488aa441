import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { isOurFault, STATUSES } from '../http/statuses.js';

/** Somebody was not let in, or the database was away. */
const NOTEWORTHY: ReadonlySet<number> = new Set(
  (['unauthenticated', 'forbidden', 'database-unavailable'] as const).map((code) => STATUSES[code].status),
);

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the last event that it wrote; null: it has written none. */
    sequence: number | null;
  }
}

/**
 * One line for every request: who changed what, in which dossier, and where it stands in the log. Who read what is told at the level `debug`
 * alone. Neither addresses with their queries nor headers nor bodies are logged: they hold secrets and what people said.
 */
export function logRequests(server: FastifyInstance, log: Logger): void {
  server.decorateRequest('sequence', null);
  server.addHook('preSerialization', (request, _reply, payload, done) => {
    const { sequence } = (payload ?? {}) as { sequence?: unknown }; // holds: any value but null may be read so
    if (typeof sequence === 'number' && !READING.has(request.method)) request.sequence = sequence;
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const level = levelOf(request, reply);
    if (log.isLevelEnabled(level)) log[level](lineOf(request, reply), 'request');
    done();
  });
}

function lineOf(request: FastifyRequest, reply: FastifyReply): object {
  const { entry, id, ip, method, params, routeOptions, sequence } = request;
  const { dossier } = (params ?? {}) as { dossier?: string }; // holds: Fastify's parameters are texts by name
  return {
    request: id,
    user: entry?.credential?.user.slug ?? null,
    address: ip,
    method,
    route: routeOptions.url ?? null,
    dossier: dossier ?? null,
    sequence,
    status: reply.statusCode,
    milliseconds: Math.round(reply.elapsedTime),
  };
}

/** Guessing is told of by its refusals, until they are put off: whoever floods the service must not flood its log. */
function levelOf(
  { method }: FastifyRequest,
  { statusCode }: FastifyReply,
): 'error' | 'warn' | 'info' | 'debug' {
  if (statusCode === STATUSES['rate-limited'].status) return 'debug';
  if (isOurFault(statusCode)) return 'error';
  return NOTEWORTHY.has(statusCode) ? 'warn' : READING.has(method) ? 'debug' : 'info';
}
