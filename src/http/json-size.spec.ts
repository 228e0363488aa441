import fc from 'fast-check';
import { sizeOf } from './json-size.js';

const BOUNDS = { most: 1_000_000, deepest: 1_000 };

/** Texts in which what ends a string, what does not, and what only looks like JSON stand side by side. */
const tricky = fc.string({ unit: fc.constantFrom('"', '\\', ':', ',', '{', '[', ']', '}', 'x', '\n', 'é') });

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    tricky,
    fc.integer(),
    fc.constantFrom(null, true),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(tricky, tie('value'), { maxKeys: 4 }),
  ),
})).value;

function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, inner) => sum + namesIn(inner), own);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('the size of a JSON text', () => {
  // Break: `% 2` in endOfString, or counting the backslashes before a quote at all.
  it('counts the names, whatever quotes, backslashes and brackets its strings hold', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(undefined, 1), (value, space) => {
        expect(sizeOf(JSON.stringify(value, null, space), BOUNDS)).toEqual({ names: namesIn(value) });
      }),
      { numRuns: 1_000 },
    );
  });

  // Break: the comparison with `deepest`.
  it('is refused where it is nested deeper than allowed', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value);
        const deepest = depthOf(value);
        expect(sizeOf(text, { ...BOUNDS, deepest })).toEqual({ names: namesIn(value) });
        if (deepest > 0) expect(() => sizeOf(text, { ...BOUNDS, deepest: deepest - 1 })).toThrow(SyntaxError);
      }),
    );
  });

  // Break: answering the place of the last quote where a string has no end; it is looked for for ever.
  it.each(['"', '"\\"', '{"a', '["\\\\\\"', '{"a":"'])('is told of %j, which is no JSON', (text) => {
    expect(sizeOf(text, BOUNDS).names).toBeLessThanOrEqual(1);
  });
});
