import { STANCES } from '../design/stance-mark.js';
import type { Cell } from './matrix.js';
import style from './spark.module.css';

interface SparkProps {
  readonly cell: Cell;
  readonly from: number;
  readonly to: number;
}

/**
 * The latest positions in little: a step for each, as high as its level, over the time of the whole board. It only repeats what the page of the
 * position says in words, so it is not read out.
 */
export function Spark({ cell: { recent }, from, to }: SparkProps) {
  const span = Math.max(1, to - from);
  const share = (instant: number): number => (100 * (instant - from)) / span;
  return (
    <span className={style.spark} aria-hidden>
      {recent.map(({ from: since, level }, index) => {
        const begin = share(Date.parse(since));
        const end = share(Date.parse(recent[index + 1]?.from ?? '') || to);
        return (
          <i
            key={since}
            className={style.step}
            data-stance={STANCES[level + 2]}
            style={{ insetInlineStart: `${begin}%`, inlineSize: `max(3px, ${end - begin}%)` }}
          />
        );
      })}
    </span>
  );
}
