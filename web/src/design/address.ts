/** What stands after the `?` of an address, before anybody has looked at it. */
export type Given = Readonly<Record<string, unknown>>;

const DATE = '\\d{4}-\\d{2}-\\d{2}';
const INSTANT = new RegExp(`^${DATE}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2}))?$`);
const SEQUENCE = /^\d{1,15}$/;

/** A text of an address; the router takes what looks like a number for one. Nothing where it is empty or given twice. */
export function readText(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
}

/** One of some words, or nothing. */
export function readChoice<Choice extends string>(
  value: unknown,
  choices: readonly Choice[],
): Choice | undefined {
  return choices.find((choice) => choice === value);
}

/** Which moments of the two clocks a page shows. Left out: now, and all that is known. */
export interface Moments {
  /** An instant of said-time, or a date, as the API takes it. */
  readonly at?: string | undefined;
  /** A sequence, an instant of recorded-time, or a date. */
  readonly known?: string | undefined;
}

/** The moments of both clocks that an address names; what is no such moment is passed over. */
export function readMoments({ at, known }: Given): Moments {
  return { at: matching(at, INSTANT), known: matching(known, SEQUENCE) ?? matching(known, INSTANT) };
}

/** An instant, or a date, of an address. */
export function readInstant(value: unknown): string | undefined {
  return matching(value, INSTANT);
}

export function isSequence(known: string): boolean {
  return SEQUENCE.test(known);
}

function matching(value: unknown, form: RegExp): string | undefined {
  const text = readText(value);
  return text !== undefined && form.test(text) ? text : undefined;
}
