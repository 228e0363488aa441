import fc from 'fast-check';
import { collect } from '../../src/positions/board.js';
import type { Pair, PairFilter, Range } from '../../src/entries/entries.js';

interface Place extends Pair {
  /** What the pair has to show, if anything. */
  readonly item: string | null;
}

const pair = (index: number): Pair => ({ party: `party ${String(index).padStart(3, '0')}`, topic: 'topic' });

/** Reads pairs in chunks of its own, whatever is asked for: as many as the store would read at a time. */
function reader(places: readonly Place[], chunk: number): (filter: PairFilter) => Promise<Range<Place>> {
  return ({ after }) => {
    const rest = places.filter(({ party }) => after === null || party > after.party);
    const read = rest.slice(0, chunk);
    const pairs = read.filter(({ item }) => item !== null); // pairs without entries as known are not among them
    return Promise.resolve({ pairs, last: read.at(-1) ?? null, more: rest.length > chunk });
  };
}

test('pages of any size, read in chunks of any size, show each item once and in order, whatever pairs show nothing', async () => {
  const items = fc.array(fc.constantFrom('shown', 'empty', 'unknown'), { maxLength: 15 });
  const small = fc.integer({ min: 1, max: 6 });
  await fc.assert(
    fc.asyncProperty(items, small, small, async (all, limit, chunk) => {
      const places = all.map((state, index) => ({
        ...pair(index),
        item: state === 'unknown' ? null : `${state} ${index}`,
      }));
      const expected = places.flatMap(({ item }) => (item?.startsWith('shown') ? [item] : []));
      const seen: string[] = [];
      for (let after: Pair | null = null, pages = 0; pages <= all.length; pages++) {
        const filter: PairFilter = { party: null, topic: null, after };
        const make = ({ item }: Place): string | null => (item?.startsWith('shown') ? item : null);
        const page = await collect(reader(places, chunk), filter, limit, make);
        seen.push(...page.items);
        after = page.last;
        if (after === null) break;
        expect(page.items).toHaveLength(limit);
      }
      expect(seen).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
