import { parse } from 'secure-json-parse';
import { sizeOf } from './json-size.js';
import { refuseRepeatedNames } from './repeated-names.js';
import { notice } from './unstorable.js';

/** Most fields and items of a body: ten times what any but a batch can have, and few enough for each to be named where all are bad. */
const MOST_VALUES = 10_000;

/** Deepest nesting: several times what any body needs, and far from what overflows the stack of a recursion. */
const DEEPEST = 32;

/**
 * JSON as clients may send it: no `__proto__`, no `constructor.prototype`, not nested or long without bounds, no name twice. Throws a
 * SyntaxError, or a Rejection where there are more than `most` fields and items, or a repeated name.
 *
 * The bounds are looked at in the text: to parse a million names alone takes seconds.
 */
export function parseJson(text: string, most = MOST_VALUES): unknown {
  const { names } = sizeOf(text, { most, deepest: DEEPEST });
  const body: unknown = parse(text, null, { protoAction: 'error', constructorAction: 'error' });
  if (names !== countNames(body)) refuseRepeatedNames(text);
  notice(text, body);
  return body;
}

/** How many names the objects of a value have in all. */
function countNames(body: unknown): number {
  let count = 0;
  const open = [body];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const inner: unknown[] = Object.values(value);
    if (!Array.isArray(value)) count += inner.length;
    for (const each of inner) open.push(each);
  }
  return count;
}
