import fc from 'fast-check';
import { LEVELS, sameConditions, sameStance, STANCES } from './stance.js';

const conditions = fc.array(fc.constantFrom('monitors', 'prisoners', 'a pause'), { maxLength: 5 });

test('the scale goes from opposed, −2, to supportive, +2, by ones', () => {
  expect(STANCES.map((stance) => [stance, LEVELS[stance]])).toEqual([
    ['opposed', -2],
    ['skeptical', -1],
    ['noncommittal', 0],
    ['open', 1],
    ['supportive', 2],
  ]);
});

test('conditions are the same in any order and however often each is named', () => {
  expect(sameConditions(['a', 'b'], ['b', 'a', 'b'])).toBe(true);
  expect(sameConditions([], [])).toBe(true);
});

test('conditions differ when one side has one that the other has not', () => {
  expect(sameConditions(['a'], ['b'])).toBe(false);
  expect(sameConditions(['a'], ['a', 'b'])).toBe(false);
  expect(sameConditions(['a', 'b'], ['a'])).toBe(false);
  expect(sameConditions(['a', 'a'], ['a', 'b'])).toBe(false);
  expect(sameConditions(['a'], [])).toBe(false);
});

test('being the same is an equivalence: reflexive, symmetric and transitive', () => {
  fc.assert(
    fc.property(conditions, conditions, conditions, (one, other, third) => {
      expect(sameConditions(one, one)).toBe(true);
      expect(sameConditions(one, other)).toBe(sameConditions(other, one));
      const chained = sameConditions(one, other) && sameConditions(other, third);
      expect(sameConditions(one, third) || !chained).toBe(true);
    }),
  );
});

test('a stance is the same only with the same level and the same conditions', () => {
  const open = { stance: 'open', conditions: ['a'] } as const;
  expect(sameStance(open, { stance: 'open', conditions: ['a', 'a'] })).toBe(true);
  expect(sameStance(open, { stance: 'supportive', conditions: ['a'] })).toBe(false);
  expect(sameStance(open, { stance: 'open', conditions: [] })).toBe(false);
});
