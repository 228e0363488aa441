import { Cast } from '../../../src/domain/cast.js';
import { decideStatement } from '../../../src/domain/record-statement.js';
import type { FieldError } from '../../../src/domain/rejection.js';
import { parseSaidAt, said, SAID_AT_RULE } from '../../../src/domain/said-at.js';
import type { Schemas } from '../api/client.js';
import { inputOf, type Draft } from './draft.js';
import type { Source, Speaker } from './queries.js';
import { circumstancesOf, speakerOf, verdictOf, type Known, type Verdict } from './verdict.js';

/** What the service will make of a draft, by the same function. */
export function decideDraft(
  draft: Draft,
  passage: Schemas['PassageInput'] | null,
  source: Source,
  known: Omit<Known, 'sources'>,
): Verdict {
  const { act, ...input } = inputOf(draft, source.id, passage);
  const missing: FieldError[] = [
    ...(act === null ? [{ path: 'act', message: 'is required' }] : []),
    ...(parseSaidAt(input.saidAt) === null ? [{ path: 'saidAt', message: SAID_AT_RULE }] : []),
  ];
  if (act === null || missing.length > 0) return { decided: null, findings: missing };
  const circumstances = circumstancesOf({ ...known, sources: [source] });
  return verdictOf(() => decideStatement({ ...input, act }, circumstances));
}

/** The parties that a speaker speaks for when something is said; all that they ever spoke for while that is not known. */
export function partiesOf(speaker: Speaker, saidAt: string): string[] {
  const interval = parseSaidAt(saidAt.trim());
  const thing = speakerOf(speaker);
  return interval === null
    ? [...new Set(thing.affiliations.map(({ party }) => party))]
    : new Cast().partiesOf(thing, said(interval));
}
