import fc from 'fast-check';
import { parseSaidAt, said, SAID_AT_RULE, saidOf } from './said-at.js';

/** [text, earliest, latest]; null: there is none. The form is EDTF's (Library of Congress, 2019), level 0 or 1. */
const FORMS: readonly (readonly [string, string | null, string | null])[] = [
  ['2025-04-21', '2025-04-21T00:00:00.000Z', '2025-04-21T23:59:59.999Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
  ['2025-04', '2025-04-01T00:00:00.000Z', '2025-04-30T23:59:59.999Z'],
  ['2024-02', '2024-02-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
  ['2025', '2025-01-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z'],
  ['0001', '0001-01-01T00:00:00.000Z', '0001-12-31T23:59:59.999Z'],
  ['9999', '9999-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
  ['2025-21', '2025-01-01T00:00:00.000Z', '2025-03-31T23:59:59.999Z'],
  ['2025-24', '2025-10-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z'],
  ['2025-04-21~', '2025-04-21T00:00:00.000Z', '2025-04-21T23:59:59.999Z'],
  ['2025-04?', '2025-04-01T00:00:00.000Z', '2025-04-30T23:59:59.999Z'],
  ['2025%', '2025-01-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z'],
  ['202X', '2020-01-01T00:00:00.000Z', '2029-12-31T23:59:59.999Z'],
  ['20XX', '2000-01-01T00:00:00.000Z', '2099-12-31T23:59:59.999Z'],
  ['2025-XX', '2025-01-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z'],
  ['2025-04-XX', '2025-04-01T00:00:00.000Z', '2025-04-30T23:59:59.999Z'],
  ['2025-XX-XX', '2025-01-01T00:00:00.000Z', '2025-12-31T23:59:59.999Z'],
  ['2025-04-19/2025-04-20', '2025-04-19T00:00:00.000Z', '2025-04-20T23:59:59.999Z'],
  ['2025-04~/2025-06?', '2025-04-01T00:00:00.000Z', '2025-06-30T23:59:59.999Z'],
  ['2024/2025-04-21', '2024-01-01T00:00:00.000Z', '2025-04-21T23:59:59.999Z'],
  ['../2025-04-21', null, '2025-04-21T23:59:59.999Z'],
  ['/2025-04', null, '2025-04-30T23:59:59.999Z'],
  ['2025-04-21/..', '2025-04-21T00:00:00.000Z', null],
  ['2025/', '2025-01-01T00:00:00.000Z', null],
  ['2025-04-21T18:00Z', '2025-04-21T18:00:00.000Z', '2025-04-21T18:00:00.000Z'],
  ['2025-04-21T18:00:30Z', '2025-04-21T18:00:30.000Z', '2025-04-21T18:00:30.000Z'],
  ['2025-04-21T18:00:30.5Z', '2025-04-21T18:00:30.500Z', '2025-04-21T18:00:30.500Z'],
  ['2025-04-21T18:00:30.05Z', '2025-04-21T18:00:30.050Z', '2025-04-21T18:00:30.050Z'],
  ['2025-04-21T18:00:30.1239Z', '2025-04-21T18:00:30.123Z', '2025-04-21T18:00:30.123Z'],
  ['2025-04-21T18:00:00+02:00', '2025-04-21T16:00:00.000Z', '2025-04-21T16:00:00.000Z'],
  ['2025-04-21T18:00-0530', '2025-04-21T23:30:00.000Z', '2025-04-21T23:30:00.000Z'],
  ['2025-04-21T23:00-05', '2025-04-22T04:00:00.000Z', '2025-04-22T04:00:00.000Z'],
  ['2025-04-21T18:00', '2025-04-21T18:00:00.000Z', '2025-04-21T18:00:00.000Z'],
  ['2025-04-21T18:00:30.5', '2025-04-21T18:00:30.500Z', '2025-04-21T18:00:30.500Z'],
  ['2025-04-21T10:00/2025-04-21T12:00', '2025-04-21T10:00:00.000Z', '2025-04-21T12:00:00.000Z'],
  ['../2025-04-21T18:00+05:30', null, '2025-04-21T12:30:00.000Z'],
];

/** Neither EDTF level 1 nor a time that RFC 3339 can write. */
const REFUSED = [
  [
    '',
    ' ',
    'yesterday',
    '21 April 2025',
    '2025-4-1',
    '20250421',
    '2025-04-21 ',
    ' 2025',
    '2025-W10',
    '2025-111',
  ],
  ['2025-13-01', '2025-00-10', '2025-04-31', '2025-02-30', '2023-02-29', '1900-02-29', '2023-02-29T10:00Z'],
  ['2023-02-29/2023-03-05', '2025-04-21T25:00Z', '2025-04-21T18:61Z', '2025-04-21T18:00+25:00', 'T18:00'],
  ['../..', '/', '..', '2025-05/2025-04', '2025-04-21T12:00Z/2025-04-21T10:00Z'],
  ['-0001', '0000', 'Y17000', '-201X', '-0001/2025', '../-0001'],
  ['[2025,2026]', '{2025..2027}', '~2025', '2025-?04', '156X-12-25', 'XXXX-12-XX', 'S1950', 'Y1E9'],
  [
    '2025-04-21\n',
    '２０２５',
    '2025-04-21T18:00Z; DROP TABLE event',
    `${'2025'.repeat(40)}`,
    'null',
    '[object Object]',
  ],
].flat();

test.each(FORMS)('%s is an interval in UTC', (text, earliest, latest) => {
  const instant = (end: number | null | undefined) =>
    end === null || end === undefined ? null : new Date(end).toISOString();
  const interval = parseSaidAt(text);
  expect([instant(interval?.earliest), instant(interval?.latest)]).toEqual([earliest, latest]);
});

test.each(REFUSED)('%j is refused', (text) => {
  expect(parseSaidAt(text)).toBeNull();
});

test('a string that is refused once is refused again, and one that is read is read again', () => {
  expect([1, 2].map(() => parseSaidAt('2025-13-01'))).toEqual([null, null]);
  expect(parseSaidAt('2025-04-21')).toEqual(parseSaidAt('2025-04-21'));
});

test('said-order goes by the earliest instant', () => {
  expect(saidOf('2025-04-19/2025-04-20')).toBe(Date.parse('2025-04-19T00:00:00Z'));
});

test('said-order goes by the latest instant where there is no earliest', () => {
  expect(saidOf('../2025-04-21')).toBe(Date.parse('2025-04-21T23:59:59.999Z'));
});

test('an interval without either end has no place in said-order', () => {
  expect(() => said({ earliest: null, latest: null })).toThrow(
    new RangeError('An interval without an earliest and a latest instant has no place in said-order.'),
  );
});

test('a string that was never valid has no place in said-order', () => {
  expect(() => saidOf('yesterday')).toThrow(new RangeError('Not an EDTF level 1 date: yesterday'));
});

test('whoever is told the rule gets examples that are accepted', () => {
  const [, examples = ''] = SAID_AT_RULE.split('such as ');
  const read = examples.split(/, | or /).map((example) => parseSaidAt(example)?.latest);
  expect(read).toEqual(
    [
      '2025-04-21T23:59:59.999',
      '2025-04-30T23:59:59.999',
      '2025-04-21T23:59:59.999',
      '2025-04-21T18:00:00.000',
    ].map((latest) => Date.parse(`${latest}Z`)),
  );
});

test('a string of 64 characters is read, a longer one is not', () => {
  const withDigits = (count: number) => `2025-04-21T18:00:30.${'0'.repeat(count)}Z`;
  expect(parseSaidAt(withDigits(64 - 21))).toEqual(parseSaidAt('2025-04-21T18:00:30Z'));
  expect(parseSaidAt(withDigits(65 - 21))).toBeNull();
});

test('any text is either refused or an interval with an end, whose earliest is not after its latest', () => {
  const like = fc.stringMatching(
    /^[0-9X]{4}(-[0-9X]{2}){0,2}(T[0-9]{2}:[0-9]{2}Z?)?[~?%/.]{0,3}([0-9X]{4})?$/,
  );
  fc.assert(
    fc.property(fc.oneof(like, fc.string({ unit: 'binary' })), (text) => {
      const { earliest = null, latest = null } = parseSaidAt(text) ?? { earliest: 0, latest: 0 };
      expect(earliest ?? latest).not.toBeNull();
      expect((earliest ?? -Infinity) <= (latest ?? Infinity)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('every day of the calendar is the whole of itself', () => {
  const days = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(days, (date) => {
      const day = date.toISOString().slice(0, 10);
      expect(parseSaidAt(day)).toEqual({
        earliest: Date.parse(`${day}T00:00:00.000Z`),
        latest: Date.parse(`${day}T23:59:59.999Z`),
      });
    }),
  );
});
