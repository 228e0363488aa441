import {
  asSet,
  entriesOf,
  inSaidOrder,
  LEVEL,
  positionAt,
  positionsOf,
  sameSet,
  shiftsOf,
  voicesAt,
  type Entry,
  type Envelope,
} from './oracle.js';

export interface Pair {
  readonly party: string;
  readonly topic: string;
}

/** A position as an answer shows it, with everything named by its id. */
export interface PositionSeen extends Pair {
  readonly stance: string;
  readonly level: number;
  readonly conditions: readonly string[];
  readonly since: string;
  readonly basis: readonly string[];
  readonly statements: number;
  readonly voices: readonly { readonly speaker: string; readonly stance: string; readonly since: string }[];
  readonly divided: boolean;
}

/** Conditions are a set: the ones that a position ends with may be in the order in which they were last reaffirmed. */
export interface ShiftSeen extends Pair {
  readonly at: string;
  readonly kind: string;
  readonly from: string | null;
  readonly to: string;
  readonly fromConditions: readonly string[];
  readonly toConditions: readonly string[];
  readonly statement: string;
}

/** Which shifts; the bounds are instants of said-time, both included. */
export interface ShiftFilterSeen extends Partial<Pair> {
  readonly kind?: string;
  readonly from?: number;
  readonly to?: number;
}

/** What the contract says that a dossier's answers are at `known`, computed from its events by the oracle. */
export class Expectations {
  private readonly entries = new Map<string, Entry[]>();

  constructor(events: readonly Envelope[], known: number) {
    for (const entry of entriesOf(events, known)) {
      const key = `${entry.party} ${entry.topic}`;
      this.entries.set(key, [...(this.entries.get(key) ?? []), entry]);
    }
  }

  /** Every pair's position at an instant, in the order of their ids. */
  board(at: number, filter: Partial<Pair> = {}): PositionSeen[] {
    return this.pairs(filter).flatMap((pair) => this.position(pair, at) ?? []);
  }

  position(pair: Pair, at: number): PositionSeen | null {
    const entries = this.of(pair);
    const position = positionAt(entries, at);
    if (position === null) return null;
    const { stance, conditions, from, evidence } = position;
    const voices = voicesAt(entries, at);
    const levels = voices.map((voice) => LEVEL[voice.stance]);
    return {
      ...pair,
      stance,
      level: LEVEL[stance],
      conditions,
      since: iso(from),
      basis: evidence.filter(({ role }) => role !== 'evidence').map(({ statement }) => statement),
      statements: evidence.length,
      voices: voices
        .map(({ since, ...voice }) => ({ ...voice, since: iso(since) }))
        .toSorted((one, other) => (one.speaker < other.speaker ? -1 : 1)),
      divided: Math.max(...levels) - Math.min(...levels) >= 2,
    };
  }

  history(pair: Pair): { positions: object[]; shifts: object[] } {
    const positions = positionsOf(this.of(pair)).map(({ from, to, stance, ...position }) => ({
      ...position,
      stance,
      level: LEVEL[stance],
      from: iso(from),
      to: to === null ? null : iso(to),
    }));
    return { positions, shifts: this.shifts(pair).map(({ party: _, topic: __, ...shift }) => shift) };
  }

  /** The dossier's shifts in said-order. */
  shifts(filter: ShiftFilterSeen = {}): ShiftSeen[] {
    const { kind, from: begin = -Infinity, to: end = Infinity } = filter;
    return this.pairs(filter)
      .flatMap((pair) => shiftsOf(this.of(pair)).map((shift) => ({ ...pair, ...shift })))
      .filter((shift) => (kind === undefined || shift.kind === kind) && shift.at >= begin && shift.at <= end)
      .toSorted((one, other) => inSaidOrder({ ...one, said: one.at }, { ...other, said: other.at }))
      .map(({ party, topic, at, kind: named, from, to }) => ({
        party,
        topic,
        at: iso(at),
        kind: named,
        from: from?.stance ?? null,
        to: to.stance ?? 'none',
        fromConditions: asSet(from?.conditions ?? []),
        toConditions: asSet(to.conditions),
        statement: to.id,
      }));
  }

  private pairs({ party, topic }: Partial<Pair> = {}): Pair[] {
    return [...this.entries.keys()]
      .toSorted()
      .map((key) => ({ party: key.slice(0, 36), topic: key.slice(37) }))
      .filter((pair) => (party ?? pair.party) === pair.party && (topic ?? pair.topic) === pair.topic);
  }

  private of({ party, topic }: Pair): Entry[] {
    return this.entries.get(`${party} ${topic}`) ?? [];
  }
}

/** The pairs that differ between two boards: in stance, in conditions or in since when. */
export function differences(
  before: readonly PositionSeen[],
  after: readonly PositionSeen[],
): { before: PositionSeen | null; after: PositionSeen | null }[] {
  const key = ({ party, topic }: Pair): string => `${party} ${topic}`;
  const keys = [...new Set([...before, ...after].map(key))].toSorted();
  const [one, other] = [before, after].map((board) => new Map(board.map((each) => [key(each), each])));
  return keys
    .map((pair) => ({ before: one?.get(pair) ?? null, after: other?.get(pair) ?? null }))
    .filter((each) => each.before === null || each.after === null || !isSame(each.before, each.after));
}

function isSame(one: PositionSeen, other: PositionSeen): boolean {
  return (
    one.stance === other.stance && one.since === other.since && sameSet(one.conditions, other.conditions)
  );
}

export function iso(instant: number): string {
  return new Date(instant).toISOString();
}
