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
      <li>{words.linesAreReplies}</li>
    </ul>
  );
}
