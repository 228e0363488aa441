import fc from 'fast-check';

/** [earliest, latest] in milliseconds; null where there is none. */
export interface Interval {
  readonly earliest: number | null;
  readonly latest: number | null;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(?:Z|([+-])(\d\d):?(\d\d)?)?$/;

/** An EDTF level 1 string as an interval in UTC: of the forms that `dates` makes, read without any library. */
export function intervalOf(text: string): Interval {
  const [start = '', end] = text.split('/');
  if (end === undefined) return plain(text);
  const from = isUnknown(start) ? null : plain(start).earliest;
  return { earliest: from, latest: isUnknown(end) ? null : plain(end).latest };
}

/** Said-order's key. */
export function saidOf(text: string): number {
  const { earliest, latest } = intervalOf(text);
  return earliest ?? latest ?? Number.NaN;
}

const isUnknown = (end: string): boolean => end === '' || end === '..';

function plain(text: string): { earliest: number; latest: number } {
  const time = TIME.exec(text);
  if (time !== null) return moment(time);
  const [year = '', month = 'XX', day = 'XX'] = text.replace(/[~?%]$/, '').split('-');
  if (year.includes('X'))
    return span(Number(year.replaceAll('X', '0')), 0, Number(year.replaceAll('X', '9')), 12);
  const y = Number(year);
  if (month === 'XX') return span(y, 0, y, 12);
  if (Number(month) > 20) return span(y, 3 * (Number(month) - 21), y, 3 * (Number(month) - 20)); // 21 to 24 are the quarters
  if (day === 'XX') return span(y, Number(month) - 1, y, Number(month));
  const first = Date.UTC(y, Number(month) - 1, Number(day));
  return { earliest: first, latest: first + 86_400_000 - 1 };
}

/** From the first of a month up to the first of another. Months count from 0. */
function span(
  year: number,
  month: number,
  endYear: number,
  endMonth: number,
): { earliest: number; latest: number } {
  return { earliest: Date.UTC(year, month), latest: Date.UTC(endYear, endMonth) - 1 };
}

function moment(parts: RegExpExecArray): { earliest: number; latest: number } {
  const [, year, month, day, hour, minute, second = '0', fraction = '', sign, zoneHours, zoneMinutes] = parts;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  const offset = 60 * (60 * Number(zoneHours ?? 0) + Number(zoneMinutes ?? 0)) * (sign === '-' ? -1 : 1);
  const instant = local + 1000 * (Number(second) - offset) + Number(fraction.padEnd(3, '0'));
  return { earliest: instant, latest: instant };
}

/** Few days, so that many statements were said at the same time, around a month's end and in a leap year too. */
const DAYS = (
  '2024-02-28 2024-02-29 2024-12-31 2025-01-01 2025-03-31 2025-04-01 ' +
  '2025-04-19 2025-04-20 2025-04-21 2025-04-22 2025-04-30 2025-05-01'
).split(' ');
const MONTHS = ['2024-02', '2024-12', '2025-01', '2025-03', '2025-04', '2025-05'];
const YEARS = ['2023', '2024', '2025', '2026'];
const TIMES = ['00:00', '23:30', '12:00:00', '18:00:59', '06:07:08.250', '06:07:08.5', '06:07:08.05'];
const ZONES = ['Z', 'Z', '+02:00', '-05:00', '+05:30', '-05', '+0530', ''];

const oneOf = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const text = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((each) => each.join(''));

const day = oneOf(...DAYS);
const whole = fc.oneof(day, oneOf(...MONTHS), oneOf(...YEARS));
const qualifier = oneOf('~', '?', '%');
const qualified = text(whole, qualifier);
const time = text(day, fc.constant('T'), oneOf(...TIMES), oneOf(...ZONES));
const season = text(oneOf(...YEARS), oneOf('-21', '-22', '-23', '-24'));
const unspecified = fc.oneof(
  oneOf('202X', '201X', '20XX', '19XX'),
  text(oneOf(...YEARS), oneOf('-XX', '-XX-XX')),
  text(oneOf(...MONTHS), fc.constant('-XX')),
);
const end = fc.oneof(whole, qualified, time);

/** Both ends known, the first wholly before the last. */
const closed = fc
  .tuple(end, end)
  .map(([one, other]) => (saidOf(one) <= saidOf(other) ? [one, other] : [other, one]))
  .filter(([one = '', other = '']) => plain(one).latest < plain(other).earliest)
  .map((ends) => ends.join('/'));

/** Every form of EDTF level 1 that has a place in time. */
export const dates: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: day },
  { weight: 3, arbitrary: time },
  { weight: 2, arbitrary: oneOf(...MONTHS, ...YEARS) },
  { weight: 2, arbitrary: qualified },
  { weight: 1, arbitrary: season },
  { weight: 1, arbitrary: unspecified },
  { weight: 2, arbitrary: closed },
  { weight: 2, arbitrary: text(end, oneOf('/..', '/')) },
  { weight: 2, arbitrary: text(oneOf('../', '/'), end) },
);
