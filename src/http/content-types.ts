import { isUtf8 } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpException } from '@nestjs/common';
import { Rejection } from '../domain/rejection.js';
import { parseJson } from './json.js';
import { problemOf } from './problem.js';

/** Routes whose bodies hold documents or many statements. */
const LARGE = /\/(sources|sources\/:id|statements\/batch)$/;

/** Most fields and items of a batch: a thousand statements, each with all fields and the longest lists. */
const BATCH = /\/statements\/batch$/;
const MOST_OF_BATCH = 200_000;

/** The route that takes a stream. */
export const STREAMED = /\/import$/;

export const SERVER_OPTIONS = {
  routerOptions: { maxParamLength: 600 },
  return503OnClosing: false,
  frameworkErrors: answerProblem,
  clientErrorHandler: answerBrokenRequest,
} as const;

/** What the service reads: JSON in UTF-8, and NDJSON as a stream. Anything else is answered with 415. */
export function acceptContentTypes(server: FastifyInstance, largeBodyBytes: number): void {
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
  server.addHook('onRequest', (request, _reply, done) => {
    const coding = request.headers['content-encoding'] ?? 'identity';
    done(
      coding === 'identity'
        ? undefined
        : new HttpException('Bodies are read as they are, not compressed.', 415),
    );
  });
  server.addHook('onRoute', (route) => {
    if (LARGE.test(route.url)) route.bodyLimit = largeBodyBytes;
  });
}

function readJson(request: FastifyRequest, body: Buffer): unknown {
  const charset = /charset="?([\w-]+)"?/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset))
    throw new HttpException('JSON is read in UTF-8 only.', 415);
  if (!isUtf8(body)) throw new HttpException('The body is not UTF-8.', 400);
  try {
    const most = BATCH.test(request.routeOptions.url ?? '') ? MOST_OF_BATCH : undefined;
    return parseJson(body.toString('utf8'), most);
  } catch (error) {
    if (error instanceof Rejection) throw error;
    throw new HttpException('The body is not valid JSON.', 400);
  }
}

/** Addresses that cannot even be read are refused before any filter of ours is asked. */
function answerProblem(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** What is no HTTP, or has headers beyond all bounds, never becomes a request; it is answered on the bare connection. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status = BROKEN[error.code ?? ''] ?? 400;
  const problem = JSON.stringify(
    problemOf(new HttpException(BROKEN_DETAIL[status] ?? 'It is no HTTP request.', status)),
  );
  const length = Buffer.byteLength(problem);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${problem}`,
  );
}

/** By Node's names of what was wrong. */
const BROKEN: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

const BROKEN_DETAIL: Readonly<Record<number, string>> = {
  431: 'The headers are too large.',
  408: 'The request did not come to its end in time.',
};
