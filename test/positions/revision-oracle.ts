import { isDeepStrictEqual } from 'node:util';
import type { Stance } from './catalogue.js';
import { iso, type Pair, type ShiftSeen } from './expectations.js';
import {
  asSet,
  entriesOf,
  inSaidOrder,
  LEVEL,
  positionsOf,
  sameSet,
  shiftsOf,
  type Entry,
  type Envelope,
  type Position,
} from './oracle.js';

/** An event of the log as far as a revision tells of it. */
export interface Happened extends Envelope {
  readonly id: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
}

/** A revision as an answer shows it, with everything named by its id. */
export interface RevisionSeen extends Pair {
  readonly sequence: number;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly kind: string;
  readonly event: { readonly id: string; readonly type: string };
  readonly record: string;
  readonly act: string;
  readonly saidAt: string;
  readonly reason: string | null;
  readonly advance: string | null;
  readonly before: object | null;
  readonly after: object | null;
  readonly shiftsAppeared: readonly Omit<ShiftSeen, keyof Pair>[];
  readonly shiftsDisappeared: readonly Omit<ShiftSeen, keyof Pair>[];
  readonly pastChanged: boolean;
  readonly presentChanged: boolean;
}

const KINDS: Readonly<Record<string, string>> = {
  RecordCorrected: 'correction',
  RecordVoided: 'voiding',
  RecordRestored: 'restoration',
};

/** How our record of a pair was revised: each event about one of its entries, by the whole histories before and after it. */
export function revisionsOf(events: readonly Happened[], pair: Pair): RevisionSeen[] {
  const own = everOf(events, pair);
  const ofPair = ({ party, topic }: Entry): boolean => party === pair.party && topic === pair.topic;
  return own.flatMap((event) => {
    const [before, after] = [entriesOf(own, event.sequence - 1), entriesOf(own, event.sequence)];
    const about = ({ id }: Entry): boolean => id === event.streamId;
    const concerned = [...before, ...after].some((entry) => ofPair(entry) && about(entry));
    const entry = after.find(about) ?? before.find(about);
    if (!concerned || entry === undefined) return [];
    return [compared(pair, event, entry, before.filter(ofPair), after.filter(ofPair))];
  });
}

/** The events of all records that were ever about the pair; no others give it entries. */
function everOf(events: readonly Happened[], { party, topic }: Pair): Happened[] {
  const told = new Map<string, string>();
  for (const { streamId, data } of events)
    told.set(streamId, `${told.get(streamId) ?? ''}${JSON.stringify(data)}`);
  const about = [...told].filter(([, text]) => text.includes(party) && text.includes(topic));
  const streams = new Set(about.map(([streamId]) => streamId));
  return events.filter(({ streamId }) => streams.has(streamId));
}

function compared(
  pair: Pair,
  event: Happened,
  entry: Entry,
  before: readonly Entry[],
  after: readonly Entry[],
): RevisionSeen {
  const [old, now] = [positionsOf(before), positionsOf(after)];
  const kind =
    KINDS[event.type] ?? (before.some((each) => inSaidOrder(each, entry) > 0) ? 'backfill' : 'advance');
  const [shiftsBefore, shiftsAfter] = [shiftsSeen(before), shiftsSeen(after)];
  return {
    ...pair,
    sequence: event.sequence,
    recordedAt: event.recordedAt,
    recordedBy: event.recordedBy,
    kind,
    event: { id: event.id, type: event.type },
    record: entry.id,
    ...wordsOf(entry, event),
    reason: (event.data as { reason?: string }).reason ?? null, // holds: data are JSON objects
    advance: kind === 'advance' ? advanceOf(entry, now, shiftsAfter) : null,
    before: present(old),
    after: present(now),
    shiftsAppeared: without(shiftsAfter, shiftsBefore),
    shiftsDisappeared: without(shiftsBefore, shiftsAfter),
    pastChanged: !onlyEndsDiffer(old, now),
    presentChanged: !samePosition(old.at(-1), now.at(-1)),
  };
}

