import { validate as isUuid } from 'uuid';
import { Rejection } from '../domain/rejection.js';
import { FIRST_INSTANT, LAST_INSTANT } from '../domain/said-at.js';
import { QueryNumber, QueryText } from './queries.js';

/** What every list takes. */
export class PageQuery {
  @QueryNumber(1, 500, 'How many items, at most 500; 50 if not given.')
  readonly limit?: number;

  @QueryText('`next` of the page before.', 2_000)
  readonly cursor?: string;
}

export const DEFAULT_LIMIT = 50;

/** A page of a list. `next` is the cursor of the page after it, null at the end. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** An opaque cursor: the key of the last item. Keys are compared, never counted, so that every page costs the same. */
export function writeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** What the parts of a list's key are. */
export type KeyPart = 'number' | 'uuid';

type KeyOf<Shape extends readonly KeyPart[]> = {
  [Index in keyof Shape]: Shape[Index] extends 'number' ? number : string;
};

/** The key in a cursor, if one is given and has this shape. Rejects with `validation-failed`. */
export function readCursor<const Shape extends readonly KeyPart[]>(
  cursor: string | undefined,
  shape: Shape,
): KeyOf<Shape> | null {
  if (cursor === undefined) return null;
  const key = parse(cursor);
  const fits =
    Array.isArray(key) && key.length === shape.length && shape.every((part, index) => IS[part](key[index]));
  if (!fits)
    throw new Rejection('validation-failed', 'cursor is not one that this list gave.', [
      { path: 'cursor', message: 'is not one that this list gave' },
    ]);
  return key as unknown as KeyOf<Shape>; // holds: it has just been compared part by part
}

const IS: Record<KeyPart, (value: unknown) => boolean> = {
  // Holds: isSafeInteger has just said so. Instants stay within these bounds, and sequences far below the upper one.
  number: (value) =>
    Number.isSafeInteger(value) && (value as number) >= FIRST_INSTANT && (value as number) <= LAST_INSTANT,
  uuid: isUuid,
};

/** Cuts rows that were read one beyond the limit into a page. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  key: (row: Row) => readonly (string | number)[],
  show: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(show),
    next: rows.length > limit && last !== undefined ? writeCursor(key(last)) : null,
  };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
