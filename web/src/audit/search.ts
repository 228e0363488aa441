import type { Schemas } from '../api/client.js';
import { readChoice, readInstant, readMoments, readText, type Given } from '../design/address.js';

export interface RevisionsSearch {
  readonly order?: 'oldest' | 'newest' | undefined;
  readonly known?: string | undefined;
}

export function revisionsSearch(given: Given): RevisionsSearch {
  return { order: readChoice(given['order'], ['oldest', 'newest']), known: readMoments(given).known };
}

/** What an event can have done to our record. */
export const KINDS = [
  'advance',
  'backfill',
  'correction',
  'voiding',
  'restoration',
  'merge',
  'unmerge',
] as const;

export interface AuditSearch {
  /** The two states of our knowledge that are compared. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  /** Which revisions are shown; `from` and `to` are days of recorded-time. */
  readonly kind?: (typeof KINDS)[number] | undefined;
  readonly party?: string | undefined;
  readonly topic?: string | undefined;
  readonly recorder?: string | undefined;
  /** Who entered the record that was revised. */
  readonly enteredBy?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function auditSearch(given: Given): AuditSearch {
  const { before, after, kind, party, topic, recorder, enteredBy, from, to } = given;
  return {
    before: readText(before),
    after: readText(after),
    kind: readChoice(kind, KINDS),
    party: readText(party),
    topic: readText(topic),
    recorder: readText(recorder),
    enteredBy: readText(enteredBy),
    from: readInstant(from),
    to: readInstant(to),
  };
}

/** Why a position is weak. */
export const WEAKNESSES = [
  'one-statement',
  'reported-only',
  'source-gone',
] as const satisfies readonly Schemas['WeakPosition']['reasons'][number][];

export type Weakness = (typeof WEAKNESSES)[number];

export interface WeakSearch {
  readonly reason?: Weakness | undefined;
  readonly party?: string | undefined;
  readonly topic?: string | undefined;
  readonly known?: string | undefined;
}

export function weakSearch(given: Given): WeakSearch {
  const { reason, party, topic } = given;
  return {
    reason: readChoice(reason, WEAKNESSES),
    party: readText(party),
    topic: readText(topic),
    known: readMoments(given).known,
  };
}
