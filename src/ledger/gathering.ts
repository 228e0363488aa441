import type { BatchOutcome } from './append-batch.js';
import { expectations, type Expectation } from './expectations.js';
import type { Append, AppendOutcome } from './event.js';

/** Most events and payload characters of one round trip; beyond it, latency grows and throughput does not. A larger append goes alone. */
const MOST_EVENTS = 1_000;
const MOST_CHARACTERS = 4_000_000;

/** An append that has not been answered. */
export interface Waiting {
  readonly append: Append;
  readonly expected: readonly Expectation[];
  /** What it takes that nobody else can have: claims and its idempotency key. */
  readonly names: readonly string[];
  readonly characters: number;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

/** Throws RangeError where the append could never be written as it is. */
export function waiting(append: Append, { resolve, reject }: Pick<Waiting, 'resolve' | 'reject'>): Waiting {
  let characters = 0;
  for (const { data } of append.events) characters += data.length;
  return { append, expected: expectations(append), names: names(append), characters, resolve, reject };
}

/**
 * The appends of one dossier that wait, and which of them go together. They are answered as if they had been written one after the other in
 * the order in which they came; only those that have nothing to do with each other overtake, and whoever is sure to be refused hears of it
 * early.
 */
export class Gathering {
  /** Those that an earlier batch had no place for; at most as many as one batch looks at. */
  private postponed: Waiting[] = [];
  private arrived: Waiting[] = [];
  /** Where in `arrived` those begin that no batch has looked at. */
  private next = 0;
  private settled = new Settled();
  private readonly flying = new Set<readonly Waiting[]>();

  get size(): number {
    return this.postponed.length + this.arrived.length - this.next;
  }

  /** Batches that were taken and have not landed. */
  get inFlight(): number {
    return this.flying.size;
  }

  /** Appends of those batches, and all that wait. */
  get unanswered(): number {
    let count = this.size;
    for (const { length } of this.flying) count += length;
    return count;
  }

  add(each: Waiting): void {
    this.arrived.push(each);
  }

  /**
   * Takes out what the next batch holds, `most` at most: nothing that contradicts what is already in it or has to do with what is in flight.
   * Whatever is sure to be refused goes before all others, by itself. Looks at no more than a batch's worth, however many wait. Empty: they
   * have to wait for what is in flight.
   */
  take(most = Infinity): readonly Waiting[] {
    const looked = this.look();
    const choice = new Choice(this.settled, this.flying);
    const places = looked.map((each) => choice.place(each));
    const placed = (place: Place): Waiting[] => looked.filter((_, index) => places[index] === place);
    const refused = placed('refused');
    const batch = refused.length > 0 ? refused : placed('batch').slice(0, most);
    const taken = new Set(batch);
    this.postponed.unshift(...looked.filter((each) => !taken.has(each)));
    this.settled = new Settled();
    if (batch.length > 0) this.flying.add(batch);
    return batch;
  }

  /** Everyone of a batch that was taken has been answered. */
  land(batch: readonly Waiting[]): void {
    this.flying.delete(batch);
  }

  /** Learns from a batch's outcome what those who still wait can no longer have. */
  learn(batch: readonly Waiting[], outcome: BatchOutcome): void {
    this.settled.add(batch, outcome);
  }

  /** Removes as many as one batch may hold, in order. */
  private look(): Waiting[] {
    const all = this.postponed.length;
    let count = 0;
    let events = 0;
    let characters = 0;
    for (;;) {
      const each = count < all ? this.postponed[count] : this.arrived[this.next + count - all];
      if (each === undefined) break;
      events += each.append.events.length;
      characters += each.characters;
      if (count > 0 && (events > MOST_EVENTS || characters > MOST_CHARACTERS)) break;
      count++;
    }
    const earlier = this.postponed.splice(0, count);
    const newer = this.arrived.slice(this.next, this.next + count - earlier.length);
    this.next += newer.length;
    this.forgetTaken();
    return [...earlier, ...newer];
  }

