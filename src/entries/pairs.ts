import { quote, References } from '../domain/references.js';
import { Rejection, rejectIfAny } from '../domain/rejection.js';
import type { Cast } from '../domain/cast.js';
import { readCursor, writeCursor } from '../http/paging.js';
import type { Pair, PairFilter } from './entries.js';

/** The pair of an address: ids or slugs. Rejects with `not-found`. */
export function requirePair(cast: Cast, party: string, topic: string): Pair {
  return { party: require(cast, 'party', party), topic: require(cast, 'topic', topic) };
}

function require(cast: Cast, kind: 'party' | 'topic', reference: string): string {
  const thing = cast[kind].byIdOrSlug(reference);
  if (thing === undefined)
    throw new Rejection('not-found', `There is no ${kind} ${quote(reference)} in this dossier.`);
  return thing.id;
}

/** The pairs that a query asks for. Rejects with `unknown-reference`, `ambiguous-reference` or `validation-failed`. */
export function readPairFilter(
  cast: Cast,
  query: { party?: string | undefined; topic?: string | undefined; cursor?: string | undefined },
): PairFilter {
  const references = new References(cast);
  const party = references.id('party', 'party', query.party);
  const topic = references.id('topic', 'topic', query.topic);
  rejectIfAny(references.findings);
  const after = readCursor(query.cursor, ['uuid', 'uuid']);
  return { party, topic, after: after && { party: after[0], topic: after[1] } };
}

export function pairCursor(last: Pair | null): string | null {
  return last === null ? null : writeCursor([last.party, last.topic]);
}
