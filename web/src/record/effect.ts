import { bySaidOrder, type Entry } from '../../../src/domain/position.js';
import { RevisedHistory, type EntryChange, type Revision } from '../../../src/domain/revision.js';
import { saidOf } from '../../../src/domain/said-at.js';
import type { Shift } from '../../../src/domain/shift.js';
import type { components } from '../api/openapi.js';

type Schemas = components['schemas'];

/** What a new entry will do to what is believed of a party on a topic. */
export interface Effect extends Pick<Revision, 'kind' | 'after' | 'presentChanged'> {
  /** The shift that the entry makes itself; null: it reaffirms, or is evidence. */
  readonly shift: Shift | null;
  readonly role: 'sets' | 'reaffirms' | 'evidence';
  /** Shifts by other statements that come to be, or become others than they were. */
  readonly others: readonly Shift[];
  /** Shifts that there will be no more. */
  readonly gone: readonly Shift[];
}

/** What a change of our record does to one pair. */
export interface PairChange {
  readonly party: string;
  readonly topic: string;
  readonly change: EntryChange;
}

/** An entry, and whose it is on what. */
export interface Placed extends Omit<PairChange, 'change'> {
  readonly entry: Entry;
}

/** Null: it has no party or no topic, and so is in no history. */
export function placed(
  { party, topic }: { readonly party: string | null; readonly topic: string | null },
  entry: Entry,
): Placed | null {
  return party === null || topic === null ? null : { party, topic, entry };
}

/** What a change takes from pairs and gives to them. Where it moves a statement to another pair, there are two. Null: it does not count. */
export function pairChanges(
  cause: EntryChange['cause'],
  before: Placed | null,
  after: Placed | null,
): PairChange[] {
  const [removed, added] = [before?.entry ?? null, after?.entry ?? null];
  if (before && after && before.party === after.party && before.topic === after.topic)
    return [{ party: after.party, topic: after.topic, change: { cause, removed, added } }];
  return [
    ...(before
      ? [{ party: before.party, topic: before.topic, change: { cause, removed, added: null } }]
      : []),
    ...(after ? [{ party: after.party, topic: after.topic, change: { cause, removed: null, added } }] : []),
  ];
}

/** The revision that the audit will tell of once a change is recorded, by the same function. `known`: all entries of the pair. */
export function revisionBy(known: readonly Entry[], change: EntryChange): Revision {
  const changed = change.removed?.id ?? change.added?.id;
  const others = known.filter(({ id }) => id !== changed);
  const before = change.removed === null ? others : [...others, change.removed];
  return new RevisedHistory(before.toSorted(bySaidOrder)).take(change);
}

/** What recording an entry will do. */
export function effectOf(known: readonly Entry[], entry: Entry): Effect {
  const { kind, after, presentChanged, appeared, disappeared } = revisionBy(known, {
    cause: 'recorded',
    removed: null,
    added: entry,
  });
  const shift = appeared.find(({ statement }) => statement === entry.id) ?? null;
  return {
    kind,
    after,
    presentChanged,
    shift,
    role: shift !== null ? 'sets' : entry.stance === null ? 'evidence' : 'reaffirms',
    others: appeared.filter(({ statement }) => statement !== entry.id),
    gone: disappeared.filter(({ statement }) => !appeared.some((each) => each.statement === statement)),
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
