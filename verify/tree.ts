import { hash } from 'node:crypto';

/** Hashes in a full tile (C2SP tlog-tiles). */
export const WIDTH = 256;
/** Bytes of a hash. */
export const HASH = 32;
const HEIGHT_OF_TILE = 8;
const NODE = 0x01;

/** A tile that a leaf has filled, or one at the edge of the tree. `hashes` is overwritten by later leaves. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Buffer;
}

/**
 * A Merkle tree (RFC 6962, 2.1) that leaves are added to. It keeps what later hashes depend on: for each height the left node that waits for its
 * right one, and the last tile of each level.
 */
export class Tree {
  #size = 0;
  /** By height: 0x01, the left node, the right node. The left one is there where the size has that bit. */
  private readonly nodes: Buffer[] = [];
  private readonly tiles: Buffer[] = [];

  get size(): number {
    return this.#size;
  }

  /** `leaf`: 32 bytes as a latin1 string, the cheapest that node:crypto answers with. Answers with the tiles that it fills, lower levels first. */
  add(leaf: string): Tile[] {
    const filled: Tile[] = [];
    let rest = this.#size++;
    let node = leaf;
    for (let height = 0; ; height++, rest = Math.floor(rest / 2)) {
      if (height % HEIGHT_OF_TILE === 0) this.intoTile(height / HEIGHT_OF_TILE, node, filled);
      const pair = (this.nodes[height] ??= Buffer.alloc(1 + 2 * HASH, NODE));
      if (rest % 2 === 0) {
        pair.write(node, 1, HASH, 'latin1');
        return filled;
      }
      pair.write(node, 1 + HASH, HASH, 'latin1');
      node = hash('sha256', pair, 'binary');
    }
  }

  /** The tiles at the edge that are not full, lower levels first. */
  partialTiles(): Tile[] {
    return this.tiles.flatMap((tile, level) => {
      const width = Math.floor(this.#size / WIDTH ** level);
      const hashes = tile.subarray(0, (width % WIDTH) * HASH);
      return hashes.length === 0 ? [] : [{ level, index: Math.floor(width / WIDTH), hashes }];
    });
  }

  /** Base64. */
  root(): string {
    let right: string | null = null;
    for (let height = 0, rest = this.#size; rest > 0; height++, rest = Math.floor(rest / 2)) {
      const pair = this.nodes[height];
      if (rest % 2 === 0 || pair === undefined) continue;
      const left = pair.toString('latin1', 1, 1 + HASH);
      right = right === null ? left : parentOf(left, right);
    }
    return right === null ? hash('sha256', '', 'base64') : Buffer.from(right, 'latin1').toString('base64');
  }

  private intoTile(level: number, node: string, filled: Tile[]): void {
    const tile = (this.tiles[level] ??= Buffer.alloc(WIDTH * HASH));
    const place = Math.floor(this.#size / WIDTH ** level) - 1;
    tile.write(node, (place % WIDTH) * HASH, HASH, 'latin1');
    if (place % WIDTH === WIDTH - 1) filled.push({ level, index: Math.floor(place / WIDTH), hashes: tile });
  }
}

/** The hash of an entry as a leaf, as latin1. */
export function leafOf(entry: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.of(0), entry]), 'binary');
}

/** The hash of two nodes, each 32 bytes as latin1. */
export function parentOf(left: string, right: string): string {
  return hash('sha256', Buffer.from(`\u0001${left}${right}`, 'latin1'), 'binary');
}
