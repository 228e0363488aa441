import { WIDTH } from './frontier.js';
import type { LoggedEntry } from './logged-entries.js';
import type { TileRange } from './stored-tree.js';

/** Highest level of a tile's address (C2SP tlog-tiles). */
const HIGHEST = 63;

/** A tile, or a bundle of entries, as its address says it. */
export type TileAddress = TileRange | (Omit<TileRange, 'level'> & { readonly level: 'entries' });

/** C2SP tlog-tiles: `<L>/<N>[.p/<W>]`, or `entries/<N>[.p/<W>]`. Null: it is no such address. */
export function readTileAddress(path: string): TileAddress | null {
  const found = /^(0|[1-9]\d?|entries)\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (found === null) return null;
  const [, where = '', number = '', partial] = found;
  if (number.startsWith('x000/')) return null; // no address has leading groups of zeros
  const index = Number(number.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? WIDTH : Number(partial);
  if ((partial !== undefined && width >= WIDTH) || Number(where) > HIGHEST) return null;
  return { level: where === 'entries' ? 'entries' : Number(where), index, width };
}

/** Whether a tree of a size has so much of a tile. */
export function isWithinTree({ level, index, width }: TileAddress, size: number): boolean {
  const nodes = Math.floor(size / WIDTH ** (level === 'entries' ? 0 : level));
  return index * WIDTH + width <= nodes;
}

/** C2SP tlog-tiles, "Log entries": each behind its length in two bytes. */
export function bundle(entries: readonly Pick<LoggedEntry, 'entry'>[]): Buffer {
  const parts = entries.flatMap(({ entry }) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(Buffer.byteLength(entry));
    return [length, Buffer.from(entry)];
  });
  return Buffer.concat(parts);
}
