import { parse } from 'secure-json-parse';
import { notice } from './unstorable.js';

/** JSON as clients may send it: no `__proto__` and no `constructor.prototype`. Throws a SyntaxError. */
export function parseJson(text: string): unknown {
  const body: unknown = parse(text, null, { protoAction: 'error', constructorAction: 'error' });
  notice(text, body);
  return body;
}
