import { locale, texts } from '../texts/texts.js';

/** Said-time is in UTC everywhere: a date must not become another one because of where it is read. */
const UTC = { timeZone: 'UTC' } as const;
const year = new Intl.DateTimeFormat(locale, { ...UTC, year: 'numeric' });
const month = new Intl.DateTimeFormat(locale, { ...UTC, year: 'numeric', month: 'long' });
const day = new Intl.DateTimeFormat(locale, { ...UTC, year: 'numeric', month: 'short', day: 'numeric' });
const minute = new Intl.DateTimeFormat(locale, { ...UTC, dateStyle: 'medium', timeStyle: 'short' });
const zoned = new Intl.DateTimeFormat(locale, { ...UTC, dateStyle: 'medium', timeStyle: 'long' });

const { dates } = texts;

/** An EDTF string (level 1, as the service has checked it) as somebody would say it: `2025-04~` is "about April 2025". */
export function saidAtInWords(edtf: string): string {
  const [from = '', to] = edtf.split('/');
  if (to === undefined) return one(from);
  if (isOpen(from)) return isOpen(to) ? dates.unknown : dates.notAfter(one(to));
  return isOpen(to) ? dates.notBefore(one(from)) : dates.between(one(from), one(to));
}

/** Whether a date leaves open when within it something was said: more than a day, open, approximate or uncertain. */
export function isImprecise(edtf: string): boolean {
  return !/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(edtf);
}

/** An instant (RFC 3339): its day, where it is the first or last of one, as the service writes those of dates; or its minute. */
export function instantInWords(instant: string): string {
  const date = new Date(instant);
  return /T(00:00:00\.000|23:59:59\.999)Z$/.test(instant) ? day.format(date) : minute.format(date);
}

/** An instant to the second, with its time zone. */
export function exactInstant(instant: string): string {
  return zoned.format(new Date(instant));
}

const isOpen = (date: string): boolean => date === '..' || date === '';

function one(date: string): string {
  const [, plain = date, mark] = /^(.*?)([~?%])?$/.exec(date) ?? [];
  const words = formatted(plain);
  if (mark === '~') return dates.about(words);
  if (mark === '?') return dates.perhaps(words);
  return mark === '%' ? dates.perhapsAbout(words) : words;
}

function formatted(date: string): string {
  const length = date.length;
  const format = length === 4 ? year : length === 7 ? month : length === 10 ? day : zoned;
  const instant = new Date(date);
  return Number.isNaN(instant.getTime()) ? date : format.format(instant); // what is rarer than these (a season, a decade) stays as it was written
}
