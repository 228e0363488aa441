import { similarPlace } from './similar-place.js';

/** The place in a source: W3C Web Annotation TextQuoteSelector. */
export interface Passage {
  readonly exact: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** Where a passage stands in its source's text: offsets in Unicode code points, `end` exclusive; score 1 is letter for letter. */
export type Anchor =
  | {
      readonly status: 'exact' | 'approximate';
      readonly start: number;
      readonly end: number;
      readonly score: number;
    }
  | { readonly status: 'not-found'; readonly start: null; readonly end: null; readonly score: 0 };

const NOT_FOUND: Anchor = { status: 'not-found', start: null, end: null, score: 0 };

/** Letters of surroundings that are compared at most, where a quote stands in a text again and again. */
const MOST_COMPARED = 2 ** 24;

/** Finds the passage in the text: exactly where its surroundings fit best, else the most similar place. */
export function anchor(passage: Passage, text: string): Anchor {
  return exactly(passage, text) ?? approximately(passage, text) ?? NOT_FOUND;
}

function exactly({ exact, prefix, suffix }: Passage, text: string): Anchor | null {
  const whole = prefix.length + suffix.length;
  let best: { at: number; fit: number } | null = null;
  let compared = 0;
  for (
    let at = text.indexOf(exact);
    at !== -1 && compared < MOST_COMPARED;
    at = text.indexOf(exact, at + 1)
  ) {
    const fit = sharedEnd(text, at, prefix) + sharedStart(text, at + exact.length, suffix);
    if (best === null || fit > best.fit) best = { at, fit };
    if (fit === whole) break;
    compared += fit + 1;
  }
  return best && { status: 'exact', ...codePoints(text, best.at, best.at + exact.length), score: 1 };
}

function approximately({ exact }: Passage, text: string): Anchor | null {
  const place = similarPlace(exact, text);
  if (place === null) return null;
  const score = Math.round((1 - place.errors / exact.length) * 1000) / 1000;
  return { status: 'approximate', ...codePoints(text, place.start, place.end), score };
}

function sharedEnd(text: string, before: number, prefix: string): number {
  let shared = 0;
  while (shared < prefix.length && text[before - 1 - shared] === prefix[prefix.length - 1 - shared]) shared++;
  return shared;
}

function sharedStart(text: string, from: number, suffix: string): number {
  let shared = 0;
  while (shared < suffix.length && text[from + shared] === suffix[shared]) shared++;
  return shared;
}

function codePoints(text: string, start: number, end: number): { start: number; end: number } {
  const from = splitsCharacter(text, start) ? start - 1 : start;
  const first = countCodePoints(text.slice(0, from));
  return { start: first, end: first + countCodePoints(text.slice(from, end)) }; // half a character at the end counts as one
}

/** Whether a place is between the two halves of a surrogate pair, as approximate search, which knows only UTF-16, may find it. */
function splitsCharacter(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

export function countCodePoints(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}
