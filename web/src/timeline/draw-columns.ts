import type { Ink } from './ink.js';
import { domainOf, LANE, type Scale } from './layout.js';
import type { Mark } from './marks.js';

/** Pixels of a column, where there are too many marks to be told apart. */
const BIN = 4;

interface Ground {
  readonly x: Scale;
  readonly width: number;
  readonly ink: Ink;
}

/**
 * How much was said in each few pixels, from the middle of the lane both ways; the tallest fills the lane. What is known to the day is dark; what is
 * not is a pale rim, spread over the time within which it was said.
 */
export function drawColumns(
  context: CanvasRenderingContext2D,
  marks: readonly Mark[],
  middle: number,
  { x, width, ink }: Ground,
): void {
  const { exact, spread } = columnsOf(marks, domainOf(x), width);
  const most = exact.reduce((one, each, bin) => Math.max(one, each + (spread[bin] ?? 0)), 1);
  const bar = (bin: number, height: number): void =>
    context.fillRect(bin * BIN, middle - height / 2, BIN - 1, height);
  context.fillStyle = ink.dim;
  exact.forEach((count, bin) => {
    const all = count + (spread[bin] ?? 0);
    if (all < 0.001) return; // what is left of adding and taking away
    const height = Math.max(2, (LANE - 22) * Math.sqrt(all / most));
    context.globalAlpha = 0.4;
    bar(bin, height);
    context.globalAlpha = 1;
    if (count > 0) bar(bin, Math.max(2, (height * count) / all));
  });
}

/** What counts in each column. Of a span that is open, what is not known counts where its known end is. */
function columnsOf(marks: readonly Mark[], [first, last]: readonly [number, number], width: number) {
  const bins = Math.ceil(width / BIN);
  const scale = width / BIN / (last - first);
  const exact = new Float64Array(bins + 1);
  const steps = new Float64Array(bins + 1);
  const inside = (bin: number): number => Math.max(0, Math.min(bins, bin));
  for (const { said, from, to, isImprecise } of marks) {
    const isOpen = from === -Infinity || to === Infinity;
    const begin = Math.floor(((isOpen ? said : from) - first) * scale);
    const end = isOpen ? begin : Math.floor((to - first) * scale);
    if (!isImprecise) {
      const bin = inside(Math.floor((begin + end) / 2));
      exact[bin] = (exact[bin] ?? 0) + 1;
      continue;
    }
    const share = 1 / (end - begin + 1);
    const [start, stop] = [inside(begin), inside(end + 1)];
    steps[start] = (steps[start] ?? 0) + share;
    steps[stop] = (steps[stop] ?? 0) - share;
  }
  let sum = 0;
  return { exact, spread: steps.map((step) => (sum += step)) };
}
