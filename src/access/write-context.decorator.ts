import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import canonicalize from 'canonicalize';
import type { FastifyRequest } from 'fastify';
import { validate as isUuid } from 'uuid';
import { Rejection } from '../domain/rejection.js';
import type { ExpectedVersion } from '../dossiers/expected-version.js';
import { fingerprintOf, type WriteContext } from '../dossiers/write.js';
import { isSuspect, unstorable } from '../http/unstorable.js';
import { FIRST_ADMINISTRATOR } from './log/state.js';
import { userOf } from './needs.decorator.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
const VERSIONS = /^\s*(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*\s*$/;

/** Who writes, in what correlation, under which idempotency key: from the request's headers. */
export const Writes = createParamDecorator((_: unknown, context: ExecutionContext): WriteContext => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const correlation = single(request, 'x-correlation-id');
  return {
    provenance: {
      recordedBy: userOf(request).slug,
      correlationId:
        correlation !== undefined && isUuid(correlation) ? correlation.toLowerCase() : request.id,
      causationId: causationOf(request),
    },
    idempotency: idempotencyOf(request),
  };
});

/** The event that this write follows from, in the client's eyes. */
function causationOf(request: FastifyRequest): string | null {
  const causation = single(request, 'x-causation-id');
  if (causation === undefined) return null;
  if (!isUuid(causation)) throw headerError('X-Causation-Id', 'must be the id of an event');
  return causation.toLowerCase();
}

function idempotencyOf(request: FastifyRequest): WriteContext['idempotency'] {
  const key = single(request, 'idempotency-key');
  if (key === undefined) return null;
  if (!KEY.test(key)) throw headerError('Idempotency-Key', 'must be 1 to 255 visible ASCII characters');
  const body = isJson(request) && isCanonical(request.body) ? (canonicalize(request.body) ?? '') : '';
  return { key, fingerprint: fingerprintOf(...asker(request), request.method, request.url, body) };
}

/** A key is its user's: nobody is answered what somebody else was. The first administrator's are as they were when there was nobody else. */
function asker(request: FastifyRequest): string[] {
  const { id } = userOf(request);
  return id === FIRST_ADMINISTRATOR.id ? [] : [id];
}

/** A stream's fingerprint is not taken as a whole: each of its lines has its own. */
function isJson(request: FastifyRequest): boolean {
  return /^application\/json\b/i.test(request.headers['content-type'] ?? '');
}

/** RFC 8785 has no form for half of a surrogate pair, nor for what is no number; such a body is refused by its own check. */
function isCanonical(body: unknown): boolean {
  return typeof body !== 'object' || body === null || !isSuspect(body) || unstorable(body).length === 0;
}

/** The versions that `If-Match` (RFC 9110, 13.1.1) accepts. A weak tag never matches. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): ExpectedVersion => {
  const value = single(context.switchToHttp().getRequest<FastifyRequest>(), 'if-match');
  if (value === undefined) return null;
  if (value.trim() === '*') return 'any';
  if (!VERSIONS.test(value)) throw headerError('If-Match', 'must be "version", several of them, or *');
  return [...value.matchAll(/(W\/)?"([^"]*)"/g)].flatMap(([, weak, tag]) =>
    weak === undefined && /^\d{1,9}$/.test(tag ?? '') ? [Number(tag)] : [],
  );
});

function single(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function headerError(name: string, message: string): Rejection {
  return new Rejection('validation-failed', `${name} ${message}.`, [{ path: name, message }]);
}

/** Documents the headers that every write takes; `versioned`: those that change what is there. */
export function WriteHeaders({ versioned = false } = {}): MethodDecorator {
  const key = ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Repeating a write with the same key and body gives the first answer again.',
    schema: { type: 'string', maxLength: 255 },
  });
  const correlation = ApiHeader({
    name: 'X-Correlation-Id',
    required: false,
    description:
      'A UUID for all that belongs together; kept in the events. Left out or no UUID: the id of the request.',
    schema: { type: 'string', maxLength: 255 },
  });
  const causation = ApiHeader({
    name: 'X-Causation-Id',
    required: false,
    description: 'The id of the event that this write follows from; kept in the events.',
    schema: { type: 'string', format: 'uuid' },
  });
  const match = ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'Refuses the write (412) unless the thing is at this version.',
    schema: { type: 'string', example: '"1"' },
  });
  return applyDecorators(key, correlation, causation, ...(versioned ? [match] : []));
}
