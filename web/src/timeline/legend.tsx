import { symbol } from 'd3-shape';
import { texts } from '../texts/texts.js';
import { SHAPES } from './draw.js';
import { FAMILIES, type Family } from './marks.js';
import style from './timeline.module.css';

const { timeline: words } = texts;

/** The shape of a family of acts, as on the lanes. */
export function Shape({ family }: { readonly family: Family }) {
  return (
    <svg className={style.shape} width={14} height={14} viewBox="-7 -7 14 14" aria-hidden>
      <path d={symbol(SHAPES[family], 52)() ?? ''} fill="currentColor" />
    </svg>
  );
}

export function Legend() {
  return (
    <ul className={style.legend} aria-label={words.legend}>
      {FAMILIES.map((family) => (
        <li key={family}>
          <Shape family={family} />
          {words.families[family]}
        </li>
      ))}
      <li>
        <svg className={style.shape} width={30} height={14} viewBox="-15 -7 30 14" aria-hidden>
          <rect x={-15} y={-3.5} width={30} height={7} rx={3.5} fill="currentColor" opacity={0.38} />
          <path
            d={symbol(SHAPES.accepts, 40)() ?? ''}
            fill="var(--page)"
            stroke="currentColor"
            strokeWidth={1.5}
          />
        </svg>
        {words.imprecise}
      </li>
      <li>{words.linesAreReplies}</li>
    </ul>
  );
}
