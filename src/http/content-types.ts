import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpException } from '@nestjs/common';
import { parseJson } from './json.js';

/** Largest JSON body in bytes: of most routes, and of those that take documents or many statements. */
const BODY_LIMIT = 1_048_576;
const LARGE_BODY_LIMIT = 33_554_432;
const LARGE = /\/(sources|sources\/:id|statements\/batch)$/;

export const SERVER_OPTIONS = {
  bodyLimit: BODY_LIMIT,
  routerOptions: { maxParamLength: 600 },
  return503OnClosing: false,
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
  server.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));
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
