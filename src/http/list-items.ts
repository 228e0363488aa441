import type { ErrorObject } from 'ajv/dist/2020.js';
import type { FieldError } from '../domain/rejection.js';

export const MUST_BE_OBJECT = 'must be an object';

/** What is wrong with an item of a list, by the schema's keyword. */
const WRONG: Readonly<Record<string, (params: { type?: unknown; limit?: unknown }) => string>> = {
  type: ({ type }) => (type === 'object' ? MUST_BE_OBJECT : 'must be text'),
  maxLength: ({ limit }) => `must be at most ${String(limit)} characters long`,
  pattern: () => 'must not be blank',
};

/** class-validator says of a list (`aliases`) what is wrong with an item; the schema knows with which (`aliases.1`). */
export function nameItems(explained: readonly FieldError[], bySchema: readonly ErrorObject[]): FieldError[] {
  const items = new Map<string, Map<string, string>>();
  for (const { instancePath, keyword, params } of bySchema) {
    const path = instancePath.slice(1).replaceAll('/', '.');
    const list = /^(.+)\.\d+$/.exec(path)?.[1];
    const message = WRONG[keyword]?.(params);
    if (list === undefined || message === undefined) continue;
    const wrong = items.get(list) ?? new Map<string, string>();
    items.set(list, wrong.set(path, [wrong.get(path), message].filter(Boolean).join('; ')));
  }
  const named = new Set([...items.values()].flatMap((wrong) => [...wrong.keys()]));
  return explained.flatMap((error) => {
    const wrong = items.get(error.path);
    if (wrong === undefined) return named.has(error.path) ? [] : [error];
    const ofItems = [...wrong].map(([path, message]) => ({ path, message }));
    return [...ofList(error), ...ofItems];
  });
}

/** What http/fields says of a list itself. */
const OF_LIST = /^must hold at (least|most) \d+$/;

function ofList({ path, message }: FieldError): FieldError[] {
  const parts = message.split('; ').filter((part) => OF_LIST.test(part));
  return parts.length === 0 ? [] : [{ path, message: parts.join('; ') }];
}
