import { WIDTH } from './frontier.js';
import { HASH, nodeHash, subtree } from './hashing.js';
import { LedgerDamaged, type StoredTree } from './stored-tree.js';

/** Leaves from `low` to `high`, exclusive. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** A node of a tree, and what stands beside it and beside those above it, from below: together the whole tree. */
type Climb = readonly [foot: Range, ...beside: Range[]];

/** Binary levels in a tile. */
const HEIGHT = 8;

/** Of the largest complete tree of at most so many leaves. */
function heightWithin(leaves: number): number {
  return leaves.toString(2).length - 1;
}

/** RFC 6962, 2.1: the left part has as many leaves as the largest power of two below those of the whole. */
function parted({ low, high }: Range): { readonly left: Range; readonly right: Range } {
  const middle = low + 2 ** heightWithin(high - low - 1);
  return { left: { low, high: middle }, right: { low: middle, high } };
}

/** RFC 6962, 2.1.1 and 2.1.2: to the first node that is asked for on the way down to leaf `to - 1`. */
function climb(node: Range, to: number, isFoot: (node: Range) => boolean): Climb {
  if (isFoot(node)) return [node];
  const { left, right } = parted(node);
  return to <= left.high ? [...climb(left, to, isFoot), right] : [...climb(right, to, isFoot), left];
}

/** Makes the proofs of a tree as it was at a size, from its tiles, and gives none that does not hold. */
export class Prover {
  private readonly tiles = new Map<string, Promise<Buffer>>();
  private readonly whole: Range;

  constructor(
    private readonly tree: StoredTree,
    private readonly size: number,
  ) {
    this.whole = { low: 0, high: size };
  }

  /** That a leaf is in the tree; `index` is below its size. Rejects with LedgerDamaged where what is stored proves nothing. */
  async inclusion(index: number): Promise<{ readonly leaf: Buffer; readonly hashes: Buffer[] }> {
    const way = climb(this.whole, index + 1, ({ low, high }) => high - low === 1);
    const { foot, beside } = await this.proven(way, `leaf ${index} is in the tree`);
    return { leaf: foot, hashes: beside };
  }

  /** That the tree has grown from what it was at an earlier size, above 0. Rejects with LedgerDamaged likewise. */
  async consistency(from: number): Promise<Buffer[]> {
    const way = climb(this.whole, from, ({ high }) => high === from);
    const { foot, beside } = await this.proven(way, `the tree has grown from size ${from}`);
    return way[0].low === 0 ? beside : [foot, ...beside]; // who asks knows the old root
  }

  /** The hashes on a way, which must lead to the root. */
  private async proven(
    [foot, ...beside]: Climb,
    what: string,
  ): Promise<{ readonly foot: Buffer; readonly beside: Buffer[] }> {
    const [below, root] = [await this.hash(foot), await this.hash(this.whole)];
    const siblings = await Promise.all(
      beside.map(async (range) => ({ isLeft: range.low < foot.low, hash: await this.hash(range) })),
    );
    const reached = siblings.reduce(
      (node, { isLeft, hash }) => (isLeft ? nodeHash(hash, node) : nodeHash(node, hash)),
      below,
    );
    if (!reached.equals(root)) throw new LedgerDamaged(`What is stored does not prove that ${what}.`);
    return { foot: below, beside: siblings.map(({ hash }) => hash) };
  }

  /** The hash over a node of the tree, which is complete or parted into such. */
  private async hash(range: Range): Promise<Buffer> {
    const height = heightWithin(range.high - range.low);
    if (2 ** height === range.high - range.low) return this.complete(height, range.low / 2 ** height);
    const { left, right } = parted(range);
    return nodeHash(...(await Promise.all([this.hash(left), this.hash(right)])));
  }

  /** The hash over 2^height leaves, the index-th such. */
  private async complete(height: number, index: number): Promise<Buffer> {
    const level = Math.floor(height / HEIGHT);
    const span = 2 ** (height % HEIGHT);
    const at = index * span;
    const tile = await this.tile(level, Math.floor(at / WIDTH));
    const begin = (at % WIDTH) * HASH;
    return subtree(tile.subarray(begin, begin + span * HASH));
  }

  private tile(level: number, index: number): Promise<Buffer> {
    const name = `${level}/${index}`;
    const known = this.tiles.get(name);
    if (known !== undefined) return known;
    const nodes = Math.floor(this.size / WIDTH ** level);
    const read = this.tree.tile({ level, index, width: Math.min(WIDTH, nodes - index * WIDTH) });
    this.tiles.set(name, read);
    return read;
  }
}
