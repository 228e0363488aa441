import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpException } from '@nestjs/common';
import { parseJson } from './json.js';
import { problemOf } from './problem.js';

/** Largest JSON body in bytes: of most routes, and of those that take documents or many statements. */
const BODY_LIMIT = 1_048_576;
const LARGE_BODY_LIMIT = 33_554_432;
const LARGE = /\/(sources|sources\/:id|statements\/batch)$/;

/** The route that takes a stream. */
const STREAMED = /\/import$/;

export const SERVER_OPTIONS = {
  bodyLimit: BODY_LIMIT,
  routerOptions: { maxParamLength: 600 },
  return503OnClosing: false,
  frameworkErrors: answerProblem,
} as const;

/** What the service reads: JSON in UTF-8, and NDJSON as a stream. Anything else is answered with 415. */
export function acceptContentTypes(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, readJson(request, body as Buffer)); // holds: parseAs is buffer
    } catch (error) {
      done(error as Error); // holds: readJson throws nothing else
    }
  });
  server.addContentTypeParser('application/x-ndjson', (request, payload, done) => {
    if (STREAMED.test(request.routeOptions.url ?? '')) done(null, payload);
    else done(new HttpException('This route reads application/json.', 415)); // a stream where a handler expects an object is not to be looked into
  });
  server.addHook('onRoute', (route) => {
    if (LARGE.test(route.url)) route.bodyLimit = LARGE_BODY_LIMIT;
  });
}

function readJson(request: FastifyRequest, body: Buffer): unknown {
  const charset = /charset="?([\w-]+)"?/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset))
    throw new HttpException('JSON is read in UTF-8 only.', 415);
  if (!isUtf8(body)) throw new HttpException('The body is not UTF-8.', 400);
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    throw new HttpException('The body is not valid JSON.', 400);
  }
}

/** Addresses that cannot even be read are refused before any filter of ours is asked. */
function answerProblem(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
