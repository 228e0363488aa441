import type { Attribution } from './statement.js';

/** Why an auditor looks at a position first: all that it rests on is one statement, or reported speech, or has no source that could be read. */
export const WEAKNESSES = ['one-statement', 'reported-only', 'source-gone'] as const;

export type Weakness = (typeof WEAKNESSES)[number];

/** What sets or reaffirms a position. An assessment is the recorder's own: nobody reported it, and it has no source to lose. */
export type Ground =
  | { readonly kind: 'statement'; readonly attribution: Attribution; readonly sourced: boolean }
  | { readonly kind: 'assessment' };

/** As much of a source as says whether anybody can still read it. */
export interface Readable {
  readonly url: string | null;
  readonly text: object | null;
  readonly redacted?: object | null;
}

export function isReadable({ url, text, redacted }: Readable): boolean {
  return !redacted && (url !== null || text !== null);
}

/** The weaknesses of a position that rests on these. An assessment counts like a statement (product.md, positions.md). */
export function weaknessesOf(grounds: readonly Ground[]): Weakness[] {
  const holds: Record<Weakness, boolean> = {
    'one-statement': grounds.length === 1,
    'reported-only': grounds.every((each) => each.kind === 'statement' && each.attribution === 'reported'),
    'source-gone': grounds.every((each) => each.kind === 'statement' && !each.sourced),
  };
  return grounds.length === 0 ? [] : WEAKNESSES.filter((each) => holds[each]);
}
