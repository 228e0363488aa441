import { HASH, joined, subtree } from './hashing.js';

/** Hashes in a full tile, and its bytes (C2SP tlog-tiles). */
export const WIDTH = 256;
export const FULL = WIDTH * HASH;

/** Hashes that a tile has gained, one behind the other. */
export interface Gain {
  /** 1 and above. */
  readonly level: number;
  readonly index: number;
  /** How many hashes the tile had before. */
  readonly before: number;
  readonly hashes: Buffer;
}

/** The partial tiles on the right edge of a tree: all that is needed to grow it and to know its root. Never changes; growing gives another. */
export class Frontier {
  static readonly EMPTY = new Frontier(0, []);

  /** `tiles`: by level, the hashes of its partial tile; empty where the last one is full. */
  constructor(
    readonly size: number,
    private readonly tiles: readonly Buffer[],
  ) {}

  /** How many hashes each level's partial tile has in a tree of a size, from level 0 up to the first level without any tile. */
  static widths(size: number): number[] {
    const widths: number[] = [];
    for (let nodes = size; nodes > 0; nodes = Math.floor(nodes / WIDTH)) widths.push(nodes % WIDTH);
    return widths;
  }

  grown(leaves: readonly Buffer[]): { readonly frontier: Frontier; readonly gains: Gain[] } {
    const tiles: Buffer[] = [];
    const gains: Gain[] = [];
    let rising: readonly Buffer[] = leaves;
    for (let level = 0; rising.length > 0 || level < this.tiles.length; level++) {
      const old = this.tiles[level] ?? Buffer.alloc(0);
      if (level > 0) gains.push(...gained(level, this.nodes(level), rising));
      const all = Buffer.concat([old, ...rising]);
      const full = Math.floor(all.length / FULL);
      rising = Array.from({ length: full }, (_, index) =>
        subtree(all.subarray(index * FULL, (index + 1) * FULL)),
      );
      tiles.push(all.subarray(full * FULL));
    }
    return { frontier: new Frontier(this.size + leaves.length, tiles), gains };
  }

  /** RFC 6962, 2.1: the Merkle Tree Hash. */
  root(): Buffer {
    return joined(this.tiles.toReversed().flatMap(peaks));
  }

  /** Complete nodes of a level of tiles. */
  private nodes(level: number): number {
    return Math.floor(this.size / WIDTH ** level);
  }
}

/** The hashes that a level's tiles gain: they may fill one and begin the next. */
function gained(level: number, nodes: number, hashes: readonly Buffer[]): Gain[] {
  const gains: Gain[] = [];
  for (let taken = 0; taken < hashes.length;) {
    const before = (nodes + taken) % WIDTH;
    const some = hashes.slice(taken, taken + WIDTH - before);
    gains.push({
      level,
      index: Math.floor((nodes + taken) / WIDTH),
      before,
      hashes: Buffer.concat(some),
    });
    taken += some.length;
  }
  return gains;
}

/** The complete subtrees that a partial tile consists of, from left to right: one for each bit of its width. */
function peaks(tile: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let [bytes, at] = [FULL / 2, 0]; bytes >= HASH; bytes /= 2)
    if (tile.length - at >= bytes) {
      found.push(subtree(tile.subarray(at, at + bytes)));
      at += bytes;
    }
  return found;
}
