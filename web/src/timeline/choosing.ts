import { bisector } from 'd3-array';
import type { Lane, Mark } from './marks.js';

const { center } = bisector(({ said }: Mark) => said);

function closest({ marks }: Lane, said: number): Mark | null {
  return marks[center(marks, said)] ?? null;
}

/**
 * Where an arrow key leads from the chosen mark: to the one before or after it in its lane, or to the one nearest in time in the next lane that has
 * any; from none to the first in view. Undefined: the key means nothing here.
 */
export function step(
  lanes: readonly Lane[],
  chosen: Mark | null,
  first: number,
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
  if (chosen === null || lane === undefined) return lanes[0] === undefined ? null : closest(lanes[0], first);
  const [down, along] = way;
  if (along !== 0) return lane.marks[lane.marks.indexOf(chosen) + along] ?? chosen;
  const other = lanes[at + down];
  return other === undefined ? chosen : closest(other, chosen.said);
}
