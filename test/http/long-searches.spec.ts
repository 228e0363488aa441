import { similarPlace } from '../../src/domain/similar-place.js';
import { anchor } from '../../src/domain/passage.js';

// Break: `worst` without the square of the quote's length or the cost of a match, or ENOUGH: each takes a minute or more.
test.each([
  ['nearly the same letter over and over', `${'a'.repeat(2_000)}b`, 'a'.repeat(20_000)],
  ['two letters over and over', `${'ab'.repeat(4_000)}c`, 'ab'.repeat(100_000)],
  ['a text of five million letters', `${'a'.repeat(10_000)}b`, 'a'.repeat(5_000_000)],
  ['a short quote in it', 'aaaaaaaab', 'a'.repeat(5_000_000)],
])('is looked for within bounds, whatever the text: %s', (_name, quote, text) => {
  const began = performance.now();
  similarPlace(quote, text);
  expect(performance.now() - began).toBeLessThan(15_000);
});

// Break: MOST_COMPARED in passage.ts.
test('surroundings are compared within bounds, however often the quote stands in the text', () => {
  const began = performance.now();
  const passage = { exact: 'a', prefix: `b${'a'.repeat(1_999)}`, suffix: '' };
  expect(anchor(passage, 'a'.repeat(5_000_000)).status).toBe('exact');
  expect(performance.now() - began).toBeLessThan(15_000);
});