  /** In strides, so that each append is moved once on average. */
  private forgetTaken(): void {
    if (this.next * 2 < this.arrived.length) return;
    this.arrived = this.arrived.slice(this.next);
    this.next = 0;
  }
}

/**
 * Those who are left of a batch once others of it were refused, in parts to be written one after the other: who built upon one that was
 * refused may contradict one that came before it.
 */
export function inParts(left: readonly Waiting[]): (readonly Waiting[])[] {
  const parts: (readonly Waiting[])[] = [];
  for (let rest = left; rest.length > 0;) {
    const choice = new Choice(new Settled(), []);
    const places = rest.map((each) => choice.place(each));
    parts.push(rest.filter((_, index) => places[index] === 'batch'));
    rest = rest.filter((_, index) => places[index] !== 'batch');
  }
  return parts;
}

type Place = 'batch' | 'later' | 'refused';

/**
 * What a batch writes. An append that contradicts it waits for a later one, where the database says what it runs into; so does whatever has
 * to do with one that waits or is in flight, since it may build on it.
 */
class Choice {
  private readonly versions = new Map<string, number>();
  private readonly taken = new Set<string>();
  private readonly postponedNames = new Set<string>();
  private readonly postponedWrites = new Set<string>();
  private readonly postponedGuards = new Set<string>();

  constructor(
    private readonly settled: Settled,
    inFlight: Iterable<readonly Waiting[]>,
  ) {
    for (const batch of inFlight) for (const each of batch) this.postpone(each);
  }

  place(each: Waiting): Place {
    if (this.dependsOnOthers(each)) return this.postpone(each);
    if (this.settled.refuses(each)) return 'refused'; // it writes nothing, so nobody need mind it
    return this.isAsExpected(each) ? this.take(each) : this.postpone(each);
  }

  private dependsOnOthers({ append, expected, names: own }: Waiting): boolean {
    return (
      own.some((name) => this.taken.has(name) || this.postponedNames.has(name)) ||
      expected.some(({ streamId }) => this.postponedWrites.has(streamId)) ||
      append.events.some(({ streamId }) => this.postponedGuards.has(streamId))
    );
  }

  private isAsExpected({ expected }: Waiting): boolean {
    return expected.every(({ streamId, version }) => (this.versions.get(streamId) ?? version) === version);
  }

  private take({ append, names: own }: Waiting): Place {
    for (const { streamId, streamVersion } of append.events) this.versions.set(streamId, streamVersion);
    for (const name of own) this.taken.add(name);
    return 'batch';
  }

  private postpone({ append, names: own }: Waiting): Place {
    for (const name of own) this.postponedNames.add(name);
    for (const { streamId } of append.events) this.postponedWrites.add(streamId);
    for (const { streamId } of append.guards ?? []) this.postponedGuards.add(streamId);
    return 'later';
  }
}

/**
 * What the last batch has shown to be in the log. Versions only grow and names are never given back, so whoever expects less is sure to be
 * refused: all of them are together in one round trip, instead of each in its own.
 */
class Settled {
  private readonly versions = new Map<string, number>();
  private readonly names = new Set<string>();

  refuses({ expected, names: own }: Waiting): boolean {
    return (
      expected.some(({ streamId, version }) => version < (this.versions.get(streamId) ?? 0)) ||
      own.some((name) => this.names.has(name))
    );
  }

  add(batch: readonly Waiting[], outcome: BatchOutcome): void {
    if (outcome.status === 'appended') batch.forEach((each) => this.addWritten(each));
    else for (const refusal of outcome.refusals.values()) this.addFound(refusal);
  }

  private addWritten({ append, names: own }: Waiting): void {
    for (const { streamId, streamVersion } of append.events) this.versions.set(streamId, streamVersion);
    for (const name of own) this.names.add(name);
  }

  private addFound(refusal: AppendOutcome): void {
    if (refusal.status === 'version-conflict') this.versions.set(refusal.streamId, refusal.actual);
    if (refusal.status === 'claim-taken') this.names.add(claimed(refusal.name));
    if (refusal.status === 'idempotency-mismatch') this.names.add(used(refusal.key));
  }
}

function names({ claims, idempotency }: Append): readonly string[] {
  const taken = claims?.map(({ name }) => claimed(name)) ?? [];
  return idempotency ? [...taken, used(idempotency.key)] : taken;
}

const claimed = (name: string): string => `claim ${name}`;
const used = (key: string): string => `key ${key}`;
