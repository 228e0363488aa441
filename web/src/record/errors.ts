import type { FieldError } from '../../../src/domain/rejection.js';
import { Refusal } from '../api/client.js';

/** Messages by the field that they are about: of a path (`passage.exact`, `conditions.0`) the first part. */
export type Errors = Readonly<Record<string, string>>;

export function errorsOf(error: Error | null): Errors {
  return error instanceof Refusal ? byField(error.problem.errors ?? []) : {};
}

export function byField(errors: readonly FieldError[]): Errors {
  const messages = new Map<string, string>();
  for (const { path, message } of errors) {
    const [first = '', second = ''] = path.split('.');
    const field = first === 'changes' ? second : first;
    const before = messages.get(field);
    messages.set(field, before === undefined ? message : `${before}; ${message}`);
  }
  return Object.fromEntries(messages);
}
