import { Rejection } from '../domain/rejection.js';

/** What `If-Match` demands: one of some versions, that it exists at all (`*`), or nothing. */
export type ExpectedVersion = readonly number[] | 'any' | null;

/** Rejects with `precondition-failed` unless the version is as demanded. */
export function requireVersion(actual: number, expected: ExpectedVersion): void {
  if (expected === null || expected === 'any' || expected.includes(actual)) return;
  throw new Rejection('precondition-failed', `It is at version ${actual} now.`);
}
