import type { ScaleTime } from 'd3-scale';
import { within, type Lane, type Mark } from './marks.js';

export type Scale = ScaleTime<number, number>;

/** Pixels: of a lane, and above the lanes, where the axis is. */
export const LANE = 56;
export const AXIS = 28;

/** Pixels from the middle of a lane: marks at the same time stand one below the other. */
const LEVELS = [0, 11, -11] as const;
/** Pixels within which two marks are at the same time. */
const TOGETHER = 6;
/** Marks of a lane for each pixel of its width, from which on it is drawn as columns. */
const DENSE = 0.2;
/** Pixels around a mark that count as it, and above and below its span. */
const REACH = 14;
const SPAN_REACH = 7;

/** Where a mark is drawn. */
export interface Placed {
  readonly mark: Mark;
  readonly x: number;
  readonly y: number;
  /** The time within which it was said, as far as the lane goes. */
  readonly span: readonly [number, number];
}

/** What of a lane is in view. */
export interface LaneInView {
  readonly middle: number;
  readonly marks: readonly Mark[];
  /** Null: too many to be told apart. */
  readonly placed: readonly Placed[] | null;
}

export const middleOf = (lane: number): number => AXIS + lane * LANE + LANE / 2 + 5; // below the party's name

export function layOut(lanes: readonly Lane[], x: Scale, width: number): LaneInView[] {
  const domain = domainOf(x);
  return lanes.map((lane, index) => {
    const marks = within(lane.marks, domain);
    const middle = middleOf(index);
    return { middle, marks, placed: marks.length > width * DENSE ? null : apart(marks, middle, x, width) };
  });
}

function apart(marks: readonly Mark[], middle: number, x: Scale, width: number): Placed[] {
  let before = -Infinity;
  let level = 0;
  return marks
    .map((mark) => place(mark, middle, x, width))
    .toSorted((one, other) => one.x - other.x)
    .map((placed) => {
      level = placed.x - before < TOGETHER ? (level + 1) % LEVELS.length : 0;
      before = placed.x;
      return { ...placed, y: middle + (LEVELS[level] ?? 0) };
    });
}

/** In the middle of what can be seen of its span; at the end that is known where the other is open. */
export function place(mark: Mark, y: number, x: Scale, width: number): Placed {
  const start = Math.max(0, mark.from === -Infinity ? 0 : x(mark.from));
  const end = Math.min(width, mark.to === Infinity ? width : x(mark.to));
  const isOpen = mark.from === -Infinity || mark.to === Infinity;
  return { mark, x: isOpen ? x(mark.said) : (start + end) / 2, y, span: [start, end] };
}

/** What is at a place of the canvas: a mark, and how many others cannot be told from it there. */
export interface Found {
  readonly placed: Placed;
  readonly others: number;
}

export function find(
  lanes: readonly LaneInView[],
  x: Scale,
  width: number,
  left: number,
  top: number,
): Found | null {
  const lane = lanes[Math.floor((top - AXIS) / LANE)];
  if (lane === undefined) return null;
  if (lane.placed !== null) {
    const placed = nearest(lane.placed, left, top) ?? narrowest(lane.placed, left, top);
    return placed && { placed, others: 0 };
  }
  const here = lane.marks.map((mark) => place(mark, lane.middle, x, width)).filter(near(left));
  const placed = nearest(here, left, lane.middle);
  return placed && { placed, others: here.length - 1 };
}

const near =
  (left: number) =>
  (each: Placed): boolean =>
    Math.abs(each.x - left) <= REACH / 2;

function nearest(placed: readonly Placed[], left: number, top: number): Placed | null {
  const distance = ({ x, y }: Placed): number => Math.hypot(x - left, y - top);
  return least(
    placed.filter((each) => distance(each) <= REACH),
    distance,
  );
}

function narrowest(placed: readonly Placed[], left: number, top: number): Placed | null {
  return least(
    placed.filter(({ y, span: [from, to] }) => Math.abs(y - top) <= SPAN_REACH && from <= left && left <= to),
    ({ span: [from, to] }) => to - from,
  );
}

function least(placed: readonly Placed[], by: (each: Placed) => number): Placed | null {
  return placed.reduce<Placed | null>(
    (best, each) => (best === null || by(each) < by(best) ? each : best),
    null,
  );
}

export function domainOf(x: Scale): readonly [number, number] {
  const [first, last] = x.domain();
  return [first?.getTime() ?? 0, last?.getTime() ?? 0];
}
