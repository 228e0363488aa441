import { hash } from 'node:crypto';

/** Hashes in a full tile (C2SP tlog-tiles). */
export const WIDTH = 256;
/** Bytes of a hash. */
export const HASH = 32;
const NODE = 0x01;

/** A tile that a leaf has filled, or one at the edge of the tree. `hashes` is overwritten by later leaves. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Buffer;
}

/** A Merkle tree (RFC 6962, 2.1) that leaves are added to: of each level the last tile. */
export class Tree {
  #size = 0;
  private readonly tiles: Buffer[] = [];

  get size(): number {
    return this.#size;
  }

  /** Leaves, `HASH` bytes each, no more than fit in their tile. Answers with the tiles that they fill, lower levels first. */
  add(leaves: Uint8Array): Tile[] {
    const filled: Tile[] = [];
    this.append(leaves, 0, filled);
    this.#size += leaves.length / HASH;
    return filled;
  }

  /** The tiles at the edge that are not full, lower levels first. */
  partialTiles(): Tile[] {
    return this.tiles.flatMap((tile, level) => {
      const hashes = tile.subarray(0, this.width(level) * HASH);
      return hashes.length === 0 ? [] : [{ level, index: this.index(level), hashes }];
    });
  }

  /** Base64. */
  root(): string {
    let edge: Buffer = Buffer.alloc(0);
    for (const [level, tile] of this.tiles.entries())
      edge = rootOf(Buffer.concat([tile.subarray(0, this.width(level) * HASH), edge]));
    return this.#size === 0 ? hash('sha256', '', 'base64') : edge.toString('base64');
  }

  private append(hashes: Uint8Array, level: number, filled: Tile[]): void {
    const tile = (this.tiles[level] ??= Buffer.alloc(WIDTH * HASH));
    tile.set(hashes, this.width(level) * HASH);
    if (this.width(level) + hashes.length / HASH < WIDTH) return;
    filled.push({ level, index: this.index(level), hashes: tile });
    this.append(rootOf(tile), level + 1, filled);
  }

  /** How many hashes are in the last tile of a level, and which tile that is. */
  private width(level: number): number {
    return Math.floor(this.#size / WIDTH ** level) % WIDTH;
  }

  private index(level: number): number {
    return Math.floor(this.#size / WIDTH ** (level + 1));
  }
}

/** The node above these: neighbours are hashed until one is left; the last, where it has no neighbour, stays as it is. */
function rootOf(hashes: Uint8Array): Buffer {
  const nodes = Buffer.from(hashes);
  const pair = Buffer.alloc(1 + 2 * HASH, NODE);
  let width = hashes.length / HASH;
  for (; width > 1; width = Math.ceil(width / 2)) {
    for (let left = 0; left + 1 < width; left += 2) {
      nodes.copy(pair, 1, left * HASH, (left + 2) * HASH);
      nodes.write(hash('sha256', pair, 'binary'), (left / 2) * HASH, 'latin1');
    }
    if (width % 2 === 1) nodes.copyWithin(((width - 1) / 2) * HASH, (width - 1) * HASH, width * HASH);
  }
  return nodes.subarray(0, width * HASH);
}

/** The hash of an entry as a leaf, as latin1. */
export function leafOf(entry: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.of(0), entry]), 'binary');
}

/** The hash of two nodes, each 32 bytes as latin1. */
export function parentOf(left: string, right: string): string {
  return hash('sha256', Buffer.from(`\u0001${left}${right}`, 'latin1'), 'binary');
}
