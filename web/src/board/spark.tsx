import { STANCES } from '../design/stance-mark.js';
import type { Cell } from './matrix.js';
import style from './spark.module.css';

interface SparkProps {
  readonly cell: Cell;
  readonly from: number;
  readonly to: number;
}

/** Pixels of the shortest step. */
const SHORTEST = 3;

/**
 * The latest positions in little: a step for each, as high as its level, over the time of the whole board. It only repeats what the page of the
 * position says in words, so it is not read out. One element, whatever happened: a board that is scrolled makes hundreds of them.
 */
export function Spark({ cell: { recent }, from, to }: SparkProps) {
  return <span className={style.spark} style={{ backgroundImage: steps(recent, from, to) }} aria-hidden />;
}

const RULE = 'linear-gradient(var(--rule), var(--rule))';

/** A gradient for each level, from the lowest to the highest, as spark.module.css places them: its colour where it held, and nothing elsewhere. */
function steps(recent: Cell['recent'], from: number, to: number): string {
  const share = (instant: number): number => (100 * (instant - from)) / Math.max(1, to - from);
  const spans = recent.map(({ from: since, level }, index) => ({
    level,
    begin: share(Date.parse(since)),
    end: share(Date.parse(recent[index + 1]?.from ?? '') || to),
  }));
  const rows = STANCES.map((stance, index) => {
    const own = spans.filter(({ level }) => level + 2 === index);
    if (own.length === 0) return 'none';
    const stops = own.map(({ begin, end }) => {
      const last = `max(${begin}% + ${SHORTEST}px, ${end}%)`;
      return `transparent ${begin}%, var(--stance-${stance}) ${begin}% ${last}, transparent ${last}`;
    });
    return `linear-gradient(90deg, ${stops.join(', ')})`;
  });
  return [...rows, RULE].join(', ');
}
