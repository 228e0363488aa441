import { RECORD_CORRECTED, RECORD_RESTORED, RECORD_VOIDED } from '../../domain/statement.js';
import { RevisedHistory, type EntryChange, type Revision } from '../../domain/revision.js';
import type { Entry } from '../../domain/position.js';
import type { EntryVersion } from '../../entries/entries.js';

/** An event that concerned a pair. */
export interface Cause {
  readonly sequence: number;
  readonly type: string;
}

/**
 * What each of some events, in order, did to the history of a pair, from all versions of its entries that were known before the first or came
 * to be known by the last. Events between them that are not asked about are taken in all the same.
 */
export function revisionsBy(
  causes: readonly Cause[],
  versions: readonly EntryVersion[],
): Map<number, Revision> {
  const first = causes[0]?.sequence ?? 0;
  const last = causes.at(-1)?.sequence ?? 0;
  const known = versions.filter(
    ({ knownFrom, knownTo }) => knownFrom < first && (knownTo === null || knownTo >= first),
  );
  const history = new RevisedHistory(known.map(({ entry }) => entry));
  const come = new Map(versions.map(({ entry, knownFrom }) => [knownFrom, entry]));
  const gone = new Map(
    versions.flatMap(({ entry, knownTo }): [number, Entry][] => (knownTo === null ? [] : [[knownTo, entry]])),
  );
  const types = new Map(causes.map(({ sequence, type }) => [sequence, type]));
  const sequences = new Set([...types.keys(), ...come.keys(), ...gone.keys()]);
  const inOrder = [...sequences]
    .filter((sequence) => sequence >= first && sequence <= last)
    .toSorted((one, other) => one - other);
  const revisions = new Map<number, Revision>();
  for (const sequence of inOrder) {
    const type = types.get(sequence);
    const [removed, added] = [gone.get(sequence) ?? null, come.get(sequence) ?? null];
    const revision = history.take({ cause: CAUSES[type ?? ''] ?? 'recorded', removed, added });
    if (type !== undefined) revisions.set(sequence, revision);
  }
  return revisions;
}

/** What the events about the record are to a history; all others record something. */
const CAUSES: Readonly<Record<string, EntryChange['cause']>> = {
  [RECORD_CORRECTED]: 'correction',
  [RECORD_VOIDED]: 'voiding',
  [RECORD_RESTORED]: 'restoration',
};
