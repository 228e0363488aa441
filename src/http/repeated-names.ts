import { visit } from 'jsonc-parser';
import { Rejection, type FieldError } from '../domain/rejection.js';
import { within } from './field-path.js';

/**
 * Rejects JSON in which an object has a name twice: parsers take the last and say nothing, and something else would be recorded than whoever
 * wrote it saw.
 */
export function refuseRepeatedNames(text: string): void {
  const errors = repeatedNames(text);
  if (errors.length > 0)
    throw new Rejection('validation-failed', `${errors[0]?.path} is given more than once.`, errors);
}

function repeatedNames(text: string): FieldError[] {
  const errors = new Map<string, FieldError>();
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (name, _offset, _length, _line, _character, parent) => {
      const names = open.at(-1);
      if (names?.has(name)) {
        const path = [...parent(), name].map(String).reduce(within, '');
        errors.set(path, { path, message: 'is given more than once' });
      }
      names?.add(name);
    },
  });
  return [...errors.values()];
}
