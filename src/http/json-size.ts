import { Rejection } from '../domain/rejection.js';

export interface JsonBounds {
  /** Most fields and items in all. */
  readonly most: number;
  readonly deepest: number;
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * How many names a JSON text has, each counted as often as it is given. Throws a SyntaxError where it is nested too deep, and a Rejection
 * where it holds too much. Whether it is JSON at all is not asked.
 */
export function sizeOf(text: string, { most, deepest }: JsonBounds): { readonly names: number } {
  let names = 0;
  let values = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (character === COLON) names++;
    else if (character === COMMA) values++;
    else if (character === OPEN_OBJECT || character === OPEN_LIST) {
      values++;
      depth++;
    } else if (character === CLOSE_OBJECT || character === CLOSE_LIST) depth--;
    if (depth > deepest) throw new SyntaxError(`Nested more than ${deepest} deep.`);
    if (values > most) throw tooMany(most);
  }
  return { names };
}

/** The quote that an odd number of backslashes precedes is one of the text. */
function endOfString(text: string, begin: number): number {
  for (let at = text.indexOf('"', begin + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at;
  }
  return text.length;
}

function tooMany(most: number): Rejection {
  const message = `must hold at most ${most} fields and items`;
  return new Rejection('validation-failed', message, [{ path: '', message }]);
}
