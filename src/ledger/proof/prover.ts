import { FULL, WIDTH } from './frontier.js';
import { HASH, joined, nodeHash, subtree } from './hashing.js';
import { LedgerDamaged, type StoredTree } from './stored-tree.js';

/** Leaves from `low` to `high`, exclusive. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** Binary levels in a tile. */
const HEIGHT = 8;

/** RFC 6962, 2.1: where a tree of so many leaves is parted: the largest power of two below. */
function part({ low, high }: Range): number {
  let left = 1;
  while (left * 2 < high - low) left *= 2;
  return low + left;
}

/** RFC 6962, 2.1.1: PATH(m, D[n]) as ranges, from the leaf's sibling up. */
function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = [];
  for (let within: Range = { low: 0, high: size }; within.high - within.low > 1;) {
    const middle = part(within);
    const [left, right] = [
      { low: within.low, high: middle },
      { low: middle, high: within.high },
    ];
    ranges.unshift(index < middle ? right : left);
    within = index < middle ? left : right;
  }
  return ranges;
}

/** RFC 6962, 2.1.2: PROOF(m, D[n]) as ranges. */
function consistencyRanges(from: number, to: number): Range[] {
  const ranges: Range[] = [];
  let within: Range = { low: 0, high: to };
  while (within.high !== from) {
    const middle = part(within);
    const [left, right] = [
      { low: within.low, high: middle },
      { low: middle, high: within.high },
    ];
    ranges.unshift(from <= middle ? right : left);
    within = from <= middle ? left : right;
  }
  return within.low === 0 ? ranges : [within, ...ranges];
}

/** Makes the proofs of a tree as it was at a size, from its tiles, and gives none that does not hold. */
export class Prover {
  private readonly tiles = new Map<string, Promise<Buffer>>();

  constructor(
    private readonly tree: StoredTree,
    private readonly size: number,
  ) {}

  /** That a leaf is in the tree; `index` is below its size. Rejects with LedgerDamaged where what is stored proves nothing. */
  async inclusion(index: number): Promise<{ leaf: Buffer; hashes: Buffer[]; root: Buffer }> {
    const [leaf, root] = [await this.node(0, index), await this.root()];
    const ranges = inclusionRanges(index, this.size);
    const hashes = await this.hashes(ranges);
    const reached = hashes.reduce(
      (hash, sibling, at) =>
        (ranges[at]?.low ?? 0) > index ? nodeHash(hash, sibling) : nodeHash(sibling, hash),
      leaf,
    );
    if (!reached.equals(root))
      throw new LedgerDamaged(`What is stored does not prove that leaf ${index} is in the tree.`);
    return { leaf, hashes, root };
  }

  /** That the tree has grown from what it was at an earlier size, above 0. Rejects with LedgerDamaged likewise. */
  async consistency(from: number): Promise<Buffer[]> {
    const ranges = consistencyRanges(from, this.size);
    const hashes = from === this.size ? [] : await this.hashes(ranges);
    if (from < this.size) await this.requireConsistency(from, ranges, hashes);
    return hashes;
  }

  root(): Promise<Buffer> {
    return this.range({ low: 0, high: this.size });
  }

  /** The ranges of a consistency proof, and the old tree where it is whole, part both trees. */
  private async requireConsistency(from: number, ranges: Range[], hashes: Buffer[]): Promise<void> {
    const old = await this.range({ low: 0, high: from });
    const parts = ranges.map((range, at) => ({ ...range, hash: hashes[at] ?? old }));
    const all = parts.some(({ low }) => low === 0) ? parts : [{ low: 0, high: from, hash: old }, ...parts];
    const over = (limit: number): Buffer =>
      rootOver(
        { low: 0, high: limit },
        all.filter(({ high }) => high <= limit),
      );
    if (!over(from).equals(old) || !over(this.size).equals(await this.root()))
      throw new LedgerDamaged(`What is stored does not prove that the tree has grown from size ${from}.`);
  }

  private hashes(ranges: readonly Range[]): Promise<Buffer[]> {
    return Promise.all(ranges.map((range) => this.range(range)));
  }

  /** The hash over a range that is a node of the tree: of complete subtrees of falling size. */
  private async range({ low, high }: Range): Promise<Buffer> {
    const nodes: Promise<Buffer>[] = [];
    for (let at = low; at < high;) {
      let [height, leaves] = [0, 1];
      while (at + leaves * 2 <= high && at % (leaves * 2) === 0) {
        leaves *= 2;
        height += 1;
      }
      nodes.push(this.node(height, at / leaves));
      at += leaves;
    }
    return joined(await Promise.all(nodes));
  }

  /** The hash over 2^height leaves, the index-th such. */
  private async node(height: number, index: number): Promise<Buffer> {
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
    const read = this.tree.tile({ level, index, width: Math.min(FULL / HASH, nodes - index * WIDTH) });
    this.tiles.set(name, read);
    return read;
  }
}

/** The root over a range that these parts make up, as RFC 6962 parts it. */
function rootOver(range: Range, parts: readonly (Range & { readonly hash: Buffer })[]): Buffer {
  const whole = parts.find(({ low, high }) => low === range.low && high === range.high);
  if (whole !== undefined) return whole.hash;
  if (range.high - range.low <= 1) throw new LedgerDamaged('A proof does not cover its tree.');
  const middle = part(range);
  return nodeHash(
    rootOver({ low: range.low, high: middle }, parts),
    rootOver({ low: middle, high: range.high }, parts),
  );
}
