import type { FieldError } from '../domain/rejection.js';
import { within } from './field-path.js';

/** Escapes in JSON text that may stand for NUL or a lone surrogate, and numbers large enough to overflow. Cheap, and wrong only on the safe side. */
const SUSPECT = /\\u(?:0000|[dD][89a-fA-F])|[eE]\+?\d{3}|(?<!\d)\d{300}/;

const suspects = new WeakSet<object>();

/** Remembers, when a body is read, whether it needs a closer look. */
export function notice(json: string, body: unknown): void {
  if (typeof body === 'object' && body !== null && SUSPECT.test(json)) suspects.add(body);
}

export function isSuspect(body: object): boolean {
  return suspects.has(body);
}

/** Values that JSON can write and PostgreSQL or other readers cannot keep: NUL, lone surrogates, numbers beyond IEEE 754. */
export function unstorable(body: unknown): FieldError[] {
  const errors: FieldError[] = [];
  const open: { path: string; value: unknown }[] = [{ path: '', value: body }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, value } = next;
    const message = fault(value);
    if (message !== null) errors.push({ path, message });
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (fault(key) !== null)
        errors.push({ path: path, message: 'has a field whose name cannot be stored' });
      else open.push({ path: within(path, key), value: inner });
    }
  }
  return errors;
}

function fault(value: unknown): string | null {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'is a number too large to store';
  if (typeof value !== 'string') return null;
  if (value.includes('\u0000')) return 'must not contain the character U+0000';
  return value.isWellFormed() ? null : 'must not contain half of a surrogate pair';
}
