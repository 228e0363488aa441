import search, { type Match } from 'approx-string-match';
import { distance } from 'fastest-levenshtein';

/** Up to a quarter of a quote may differ (typographic quotes, hyphenation, a slip) and it is still taken for the same. */
const TOLERATED_ERRORS = 0.25;

/**
 * What the search may cost where a text matches everywhere, as one made to take long does: for each place that matches it costs about as
 * much as 13,000 comparisons of machine words, and then some for finding where the place begins. This many take a second or two.
 */
const COST_OF_A_MATCH = 13_000;
const MOST_COST = 2 ** 29;

/** Longer quotes are searched for by their two ends, each as long as the words of two machines. */
const LONG = 256;
const END = 64;

/** UTF-16 units of a text that are searched at a time, and places that are looked at before the best of them is taken. */
const PIECE = 8_192;
const ENOUGH = 500;

/** UTF-16 offsets, `end` exclusive, and how many letters would have to be changed (Levenshtein). */
export type Place = Match;

/** The place in a text that is most like a quote; null where none is like it. */
export function similarPlace(quote: string, text: string): Place | null {
  const most = Math.floor(quote.length * TOLERATED_ERRORS);
  if (worst(quote, text) <= MOST_COST) return best(search(text, quote, most), quote, text);
  if (quote.length <= LONG) return best(searchPieces(text, quote, most), quote, text);
  const place = betweenEnds(quote, text);
  return place !== null && place.errors <= most ? place : null;
}

function worst(quote: string, text: string): number {
  return text.length * (COST_OF_A_MATCH + ((1 + TOLERATED_ERRORS) * quote.length ** 2) / 32);
}

/** Of places with as few errors the one that is as long as the quote: leaving out a closing quotation mark costs no more than taking it for another. */
function best(places: readonly Place[], quote: string, text: string): Place | null {
  const [place] = places.toSorted((one, other) => off(one, quote) - off(other, quote));
  return place === undefined ? null : begun(place, quote, text);
}

/**
 * Where letters repeat, approx-string-match tells some places as beginning too early: with as few errors as it says only from a later letter
 * on, which is where they begin.
 */
function begun(place: Place, quote: string, text: string): Place {
  for (let { start } = place; start < place.end; start++)
    if (distance(quote, text.slice(start, place.end)) === place.errors) return { ...place, start };
  return place;
}

/** The places with the fewest errors, piece by piece, until there are enough: that many make no difference to anybody. */
function searchPieces(text: string, quote: string, most: number): Place[] {
  let found: Place[] = [];
  const overlap = quote.length + most;
  for (let at = 0; at < text.length && found.length < ENOUGH; at += PIECE) {
    const fewest = found[0]?.errors ?? most;
    const places = search(text.slice(at, at + PIECE + overlap), quote, fewest);
    const here = places.map(({ start, end, errors }) => ({ start: start + at, end: end + at, errors }));
    found = (here[0]?.errors ?? Infinity) < fewest ? here : [...found, ...here];
  }
  return found;
}

/** From a place like the quote's beginning to one like its end that make it most nearly as long. */
function betweenEnds(quote: string, text: string): Place | null {
  const most = Math.floor(END * TOLERATED_ERRORS);
  const starts = searchPieces(text, quote.slice(0, END), most).slice(0, ENOUGH);
  const ends = searchPieces(text, quote.slice(-END), most).slice(0, ENOUGH);
  const [place] = starts
    .flatMap(({ start }) => ends.map(({ end }) => ({ start, end })))
    .toSorted((one, other) => off(one, quote) - off(other, quote));
  if (place === undefined || off(place, quote) > quote.length * TOLERATED_ERRORS) return null;
  return { ...place, errors: distance(quote, text.slice(place.start, place.end)) };
}

function off({ start, end }: { start: number; end: number }, quote: string): number {
  return Math.abs(end - start - quote.length);
}