/** As the event left it, also where it takes the entry out of every pair. */
function wordsOf(entry: Entry, { data }: Happened): { act: string; saidAt: string } {
  const { changes = {} } = data as { changes?: Record<string, { to: string }> }; // holds: only corrections carry changes
  const now = (field: 'act' | 'saidAt' | 'asOf'): string | undefined => changes[field]?.to ?? entry[field];
  return { act: now('act') ?? '', saidAt: now('saidAt') ?? now('asOf') ?? '' };
}

function advanceOf(
  { id, stance }: Entry,
  positions: readonly Position[],
  shifts: readonly Omit<ShiftSeen, keyof Pair>[],
): string {
  if (stance === null) return 'evidence';
  const sets = positions.some(({ evidence }) => evidence[0]?.statement === id);
  return sets ? (shifts.find(({ statement }) => statement === id)?.kind ?? 'impossible') : 'reaffirmed';
}

/** A pair's history as far as revisions tell of it: where it ends, and its shifts, by the statement that made each. */
interface State {
  readonly end: object | null;
  readonly shifts: readonly { readonly statement: string }[];
}

/** Of a history as an answer shows it. */
export function stateOf({
  positions,
  shifts,
}: {
  readonly positions: readonly object[];
  readonly shifts: readonly object[];
}): State {
  const last = positions.at(-1) as { stance: Stance; conditions: string[]; from: string } | undefined; // holds: as HistoryPosition says in the OpenAPI document
  const end = last
    ? { stance: last.stance, level: LEVEL[last.stance], conditions: last.conditions, since: last.from }
    : null;
  return { end, shifts: byStatement(shifts as State['shifts']) }; // holds: every shift names its statement
}

/** A state after a revision; one that the revision does not follow from is told in its place. */
export function revised(
  { end, shifts }: State,
  {
    sequence,
    before,
    after,
    shiftsAppeared,
    shiftsDisappeared,
  }: Pick<RevisionSeen, 'sequence' | 'before' | 'after' | 'shiftsAppeared' | 'shiftsDisappeared'>,
): State {
  if (!isDeepStrictEqual(end, before)) return { end: { sequence, end, before }, shifts };
  return { end: after, shifts: byStatement([...without(shifts, shiftsDisappeared), ...shiftsAppeared]) };
}

function byStatement(shifts: State['shifts']): State['shifts'] {
  return shifts.toSorted((one, other) => (one.statement < other.statement ? -1 : 1));
}

function present(positions: readonly Position[]): object | null {
  const last = positions.at(-1);
  if (last === undefined) return null;
  const { stance, conditions, from } = last;
  return { stance, level: LEVEL[stance], conditions, since: iso(from) };
}

/** One position more at the end, one fewer, or another stance from the same instant on, or nothing at all. */
function onlyEndsDiffer(one: readonly Position[], other: readonly Position[]): boolean {
  const [start, otherStart] = [one.slice(0, -1), other.slice(0, -1)];
  return (
    same(one, other) ||
    same(one, otherStart) ||
    same(start, other) ||
    (same(start, otherStart) && one.at(-1)?.from === other.at(-1)?.from)
  );
}

function same(one: readonly Position[], other: readonly Position[]): boolean {
  return one.length === other.length && one.every((position, index) => samePosition(position, other[index]));
}

function samePosition(one: Position | undefined, other: Position | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.stance === other.stance && one.from === other.from && sameSet(one.conditions, other.conditions);
}

function shiftsSeen(entries: readonly Entry[]): Omit<ShiftSeen, keyof Pair>[] {
  return shiftsOf(entries).map(({ at, kind, from, to }) => ({
    at: iso(at),
    kind,
    from: from?.stance ?? null,
    to: to.stance ?? 'none',
    fromConditions: asSet(from?.conditions ?? []),
    toConditions: asSet(to.conditions),
    statement: to.id,
  }));
}

function without<Shift>(shifts: readonly Shift[], others: readonly object[]): Shift[] {
  const known = new Set(others.map((shift) => JSON.stringify(shift)));
  return shifts.filter((shift) => !known.has(JSON.stringify(shift)));
}
