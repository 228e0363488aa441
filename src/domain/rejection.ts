import type { RedactedRecord } from './redaction.js';

/** A bad field of a request: a dotted path (`passage.exact`, `statements.3.act`), what it must be, and what it may have meant. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
  readonly candidates?: readonly Named[];
}

/** How a party, speaker or topic is shown wherever it is referred to. */
export interface Named {
  readonly id: string;
  readonly slug: string | null;
  readonly name: string;
}

/** Why a request was refused. Stable: clients branch on these; http/ gives each its status. */
export type RejectionCode =
  | 'validation-failed'
  | 'unstorable-value'
  | 'unknown-reference'
  | 'ambiguous-reference'
  | 'voided-reference'
  | 'redacted-reference'
  | 'wrong-reference'
  | 'requirement-missing'
  | 'nothing-changed'
  | 'slug-taken'
  | 'version-conflict'
  | 'idempotency-mismatch'
  | 'already-voided'
  | 'not-voided'
  | 'redacted'
  | 'precondition-failed'
  | 'not-found'
  | 'unsupported-media-type'
  | 'unauthenticated'
  | 'forbidden'
  | 'rate-limited'
  | 'first-administrator'
  | 'projection-behind'
  | 'projection-stopped'
  | 'checkpoint-refused'
  | 'ledger-damaged'
  | 'unknown-witness'
  | 'wrong-signature'
  | 'issuer-unavailable'
  | 'database-unavailable';

/** An expected refusal. Nothing was written. */
export class Rejection extends Error {
  override readonly name = 'Rejection';

  constructor(
    readonly code: RejectionCode,
    detail: string,
    readonly errors: readonly FieldError[] = [],
    /** What is left of what was asked for, where it was erased by law. */
    readonly redacted: RedactedRecord | null = null,
  ) {
    super(detail);
  }
}

/** Refuses to do anything more with what was erased by law. `kind`: what it was. */
export function gone(kind: string, left: RedactedRecord): Rejection {
  return new Rejection('redacted', `The ${kind} has been redacted: ${left.redacted.reason}`, [], left);
}

/** One finding among several that refuse a request together. */
export interface Finding extends FieldError {
  readonly code: RejectionCode;
}

/** What is wrong with what stands at `place` of a request, in the request's own terms. */
export function under<Each extends FieldError>(place: string, found: readonly Each[]): Each[] {
  return found.map((each) => ({ ...each, path: `${place}.${each.path}` }));
}

/** Refuses with all findings at once, under the code of the first; does nothing where there is none. */
export function rejectIfAny(findings: readonly Finding[]): void {
  const [first] = findings;
  if (first === undefined) return;
  throw new Rejection(first.code, inOneLine(findings), findings.map(told));
}

/** Most faults that are told in a line; a list tells all. */
const MOST_IN_LINE = 10;

export function inOneLine(errors: readonly FieldError[]): string {
  const shown = errors
    .slice(0, MOST_IN_LINE)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = errors.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}

/** What a client is told of it. */
export function told({ path, message, candidates }: Finding): FieldError {
  return { path, message, ...(candidates && { candidates }) };
}
