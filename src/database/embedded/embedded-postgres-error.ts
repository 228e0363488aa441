/** The embedded PostgreSQL cannot run. The message is one line for the person who started the service. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'a file is in the way',
  ENOENT: 'a file is missing',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
};

/** Turns whatever stopped a start into the one line that names the folder and the reason. */
export function explain(cause: unknown, folder: string): EmbeddedPostgresError {
  if (cause instanceof EmbeddedPostgresError) return cause;
  const known = reasons[errorCode(cause)];
  const reason = known === undefined ? oneLine(String(cause)) : known + atPath(cause);
  return new EmbeddedPostgresError(`The embedded PostgreSQL in ${folder} cannot start: ${reason}`, { cause });
}

/** `code` of a Node.js system error or of a PostgreSQL error; empty when there is none. */
export function errorCode(cause: unknown): string {
  return property(cause, 'code') ?? '';
}

export function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' | ');
}

function atPath(cause: unknown): string {
  const path = property(cause, 'path');
  return path === undefined ? '' : ` (${path})`;
}

/** Not by `instanceof Error`: Node.js's own errors are of another realm where a test runner makes its own. */
function property(cause: unknown, name: string): string | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined;
  const value: unknown = Reflect.get(cause, name);
  return value === undefined ? undefined : String(value);
}
