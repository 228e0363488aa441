import { TABLE, type Stance } from './catalogue.js';
import { saidOf } from './dates.js';

/**
 * Where parties stand, computed as naively as positions.md states it, from a dossier's events and from nothing else. It shares no line
 * with the service, which must agree with it for every history.
 */
export interface Envelope {
  readonly sequence: number;
  readonly streamId: string;
  readonly type: string;
  readonly data: unknown;
}

/** As much of a statement or an assessment as positions depend on. */
interface Fields {
  readonly act: string;
  readonly party: string | null;
  readonly topic: string | null;
  readonly speaker?: string | null;
  readonly saidAt?: string;
  readonly asOf?: string;
  readonly stance: Stance | null;
  readonly conditions: readonly string[];
}

/** What the events of each type carry, as far as it is read here. */
interface Data {
  readonly stated: Fields;
  readonly resolved: Pick<Fields, 'party' | 'topic'>;
  readonly changes: Readonly<Record<string, { readonly to: unknown }>>;
}

export interface Entry extends Fields {
  readonly id: string;
  readonly origin: number;
  readonly said: number;
}

export interface Position {
  readonly stance: Stance;
  readonly conditions: readonly string[];
  readonly from: number;
  to: number | null;
  readonly evidence: { statement: string; role: 'sets' | 'reaffirms' | 'evidence'; act: string }[];
}

export interface Shift {
  readonly at: number;
  readonly origin: number;
  readonly kind: string;
  readonly from: Pick<Entry, 'stance' | 'conditions'> | null;
  readonly to: Entry;
}

export const LEVEL: Readonly<Record<Stance, number>> = {
  opposed: -2,
  skeptical: -1,
  noncommittal: 0,
  open: 1,
  supportive: 2,
};

/** Every entry of the dossier at `known`, in said-order. docs/proof.md: a record any of whose payloads is gone takes no part, at any state of knowledge. */
export function entriesOf(all: readonly Envelope[], known: number): Entry[] {
  const erased = new Set(all.filter(({ data }) => data === null).map(({ streamId }) => streamId));
  const events = all.filter(({ streamId }) => !erased.has(streamId));
  const records = new Map<string, Fields & { origin: number; voided: boolean }>();
  for (const { sequence: origin, streamId, type, data } of events.filter(
    ({ sequence }) => sequence <= known,
  )) {
    const { stated, resolved, changes } = data as Data; // holds: each is read only from events that carry it
    const record = records.get(streamId);
    if (type in TABLE)
      records.set(streamId, { ...stated, act: type, ...only(resolved), origin, voided: false });
    if (type === 'PositionAssessed')
      records.set(streamId, { ...(data as Fields), act: type, origin, voided: false });
    if (record === undefined) continue;
    if (type === 'RecordVoided') records.set(streamId, { ...record, voided: true });
    if (type === 'RecordRestored') records.set(streamId, { ...record, voided: false });
    if (type === 'RecordCorrected') {
      const corrected = Object.fromEntries(Object.entries(changes).map(([field, { to }]) => [field, to]));
      records.set(streamId, { ...record, ...corrected, ...only(resolved) });
    }
  }
  return [...records]
    .filter(([, { voided, party, topic }]) => !voided && party !== null && topic !== null)
    .map(([id, { voided: _, ...record }]) => ({
      ...record,
      id,
      said: saidOf(record.saidAt ?? record.asOf ?? ''),
      stance: record.stance ?? TABLE[record.act]?.stance ?? null,
    }))
    .toSorted(inSaidOrder);
}

function only({ party, topic }: Pick<Fields, 'party' | 'topic'>): Pick<Fields, 'party' | 'topic'> {
  return { party, topic };
}

/** The positions of one pair (or of one voice) from its entries in said-order. */
export function positionsOf(entries: readonly Entry[]): Position[] {
  const positions: Position[] = [];
  for (const { id: statement, act, said, stance, conditions } of entries) {
    const current = positions.at(-1);
    if (stance === null) current?.evidence.push({ statement, role: 'evidence', act });
    else if (current?.stance === stance && sameSet(current.conditions, conditions))
      current.evidence.push({ statement, role: 'reaffirms', act });
    else {
      if (current) current.to = said;
      const evidence: Position['evidence'] = [{ statement, role: 'sets', act }];
      positions.push({ stance, conditions, from: said, to: null, evidence });
    }
  }
  return positions;
}

/** The position at an instant of one pair's entries: only those said by then count. */
export function positionAt(entries: readonly Entry[], at: number): Position | null {
  return positionsOf(entries.filter(({ said }) => said <= at)).at(-1) ?? null;
}

/** The shifts of one pair's entries. */
export function shiftsOf(entries: readonly Entry[]): Shift[] {
  const setters = positionsOf(entries).map(({ evidence }) =>
    entries.find(({ id }) => id === evidence[0]?.statement),
  );
  return setters.flatMap((to, index) =>
    to
      ? [
          {
            at: to.said,
            origin: to.origin,
            kind: kindOf(setters[index - 1], to),
            from: setters[index - 1] ?? null,
            to,
          },
        ]
      : [],
  );
}

function kindOf(from: Entry | undefined, to: Entry): string {
  if (from === undefined) return 'adopted';
  const [before, after] = [from, to].map(({ stance }) => (stance === null ? 0 : LEVEL[stance]));
  if (before === undefined || after === undefined) return 'impossible';
  if (before === after) return 'conditions-changed';
  if (before * after < 0) return 'reversed';
  if (after === 0) return 'withdrawn';
  return Math.abs(after) > Math.abs(before) ? 'strengthened' : 'softened';
}

/** Each speaker's own position for the party, by the same rules over what that speaker said; statements without a speaker are no voice. */
export function voicesAt(
  entries: readonly Entry[],
  at: number,
): { speaker: string; stance: Stance; since: number }[] {
  const speakers = [...new Set(entries.map(({ speaker }) => speaker ?? null))];
  return speakers.flatMap((speaker) => {
    const own =
      speaker === null
        ? null
        : positionAt(
            entries.filter((entry) => entry.speaker === speaker),
            at,
          );
    return own === null || speaker === null ? [] : [{ speaker, stance: own.stance, since: own.from }];
  });
}

export function inSaidOrder(
  one: { said: number; origin: number },
  other: { said: number; origin: number },
): number {
  return one.said - other.said || one.origin - other.origin;
}

/** Each once, in the order of the alphabet. */
export function asSet(conditions: readonly string[]): string[] {
  return [...new Set(conditions)].toSorted();
}

export function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(asSet(one)) === JSON.stringify(asSet(other));
}
