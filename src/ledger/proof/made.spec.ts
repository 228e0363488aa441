import { Frontier } from './frontier.js';
import { Made } from './made.js';
import { sha256 } from './hashing.js';

const leaf = (number: number): Buffer => sha256(`leaf ${number}`);
const [ONE, TWO, THREE] = [leaf(1), leaf(2), leaf(3)];
const treeOf = (...leaves: Buffer[]): Frontier => Frontier.EMPTY.grown(leaves).frontier;
const headOf = (frontier: Frontier) => ({ size: frontier.size, root: frontier.root() });

describe('the right edge that this process has made', () => {
  const read = Made.from(treeOf(ONE));
  const grown = read.grown(treeOf(ONE, TWO), TWO);

  test('ends with the leaf that was added last, and with none as it was read', () => {
    expect(grown.endsWith(TWO)).toBe(true);
    expect(grown.endsWith(ONE)).toBe(false);
    expect(read.endsWith(ONE)).toBe(false);
    expect(grown.grown(grown.frontier, undefined).endsWith(TWO)).toBe(true);
  });

  test('grows from the head that it was read as, of that size and with that root', () => {
    expect(grown.frontier).toEqual(treeOf(ONE, TWO));
    for (const each of [read, grown]) {
      expect(each.growsFrom(headOf(treeOf(ONE)))).toBe(true);
      expect(each.growsFrom(headOf(treeOf(TWO)))).toBe(false);
      expect(each.growsFrom(headOf(treeOf(ONE, TWO)))).toBe(false);
      expect(each.growsFrom({ size: 2, root: treeOf(ONE).root() })).toBe(false);
    }
  });

  // Break: in grown(), an origin of its own.
  test('grows from the head that was signed meanwhile', () => {
    const [signed, other] = [Made.from(treeOf(ONE)), Made.from(treeOf(ONE))];
    const later = signed.grown(treeOf(ONE, TWO, THREE), THREE);
    const head = headOf(treeOf(ONE, TWO));
    signed.anchorAt(head);
    expect(later.growsFrom(head)).toBe(true);
    expect(later.growsFrom(headOf(treeOf(ONE)))).toBe(false);
    expect(other.growsFrom(head)).toBe(false);
  });
});
