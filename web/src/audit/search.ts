import { readChoice, readMoments, readText, type Given } from '../design/address.js';

export interface RevisionsSearch {
  readonly order?: 'oldest' | 'newest' | undefined;
  readonly known?: string | undefined;
}

export function revisionsSearch(given: Given): RevisionsSearch {
  return { order: readChoice(given['order'], ['oldest', 'newest']), known: readMoments(given).known };
}

export interface AuditSearch {
  /** The two states of our knowledge that are compared. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

export function auditSearch(given: Given): AuditSearch {
  return { before: readText(given['before']), after: readText(given['after']) };
}
