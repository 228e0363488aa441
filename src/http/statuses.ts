import type { RejectionCode } from '../domain/rejection.js';

/** The one place where a refusal gets its HTTP status and title. */
export const STATUSES = {
  'validation-failed': { status: 400, title: 'The request is not valid' },
  'unstorable-value': { status: 422, title: 'The request holds a value that cannot be stored' },
  'unknown-reference': { status: 422, title: 'Something referred to is not in this dossier' },
  'ambiguous-reference': { status: 422, title: 'A name may mean more than one thing' },
  'voided-reference': { status: 422, title: 'The statement referred to has been voided' },
  'redacted-reference': { status: 422, title: 'The statement referred to has been redacted' },
  'wrong-reference': { status: 422, title: 'The act cannot refer to that statement' },
  'requirement-missing': { status: 422, title: 'The act requires more' },
  'nothing-changed': { status: 422, title: 'The correction changes nothing' },
  'slug-taken': { status: 409, title: 'The slug is taken' },
  'version-conflict': { status: 409, title: 'It was changed at the same time' },
  'idempotency-mismatch': { status: 409, title: 'The idempotency key was used for another request' },
  'already-voided': { status: 409, title: 'The record is voided already' },
  'not-voided': { status: 409, title: 'The record is not voided' },
  redacted: { status: 410, title: 'It has been erased by law' },
  'precondition-failed': { status: 412, title: 'It is no longer at that version' },
  'not-found': { status: 404, title: 'Not found' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  unauthenticated: { status: 401, title: 'A valid token is required' },
  forbidden: { status: 403, title: 'Not allowed' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'first-administrator': { status: 409, title: 'The first administrator stays what they are' },
  'projection-behind': { status: 503, title: 'The answer is not ready yet' },
  'projection-stopped': { status: 503, title: 'The answer cannot be given' },
  'checkpoint-refused': { status: 503, title: 'The log cannot be signed' },
  'ledger-damaged': { status: 503, title: 'What is stored proves nothing' },
  'unknown-witness': { status: 422, title: 'No witness that is known here has signed it' },
  'wrong-signature': { status: 422, title: 'A signature is not true' },
  'issuer-unavailable': { status: 503, title: 'Whoever issued the token is away' },
  'database-unavailable': { status: 503, title: 'The database is away' },
} as const satisfies Record<RejectionCode, { status: number; title: string }>;

/** Whether an answer says that the service itself is at fault: not that its database is away. */
export function isOurFault(status: number): boolean {
  return status >= 500 && status !== STATUSES['database-unavailable'].status;
}
