import { bisector } from 'd3-array';
import type { ScaleTime } from 'd3-scale';
import { AXIS, LANE } from './draw.js';
import type { Lane, Mark } from './marks.js';

type Scale = ScaleTime<number, number>;

/** Pixels around a mark that count as it. */
const REACH = 14;
const { center } = bisector(({ said }: Mark) => said);

/** The mark at a place of the canvas, if there is one. */
export function nearest(lanes: readonly Lane[], x: Scale, left: number, top: number): Mark | null {
  const lane = lanes[Math.floor((top - AXIS) / LANE)];
  const mark = lane && closest(lane, x.invert(left).getTime());
  return mark && Math.abs(x(mark.said) - left) <= REACH ? mark : null;
}

function closest({ marks }: Lane, said: number): Mark | null {
  return marks[center(marks, said)] ?? null;
}

/**
 * Where an arrow key leads from the chosen mark: to the one before or after it in its lane, or to the one nearest in time in the next lane that has
 * any. Undefined: the key means nothing here.
 */
export function step(
  lanes: readonly Lane[],
  chosen: Mark | null,
  x: Scale,
  key: string,
): Mark | null | undefined {
  const ways: Readonly<Record<string, readonly [number, number]>> = {
    ArrowRight: [0, 1],
    ArrowLeft: [0, -1],
    ArrowDown: [1, 0],
    ArrowUp: [-1, 0],
  };
  const way = ways[key];
  if (way === undefined) return undefined;
  const at = lanes.findIndex(({ marks }) => chosen !== null && marks.includes(chosen));
  const lane = lanes[at];
  if (chosen === null || lane === undefined) {
    const first = lanes[0];
    return first === undefined ? null : closest(first, x.domain()[0]?.getTime() ?? 0);
  }
  const [down, along] = way;
  if (along !== 0) return lane.marks[lane.marks.indexOf(chosen) + along] ?? chosen;
  const other = lanes[at + down];
  return other === undefined ? chosen : closest(other, chosen.said);
}
