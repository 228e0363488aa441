import { bySaidOrder, type Entry } from '../../../src/domain/position.js';
import { RevisedHistory, type Revision } from '../../../src/domain/revision.js';
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

/** The revision that the audit will tell of once the entry is recorded, by the same function. */
export function effectOf(known: readonly Entry[], entry: Entry): Effect {
  const history = new RevisedHistory(known.toSorted(bySaidOrder));
  const { kind, after, presentChanged, appeared, disappeared } = history.take({
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
