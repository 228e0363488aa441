import type { SaidInterval } from '../../../src/domain/said-at.js';
import type { Stance } from '../design/stance-mark.js';
import { saidOf, type Chapter, type Piece, type Story } from './story.js';

const DAY = 86_400_000;

/** From when until when the band is drawn, in milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Whether the moment that is shown lies beyond it: then nothing moved for long, and the band ends before. */
  readonly isCut: boolean;
}

/** The shown span of said-time: all that was said with some air, and the moment asked about where that is not far off. */
export function spanOf({ chapters, at }: Story, isAsked: boolean): Span {
  const said = chapters.flatMap(({ pieces }) => pieces.flatMap((piece) => ends(piece.interval)));
  const first = Math.min(...said, ...(isAsked ? [at] : []));
  const last = Math.max(...said, ...(isAsked ? [at] : []));
  const length = Math.max(last - first, 3 * DAY);
  const isNear = at >= first && at - last < length * 0.6;
  return {
    from: first - length * 0.1,
    to: Math.max(last + length * 0.16, isNear ? at + length * 0.08 : 0),
    isCut: !isNear && at > last,
  };
}

function ends({ earliest, latest }: SaidInterval): number[] {
  return [earliest, latest].flatMap((end) => end ?? []);
}

/** One mark on the band: a piece, or so many so near to each other that only their number can be read. */
export interface Mark {
  readonly stance: Stance;
  readonly at: number;
  readonly pieces: readonly Piece[];
  /** Pixels below (or above) the band's middle: what was said at the same time stands one upon the other. */
  readonly offset: number;
}

/** Pixels between two marks, at least. */
const APART = 11;
/** How many stand one upon the other before they become a number. */
const STACK = 3;

/** Where each piece is drawn, once it is known where an instant is. */
export function marksOf(chapters: readonly Chapter[], x: (instant: number) => number): Mark[] {
  return chapters.flatMap(({ stance, pieces }) => {
    const clusters: Piece[][] = [];
    for (const piece of pieces) {
      const last = clusters.at(-1);
      const first = last?.[0];
      if (last !== undefined && first !== undefined && x(saidOf(piece)) - x(saidOf(first)) < APART)
        last.push(piece);
      else clusters.push([piece]);
    }
    return clusters.flatMap((cluster): Mark[] => {
      const at = cluster[0] === undefined ? 0 : saidOf(cluster[0]);
      if (cluster.length > STACK) return [{ stance, at, pieces: cluster, offset: 0 }];
      return cluster.map((piece, index) => ({
        stance,
        at: saidOf(piece),
        pieces: [piece],
        offset: (index - (cluster.length - 1) / 2) * APART,
      }));
    });
  });
}

/** A date that is not known to the day, drawn from its first to its last day; open ends reach the edge. */
export interface Whisker {
  readonly stance: Stance;
  readonly from: number;
  readonly to: number;
  readonly piece: Piece;
}

export function whiskersOf(chapters: readonly Chapter[], span: Span): Whisker[] {
  return chapters.flatMap(({ stance, pieces }) =>
    pieces.flatMap((piece) => {
      const from = piece.interval.earliest ?? span.from;
      const to = piece.interval.latest ?? span.to;
      return to - from > DAY ? [{ stance, from, to, piece }] : [];
    }),
  );
}

/** The name of a shift where it happened. */
export interface Label {
  readonly stance: Stance;
  readonly at: number;
  readonly text: string;
  readonly anchor: 'start' | 'end';
}

/** Pixels that a letter of a label takes, about. */
const LETTER = 6.4;

/** Labels that do not run into each other in their row; the list and the table have them all. */
export function labelsOf(
  named: readonly { readonly stance: Stance; readonly at: number; readonly text: string }[],
  x: (instant: number) => number,
  width: number,
): Label[] {
  const taken = new Map<Stance, number>();
  return named.flatMap((each): Label[] => {
    const length = each.text.length * LETTER;
    const place = x(each.at);
    const anchor = place + length > width ? 'end' : 'start';
    const from = anchor === 'end' ? place - length : place;
    if (from < (taken.get(each.stance) ?? -Infinity)) return [];
    taken.set(each.stance, from + length + LETTER);
    return [{ ...each, anchor }];
  });
}
