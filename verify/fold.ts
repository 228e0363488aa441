import { bytes, instants, integers, Texts } from './ids.js';
import { AT, DOES, KEPT, KEPT_SAID, ROW, STANCES, type Facts } from './slice.js';

const STANDS = 1;
const VOIDED = 2;
const REDACTED = 4;
const MOST_THINGS = 2 ** 26;

export interface Position {
  readonly conditions: readonly string[];
  entries: number;
  readonly from: string;
  readonly stance: string;
}

export interface Pair {
  readonly party: string;
  readonly topic: string;
  readonly positions: readonly Position[];
}

/** Where parties stand, by positions.md and from the events alone: one row for each statement and assessment, by the number of its stream. */
export class Positions {
  private readonly state = bytes();
  private readonly stance = bytes();
  private readonly party = integers();
  private readonly topic = integers();
  private readonly conditions = integers();
  private readonly said = instants();
  /** The records in the order in which they begin. */
  private readonly begun = integers();
  private records = 0;
  /** Of parties and topics; 0 stands for none. */
  private readonly things = new Texts();
  private readonly sets = new Texts();

  private readonly named = [
    [this.party, AT.party, this.things],
    [this.topic, AT.topic, this.things],
    [this.conditions, AT.conditions, this.sets],
  ] as const;

  /** The event that is this row of a slice. */
  take({ rows, texts }: Facts, row: number, stream: number): void {
    const at = (place: number): number => rows[row * ROW + place] ?? 0;
    const does = at(AT.does);
    if (does === DOES.nothing) return;
    const state = this.state.get(stream);
    if (does === DOES.begin ? state !== 0 : (state & STANDS) === 0) return;
    if (does === DOES.void) this.state.set(stream, state | VOIDED);
    if (does === DOES.restore) this.state.set(stream, state & ~VOIDED);
    if (does === DOES.void || does === DOES.restore) return;
    if (does === DOES.begin) {
      this.state.set(stream, STANDS);
      this.begun.set(this.records++, stream);
    }
    if (at(AT.stance) !== KEPT) this.stance.set(stream, at(AT.stance));
    if (at(AT.said) !== KEPT_SAID) this.said.set(stream, at(AT.said));
    for (const [column, place, numbers] of this.named)
      if (at(place) !== KEPT) column.set(stream, numbers.number(texts[at(place)] ?? ''));
  }

  /** A payload of the record is gone: it takes no part in any position. */
  redact(stream: number): void {
    this.state.set(stream, this.state.get(stream) | REDACTED);
  }

  /** Every pair that has a position, in the order of party and topic. */
  *pairs(): Generator<Pair> {
    for (const [party, topic, records] of this.byPair()) {
      const positions = this.history(records);
      if (positions.length > 0) yield { party, positions, topic };
    }
  }

  /** From entries in said-order to positions (positions.md). */
  private history(records: number[]): Position[] {
    const { said } = this;
    records.sort((one, other) => said.get(one) - said.get(other)); // the order of equals stays
    const positions: Position[] = [];
    let setBy = 0;
    for (const record of records) {
      const current = positions.at(-1);
      if (this.stance.get(record) === 0 || (current !== undefined && this.isSame(record, setBy))) {
        if (current !== undefined) current.entries++;
        continue;
      }
      setBy = record;
      const from = new Date(said.get(record)).toISOString();
      positions.push({
        conditions: this.conditionsOf(record),
        entries: 1,
        from,
        stance: STANCES[this.stance.get(record)] ?? '',
      });
    }
    return positions;
  }

  /** Whether they tell of the same stance, under the same conditions. */
  private isSame(one: number, other: number): boolean {
    if (this.stance.get(one) !== this.stance.get(other)) return false;
    return (
      this.conditions.get(one) === this.conditions.get(other) ||
      sameSet(this.conditionsOf(one), this.conditionsOf(other))
    );
  }

  private conditionsOf(record: number): string[] {
    return JSON.parse(this.sets.text(this.conditions.get(record)) || '[]') as string[]; // holds: it was made by JSON.stringify of an event's conditions
  }

  /** The records that stand and have a party and a topic, pair by pair, each in the order in which they were recorded. */
  private byPair(): [party: string, topic: string, records: number[]][] {
    const pairs = new Map<number, number[]>();
    for (let begun = 0; begun < this.records; begun++) {
      const record = this.begun.get(begun);
      const [party, topic] = [this.party.get(record), this.topic.get(record)];
      if (this.state.get(record) !== STANDS || party === 0 || topic === 0) continue;
      const records = pairs.get(party * MOST_THINGS + topic);
      if (records === undefined) pairs.set(party * MOST_THINGS + topic, [record]);
      else records.push(record);
    }
    const named = [...pairs].map(([pair, records]): [string, string, number[]] => {
      const [party, topic] = [Math.floor(pair / MOST_THINGS), pair % MOST_THINGS];
      return [this.things.text(party), this.things.text(topic), records];
    });
    return named.toSorted(([a, b], [c, d]) => (a < c || (a === c && b < d) ? -1 : 1));
  }
}

/** A pair's history as the export says it: canonical, since these objects are made in the order of their fields' names. */
export function historyLine(pair: Pair): string {
  return JSON.stringify(pair);
}

/** Conditions are a set: neither order nor repetition matters. */
function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const [left, right] = [new Set(one), new Set(other)];
  return left.size === right.size && [...left].every((condition) => right.has(condition));
}
