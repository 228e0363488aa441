import type { ErrorObject } from 'ajv/dist/2020.js';
import type { FieldError } from '../domain/rejection.js';

/** What is wrong with an item of a list of texts, by the schema's keyword. */
const WRONG: Readonly<Record<string, (limit: unknown) => string>> = {
  type: () => 'must be text',
  maxLength: (limit) => `must be at most ${String(limit)} characters long`,
  pattern: () => 'must not be blank',
};

/** class-validator names the list that a bad text is in (`aliases`); the schema knows which it is (`aliases.1`). */
export function nameItems(explained: readonly FieldError[], bySchema: readonly ErrorObject[]): FieldError[] {
  const items = new Map<string, FieldError[]>();
  for (const { instancePath, keyword, params } of bySchema) {
    const path = instancePath.slice(1).replaceAll('/', '.');
    const list = /^(.+)\.\d+$/.exec(path)?.[1];
    const message = WRONG[keyword]?.((params as { limit?: unknown }).limit); // holds: any object may be read so
    if (list === undefined || message === undefined || params['type'] === 'object') continue;
    const wrong = items.get(list) ?? [];
    wrong.push({ path, message });
    items.set(list, wrong);
  }
  return explained.flatMap((error) => items.get(error.path) ?? [error]);
}
