import edtf from 'edtf';
import { LRUCache } from 'lru-cache';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** When something was said. An end that is not known is null; never both. */
export interface SaidInterval {
  readonly earliest: Instant | null;
  readonly latest: Instant | null;
}

const LONGEST = 64;
/** What RFC 3339 and PostgreSQL can both write. */
export const FIRST_INSTANT: Instant = Date.parse('0001-01-01T00:00:00.000Z');
export const LAST_INSTANT: Instant = Date.parse('9999-12-31T23:59:59.999Z');
const TIME_WITHOUT_ZONE = /T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?=$|\/)/g;
const FRACTION = /\.\d+/g;
const LEAP_DAY = /\d{4}-02-29/g;

export const SAID_AT_RULE =
  'must be an EDTF level 1 date, time or interval between the years 0001 and 9999, such as 2025-04-21, 2025-04, ../2025-04-21 or 2025-04-21T18:00Z';

/** What strings were found to mean: the grammar takes about 100 µs a string, and a dossier's dates repeat. */
const PARSED = new LRUCache<string, { readonly interval: SaidInterval | null }>({ max: 20_000 });

/**
 * Reads an EDTF level 1 string (Library of Congress, 2019; ISO 8601-2) as an interval in UTC: a date alone is the whole day,
 * a time without an offset is UTC. Null for anything else, for an interval that is open at both ends, and for years that RFC 3339 cannot write.
 */
export function parseSaidAt(text: string): SaidInterval | null {
  if (text.length > LONGEST) return null;
  const parsed = PARSED.get(text) ?? { interval: parse(text) };
  PARSED.set(text, parsed);
  return parsed.interval;
}

function parse(text: string): SaidInterval | null {
  if (!(text.match(LEAP_DAY) ?? []).every(isInCalendar)) return null; // edtf 4.11 takes it for 1 March in any other year
  const inMilliseconds = text.replace(FRACTION, (digits) => digits.padEnd(4, '0')); // edtf 4.11 takes ".5" for 5 ms
  try {
    const { min, max } = edtf(inMilliseconds.replace(TIME_WITHOUT_ZONE, '$&Z'), { level: 1 });
    return withinCalendar(known(min), known(max));
  } catch {
    return null;
  }
}

/** Said-order's key: the earliest instant, or the latest where there is no earliest. */
export function said(interval: SaidInterval): Instant {
  const instant = interval.earliest ?? interval.latest;
  if (instant === null)
    throw new RangeError('An interval without an earliest and a latest instant has no place in said-order.');
  return instant;
}

/** `said` of a string that was validated when it was recorded. */
export function saidOf(saidAt: string): Instant {
  const interval = parseSaidAt(saidAt);
  if (interval === null) throw new RangeError(`Not an EDTF level 1 date: ${saidAt}`);
  return said(interval);
}

function isInCalendar(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

function known(bound: number | null): Instant | null {
  return Number.isFinite(bound) ? bound : null;
}

function withinCalendar(earliest: Instant | null, latest: Instant | null): SaidInterval | null {
  if (earliest === null && latest === null) return null;
  const writable = [earliest, latest].every(
    (end) => end === null || (end >= FIRST_INSTANT && end <= LAST_INSTANT),
  );
  return writable ? { earliest, latest } : null;
}
