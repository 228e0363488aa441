import { bySaidOrder, type Entry } from './position.js';

type Place = Pick<Entry, 'said' | 'origin'>;

/** Entries of a pair in said-order, in which no two have the same place. Finding a place costs the logarithm of their number. */
export class InSaidOrder<E extends Entry> {
  private readonly entries: E[];

  constructor(entries: readonly E[]) {
    this.entries = entries.toSorted(bySaidOrder);
  }

  get length(): number {
    return this.entries.length;
  }

  at(index: number): E | undefined {
    return index < 0 ? undefined : this.entries[index];
  }

  slice(from: number, to: number): E[] {
    return this.entries.slice(from, to);
  }

  splice(from: number, count: number, entries: readonly E[]): void {
    const rest = this.entries.splice(from);
    for (const entry of entries) this.entries.push(entry);
    for (const entry of rest.slice(count)) this.entries.push(entry);
  }

  add(entry: E): void {
    this.entries.splice(this.before(entry), 0, entry);
  }

  /** Rejects with RangeError where there is no entry at that place. */
  remove(place: Place): void {
    const index = this.before(place);
    if (this.upTo(place) === index) throw new RangeError(`There is no entry ${place.origin} at this place.`);
    this.entries.splice(index, 1);
  }

  /** How many entries come before a place. */
  before(place: Place): number {
    return this.count((entry) => bySaidOrder(entry, place) < 0);
  }

  /** How many entries come before a place or at it. */
  upTo(place: Place): number {
    return this.count((entry) => bySaidOrder(entry, place) <= 0);
  }

  /** How many entries, from the first on, are so; all after the first that is not are not. */
  private count(isSo: (entry: E) => boolean): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.entries[middle];
      if (entry !== undefined && isSo(entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
