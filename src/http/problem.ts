import { HttpException, Logger } from '@nestjs/common';
import { Rejection, type FieldError, type RejectionCode } from '../domain/rejection.js';
import type { Redaction } from '../domain/redaction.js';
import { UnknownDossier } from '../ledger/event.js';
import { isOutage } from '../ledger/outage.js';
import { STATUSES } from './statuses.js';

/** RFC 9457 problem details. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly errors?: readonly FieldError[];
  /** What is left of what was asked for: an extension of RFC 9457's (section 3.2), only where it was erased by law. */
  readonly redacted?: { readonly id: string; readonly version: number } & Redaction;
}

/** Problems that the framework raises before any of our code is asked. */
const BY_STATUS = {
  400: { code: 'malformed-request', title: 'The request cannot be read' },
  404: { code: 'not-found', title: 'Not found' },
  405: { code: 'method-not-allowed', title: 'Method not allowed' },
  408: { code: 'request-timeout', title: 'The request took too long' },
  413: { code: 'too-large', title: 'The request is too large' },
  414: { code: 'uri-too-long', title: 'The address is too long' },
  431: { code: 'headers-too-large', title: 'The headers are too large' },
  415: { code: 'unsupported-media-type', title: 'The content type is not supported' },
} as const;

const FAILURE = 'internal-error';

export type ProblemCode = RejectionCode | (typeof BY_STATUS)[keyof typeof BY_STATUS]['code'] | typeof FAILURE;

/** Every code that a problem may have. Stable: clients branch on them. */
export const PROBLEM_CODES: readonly string[] = [
  ...new Set([...Object.keys(STATUSES), ...Object.values(BY_STATUS).map(({ code }) => code), FAILURE]),
];

const logger = new Logger('Problem');

/** Seconds after which a client may try again what the service could not do now. */
export const RETRY_AFTER = 1;

/** What a client is told of an error. Only our own refusals speak in their own words; anything unexpected is logged and says nothing of the inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Rejection) return rejected(error);
  if (error instanceof UnknownDossier) return rejected(new Rejection('not-found', error.message));
  if (isOutage(error))
    return rejected(
      new Rejection(
        'database-unavailable',
        'The database does not answer; nothing was acknowledged. Try again, with the same Idempotency-Key if you gave one.',
      ),
    );
  const status = statusOf(error);
  const known = Object.entries(BY_STATUS).find(([each]) => each === String(status))?.[1];
  if (known === undefined) logger.error(error instanceof Error ? (error.stack ?? error.message) : error);
  if (known === undefined)
    return problem(
      FAILURE,
      'Something went wrong',
      500,
      'The service failed to answer; the failure has been logged.',
    );
  return problem(known.code, known.title, status, detailOf(error, known.title));
}

function rejected({ code, message, errors, redacted: left }: Rejection): Problem {
  const { status, title } = STATUSES[code];
  return {
    ...problem(code, title, status, message),
    ...(errors.length > 0 && { errors }),
    ...(left && { redacted: { id: left.id, version: left.version, ...left.redacted } }),
  };
}

function problem(code: ProblemCode, title: string, status: number, detail: string): Problem {
  return { type: `urn:standpoint:problem:${code}`, title, status, detail, code };
}

/** Nest's exceptions and Fastify's errors (FST_ERR_…) both carry a status. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
}

function detailOf(error: unknown, fallback: string): string {
  return error instanceof Error && error.message.length <= 500 ? error.message : fallback;
}
