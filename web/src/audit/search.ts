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
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function auditSearch(given: Given): AuditSearch {
  const { before, after, kind, party, topic, recorder, from, to } = given;
  return {
    before: readText(before),
    after: readText(after),
    kind: readChoice(kind, KINDS),
    party: readText(party),
    topic: readText(topic),
    recorder: readText(recorder),
    from: readInstant(from),
    to: readInstant(to),
  };
}
