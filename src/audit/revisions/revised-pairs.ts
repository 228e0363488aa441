import { RECORD_CORRECTED, RECORD_RESTORED, RECORD_VOIDED } from '../../domain/statement.js';
import { RevisedHistory, type EntryChange, type Revision } from '../../domain/revision.js';
import type { EntryVersion } from '../../entries/entries.js';

/** An event that concerned a pair. */
export interface Cause {
  readonly sequence: number;
  readonly type: string;
}

/** What each of some events, in order, did to the history of a pair, from all versions of its entries that were known before the first or came to be known by the last. */
export function revisionsBy(
  causes: readonly Cause[],
  versions: readonly EntryVersion[],
): Map<number, Revision> {
  const first = causes[0]?.sequence ?? 0;
  const known = versions.filter(
    ({ knownFrom, knownTo }) => knownFrom < first && (knownTo === null || knownTo >= first),
  );
  const history = new RevisedHistory(known.map(({ entry }) => entry));
  const come = new Map(versions.map(({ entry, knownFrom }) => [knownFrom, entry]));
  const gone = new Map(versions.map(({ entry, knownTo }) => [knownTo, entry]));
  return new Map(
    causes.map(({ sequence, type }) => {
      const [removed, added] = [gone.get(sequence) ?? null, come.get(sequence) ?? null];
      return [sequence, history.take({ cause: CAUSES[type] ?? 'recorded', removed, added })];
    }),
  );
}

/** What the events about the record are to a history; all others record something. */
const CAUSES: Readonly<Record<string, EntryChange['cause']>> = {
  [RECORD_CORRECTED]: 'correction',
  [RECORD_VOIDED]: 'voiding',
  [RECORD_RESTORED]: 'restoration',
};
