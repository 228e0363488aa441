import type { View } from '../dossiers/reading.js';
import type { Instant } from '../domain/said-at.js';
import type { Entries, Pair, PairFilter, Range } from '../entries/entries.js';
import { viewPosition, type PositionView } from './position-view.js';

/** Pairs read at a time: a page with gaps is filled from as many reads as it takes. */
const READ = 2_000;

/** Items of pairs in the order of their ids, up to `limit`, and the pair after which the next page begins. */
export interface PairPage<T> {
  readonly items: T[];
  readonly last: Pair | null;
}

/** Makes an item of each pair that has one, until the page is full or no pairs are left. */
export async function collect<Read extends Pair, T>(
  read: (filter: PairFilter, limit: number) => Promise<Range<Read>>,
  filter: PairFilter,
  limit: number,
  make: (pair: Read) => T | null,
): Promise<PairPage<T>> {
  const items: T[] = [];
  for (let after = filter.after; ;) {
    const { pairs, last, more } = await read({ ...filter, after }, READ);
    for (const [index, pair] of pairs.entries()) {
      const item = make(pair);
      if (item !== null) items.push(item);
      if (items.length === limit) return { items, last: more || index < pairs.length - 1 ? pair : null };
    }
    if (!more) return { items, last: null };
    after = last;
  }
}

/** A range of some pairs that are known, in the order of their ids. */
export async function some<Read extends Pair>(
  all: readonly Pair[],
  filter: PairFilter,
  limit: number,
  read: (pairs: readonly Pair[]) => Promise<readonly Read[]>,
): Promise<Range<Read>> {
  const asked = all.filter((pair) => isAsked(pair, filter));
  const pairs = asked.slice(0, limit);
  return { pairs: await read(pairs), last: pairs.at(-1) ?? null, more: asked.length > limit };
}

export function isAsked(pair: Pair, { party, topic, after }: PairFilter): boolean {
  return (
    (party === null || pair.party === party) &&
    (topic === null || pair.topic === topic) &&
    (after === null || inOrder(pair) > inOrder(after))
  );
}

const inOrder = ({ party, topic }: Pair): string => `${party} ${topic}`;

/** Every pair's position at an instant, as known. */
export function positions(
  entries: Entries,
  view: View,
  at: Instant,
  filter: PairFilter,
  limit: number,
): Promise<PairPage<PositionView>> {
  const { cast } = view.dossier;
  return collect(
    (range, most) => entries.ofPairs(view, range, most),
    filter,
    limit,
    (pair) => viewPosition(pair, pair.entries, at, cast),
  );
}
