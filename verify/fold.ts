import { isObject, type Fields } from './canonical.js';
import type { Entry } from './entry.js';
import { saidOf } from './said.js';
import { bytes, instants, integers, Ids, Texts } from './streams.js';
import { must } from './wrong.js';

/** In the order of the scale; 0 stands for none. */
const STANCES = ['', 'opposed', 'skeptical', 'noncommittal', 'open', 'supportive'];
const STANDS = 1;
const VOIDED = 2;
const REDACTED = 4;

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
  private readonly origin = instants();
  /** Of parties and topics; 0 stands for none. */
  private readonly things = new Ids();
  private readonly sets = new Texts();

  constructor(private readonly streams: Ids) {
    this.things.number('00000000-0000-0000-0000-000000000000');
  }

  /** Whether the event may say something about positions, so that its payload must be looked at. */
  static concerns({ kind, schemaVersion }: Entry): boolean {
    return (kind === 'statement' || kind === 'assessment') && schemaVersion === 1;
  }

  /** An event of a statement or an assessment. */
  take(stream: number, { type, sequence, kind }: Entry, data: unknown, where: string): void {
    must(isObject(data), where, 'its payload is no object');
    const state = this.state.get(stream);
    const begins = kind === 'statement' ? isObject(data.stated) : type === 'PositionAssessed';
    if (state === 0 && begins) {
      this.state.set(stream, STANDS);
      this.origin.set(stream, sequence);
      this.say(stream, kind === 'statement' ? object(data.resolved) : data);
      this.date(stream, kind === 'statement' ? object(data.stated).saidAt : data.asOf, where);
    }
    if ((state & STANDS) === 0) return;
    if (type === 'RecordVoided') this.state.set(stream, state | VOIDED);
    if (type === 'RecordRestored') this.state.set(stream, state & ~VOIDED);
    if (type !== 'RecordCorrected') return;
    const changes = Object.entries(object(data.changes)).map(([name, change]) => [name, object(change).to]);
    const { saidAt, asOf = saidAt, ...others } = Object.fromEntries(changes) as Fields;
    this.date(stream, asOf, where);
    this.say(stream, kind === 'statement' ? object(data.resolved) : others);
  }

  /** A payload of the record is gone: it takes no part in any position. */
  redact(stream: number): void {
    this.state.set(stream, this.state.get(stream) | REDACTED);
  }

  private say(stream: number, { party, topic, stance, conditions }: Fields): void {
    if (party !== undefined) this.party.set(stream, this.thing(party));
    if (topic !== undefined) this.topic.set(stream, this.thing(topic));
    if (stance !== undefined) this.stance.set(stream, Math.max(0, STANCES.indexOf(String(stance))));
    if (conditions !== undefined) this.conditions.set(stream, this.sets.number(JSON.stringify(conditions)));
  }

  private date(stream: number, when: unknown, where: string): void {
    if (when === undefined) return;
    const said = saidOf(String(when));
    must(!Number.isNaN(said), where, `${String(when)} is no EDTF level 1 date`);
    this.said.set(stream, said);
  }

  private thing(id: unknown): number {
    return typeof id === 'string' ? this.things.number(id) : 0;
  }

  /** Every pair that has a position, in the order of party and topic. */
  *pairs(): Generator<Pair> {
    for (const [party, topic, records] of this.byPair()) {
      const positions = this.history(records);
      if (positions.length > 0)
        yield { party: this.things.text(party), positions, topic: this.things.text(topic) };
    }
  }

  /** From entries in said-order to positions (positions.md). */
  private history(records: Uint32Array): Position[] {
    const { said, origin } = this;
    records.sort((one, other) => said.get(one) - said.get(other) || origin.get(one) - origin.get(other));
    const positions: Position[] = [];
    for (const record of records) {
      const stance = STANCES[this.stance.get(record)] ?? '';
      const current = positions.at(-1);
      const conditions = stance === '' ? [] : this.conditionsOf(record);
      if (stance !== '' && !(current?.stance === stance && sameSet(current.conditions, conditions)))
        positions.push({
          conditions,
          entries: 1,
          from: new Date(this.said.get(record)).toISOString(),
          stance,
        });
      else if (current !== undefined) current.entries++;
    }
    return positions;
  }

  private conditionsOf(record: number): string[] {
    return JSON.parse(this.sets.text(this.conditions.get(record))) as string[]; // holds: it was made by JSON.stringify of an event's conditions
  }

  /** The records that stand and have a party and a topic, pair by pair. */
  private byPair(): [party: number, topic: number, records: Uint32Array][] {
    const pairs = new Map<number, { count: number; records: Uint32Array }>();
    const each = (visit: (key: number, record: number) => void): void => {
      for (let record = 0; record < this.streams.size; record++)
        if (this.state.get(record) === STANDS && this.party.get(record) > 0 && this.topic.get(record) > 0)
          visit(this.party.get(record) * 2 ** 26 + this.topic.get(record), record);
    };
    each((key) => {
      const pair = pairs.get(key);
      if (pair === undefined) pairs.set(key, { count: 1, records: new Uint32Array(0) });
      else pair.count++;
    });
    for (const pair of pairs.values()) {
      pair.records = new Uint32Array(pair.count);
      pair.count = 0;
    }
    each((key, record) => {
      const pair = pairs.get(key);
      if (pair !== undefined) pair.records[pair.count++] = record;
    });
    const text = (key: number): string =>
      `${this.things.text(Math.floor(key / 2 ** 26))} ${this.things.text(key % 2 ** 26)}`;
    return [...pairs]
      .map(([key, { records }]) => ({ key, text: text(key), records }))
      .toSorted((one, other) => (one.text < other.text ? -1 : 1))
      .map(({ key, records }) => [Math.floor(key / 2 ** 26), key % 2 ** 26, records]);
  }
}

/** A pair's history as the export says it: canonical, since these objects are made in the order of their fields' names. */
export function historyLine(pair: Pair): string {
  return JSON.stringify(pair);
}

function object(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** Conditions are a set: neither order nor repetition matters. */
function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const [left, right] = [new Set(one), new Set(other)];
  return left.size === right.size && [...left].every((condition) => right.has(condition));
}
