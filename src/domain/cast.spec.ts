import { negotiators } from '../../test/support/core-domain.js';
import { saidOf } from './said-at.js';
import type { Affiliation } from './cast.js';

/** For whom somebody of these affiliations spoke. */
const spokeFor = (
  saidAt: string,
  ...affiliations: readonly (readonly [string, string | null, string | null])[]
) => {
  const all = affiliations.map(([party, from, to]): Affiliation => ({ party, role: null, from, to }));
  const speaker = { id: 's', slug: null, name: 'Speaker', version: 1, aliases: [], affiliations: all };
  return negotiators().partiesOf(speaker, saidOf(saidAt));
};

test('an affiliation without bounds always holds', () => {
  expect(spokeFor('0001', ['russia', null, null])).toEqual(['russia']);
  expect(spokeFor('9999', ['russia', null, null])).toEqual(['russia']);
});

test('an affiliation holds from the first instant of its first day to the last of its last', () => {
  const term = ['ukraine', '2019-05-20', '2024-05'] as const;
  const days = [
    '2019-05-19T23:59:59.999Z',
    '2019-05-20T00:00:00Z',
    '2024-05-31T23:59:59.999Z',
    '2024-06-01T00:00:00Z',
  ];
  expect(days.map((day) => spokeFor(day, term).length)).toEqual([0, 1, 1, 0]);
});

test('an affiliation since an unknown time, or until one, is unbounded there', () => {
  expect(spokeFor('1990', ['usa', '../2019', '2024/..'])).toEqual(['usa']);
  expect(spokeFor('2100', ['usa', '../2019', '2024/..'])).toEqual(['usa']);
});

test('a bound that nobody can read is none', () => {
  expect(spokeFor('2025', ['usa', 'long ago', 'for ever'])).toEqual(['usa']);
});

test('someone may speak for several parties, each named once', () => {
  expect(spokeFor('2025', ['usa', null, null], ['russia', '2020', null], ['usa', '2021', null])).toEqual([
    'usa',
    'russia',
  ]);
});

test('someone without an affiliation that holds speaks for nobody', () => {
  expect(spokeFor('2025')).toEqual([]);
  expect(spokeFor('2025', ['usa', null, '2024'])).toEqual([]);
});

test('a thing is named by its id, its slug and its name, and by nothing else that is known of it', () => {
  expect(negotiators().name('party', 'russia')).toEqual({ id: 'russia', slug: 'russia', name: 'Russia' });
});

test('a thing that is not there cannot be named', () => {
  expect(() => negotiators().name('party', 'putin')).toThrow('No party putin');
});
