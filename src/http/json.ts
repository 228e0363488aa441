import { parse } from 'secure-json-parse';
import { notice } from './unstorable.js';

/** Deepest nesting: several times what any body needs, and far from what overflows the stack of a recursion. */
const DEEPEST = 32;

/** JSON as clients may send it: no `__proto__`, no `constructor.prototype`, not nested without bounds. Throws a SyntaxError. */
export function parseJson(text: string): unknown {
  const body: unknown = parse(text, null, { protoAction: 'error', constructorAction: 'error' });
  requireShallow(body);
  notice(text, body);
  return body;
}

function requireShallow(body: unknown): void {
  let level = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw new SyntaxError(`Nested more than ${DEEPEST} deep.`);
    level = level.flatMap(
      (value) => (typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : []), // holds: nothing is known of them
    );
  }
}
