import { HttpException } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { STREAMED } from './content-types.js';
import { problemOf } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Until when its body may be on its way; null: it is there, or is a stream. */
    deadline: NodeJS.Timeout | null;
  }
}

/**
 * Nobody keeps a connection by sending a body byte by byte: it has so many seconds to arrive. A stream of lines may take as long as it likes,
 * but not pause for longer. How long headers may take is Node's business.
 */
export function limitSlowness(server: FastifyInstance, seconds: number): void {
  server.server.headersTimeout = seconds * 1_000;
  server.decorateRequest('deadline', null);
  const begun: [FastifyRequest, FastifyReply][] = [];
  const watch = (): void => {
    for (const [request, reply] of begun.splice(0))
      if (!request.raw.complete && !reply.sent)
        request.deadline = setTimeout(() => giveUp(request, reply), seconds * 1_000).unref();
  };
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (isStream(request)) request.raw.setTimeout(seconds * 1_000, () => giveUp(request, reply));
    else if (begun.push([request, reply]) === 1) setImmediate(watch); // most bodies are there by the end of this turn, and need no timer
    done(null, payload);
  });
  server.addHook('preValidation', (request, _reply, done) => {
    meet(request);
    done();
  });
  server.addHook('onResponse', (request, _reply, done) => {
    meet(request);
    if (isStream(request)) request.raw.setTimeout(0);
    if (!request.raw.complete) setImmediate(() => request.raw.complete || hangUpLater(request, seconds)); // most of what is refused unread is there by then
    done();
  });
}

function meet(request: FastifyRequest): void {
  if (request.deadline !== null) clearTimeout(request.deadline);
  request.deadline = null;
}

const isStream = ({ routeOptions }: FastifyRequest): boolean => STREAMED.test(routeOptions.url ?? '');

/** The rest of a request that was refused before it was read must arrive in time, too. */
function hangUpLater({ raw }: FastifyRequest, seconds: number): void {
  const late = setTimeout(() => raw.complete || raw.destroy(), seconds * 1_000).unref();
  raw.once('end', () => clearTimeout(late)).once('close', () => clearTimeout(late));
}

/** Answers although the request is not all there, and hangs up. */
function giveUp(request: FastifyRequest, reply: FastifyReply): void {
  if (reply.raw.headersSent) return void request.raw.destroy();
  const problem = problemOf(new HttpException('The request did not arrive in time.', 408));
  reply.hijack();
  reply.raw.writeHead(problem.status, { 'Content-Type': 'application/problem+json', Connection: 'close' });
  reply.raw.end(JSON.stringify(problem), () => request.raw.destroy());
}
