import { types } from 'node:util';
import type { Pool } from 'pg';
import type { Append } from './event.js';

/**
 * SQLSTATE classes and codes of a database that is away, shutting down, out of room, no longer (or not yet) the one that takes writes, or
 * that gave up on a transaction: trying again may help.
 */
const PASSING = /^(08|53|57P0|25006|40001|40P01|57014|58|XX000)/;

/** Node's codes of a connection that could not be made or broke. */
const BROKEN = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);

/** Errors of node-postgres that carry no code. */
const UNCODED =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Client was closed)/;

/** Whether an error is the database's absence rather than an answer. */
export function isOutage(error: unknown): boolean {
  if (!types.isNativeError(error)) return false; // also one of another realm, in which tests run
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return BROKEN.has(code) || PASSING.test(code);
  return UNCODED.test(error.message);
}

/** Where a batch stands in the log if it is there: its first event under its own id; null if it is not. */
export async function committedAt(
  pool: Pool,
  dossier: string,
  appends: readonly Append[],
): Promise<{ first: number; recordedAt: string } | null> {
  const event = appends[0]?.events[0];
  if (event === undefined) return null;
  const { rows } = await pool.query<{ sequence: string; recorded_at: Date }>(
    'SELECT sequence, recorded_at FROM event WHERE dossier_id = $1 AND stream_id = $2 AND stream_version = $3 AND id = $4',
    [dossier, event.streamId, event.streamVersion, event.id],
  );
  const [row] = rows;
  return row === undefined
    ? null
    : { first: Number(row.sequence), recordedAt: row.recorded_at.toISOString() };
}
