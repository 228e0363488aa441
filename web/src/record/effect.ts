import { bySaidOrder, foldPositions, type Entry, type Position } from '../../../src/domain/position.js';
import { saidOf } from '../../../src/domain/said-at.js';
import { shiftsOf, type Shift } from '../../../src/domain/shift.js';
import type { Schemas } from '../api/client.js';

/** What a new entry will do to where a party stands on a topic. */
export interface Effect {
  /** Where it stands now, and where it will. */
  readonly before: Position | null;
  readonly after: Position | null;
  /** The shift that the entry makes; null: it reaffirms, or is evidence. */
  readonly shift: Shift | null;
  readonly role: 'sets' | 'reaffirms' | 'evidence';
  /** It falls before something already known (positions.md: a backfill, not an advance). */
  readonly isBackfill: boolean;
  readonly isPresentChanged: boolean;
  /** Shifts of others that it makes appear, or be other than they were. */
  readonly others: readonly Shift[];
  /** Shifts that were there and will not be. */
  readonly gone: readonly Shift[];
}

/** The same fold as the service's own, over what is known of the pair and over that with the new entry. */
export function effectOf(known: readonly Entry[], entry: Entry): Effect {
  const entries = known.toSorted(bySaidOrder);
  const later = [...entries, entry].toSorted(bySaidOrder);
  const [past, future] = [foldPositions(entries), foldPositions(later)];
  const [were, will] = [shiftsOf(past), shiftsOf(future)];
  const before = past.at(-1) ?? null;
  const after = future.at(-1) ?? null;
  const evidence = future.flatMap((position) => position.evidence).find((each) => each.entry.id === entry.id);
  return {
    before,
    after,
    shift: will.find(({ statement }) => statement === entry.id) ?? null,
    role: evidence?.role ?? 'evidence', // before the first position, where nothing holds it, it is evidence of none
    isBackfill: later.at(-1)?.id !== entry.id,
    isPresentChanged: before?.evidence[0].entry.id !== after?.evidence[0].entry.id,
    others: will.filter(
      (shift) => shift.statement !== entry.id && !were.some((each) => sameShift(each, shift)),
    ),
    gone: were.filter(({ statement }) => !will.some((each) => each.statement === statement)),
  };
}

export function entryOfStatement(statement: Schemas['Statement']): Entry {
  return {
    id: statement.id,
    act: statement.act,
    speaker: statement.speaker?.id ?? null,
    said: saidOf(statement.saidAt),
    origin: statement.sequence,
    stance: statement.resolved.stance,
    conditions: statement.resolved.conditions,
  };
}

export function entryOfAssessment({ id, asOf, sequence, stance, conditions }: Schemas['Assessment']): Entry {
  return {
    id,
    act: 'PositionAssessed',
    speaker: null,
    said: saidOf(asOf),
    origin: sequence,
    stance,
    conditions,
  };
}

function sameShift(one: Shift, other: Shift): boolean {
  return one.statement === other.statement && one.kind === other.kind;
}
