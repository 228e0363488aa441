import { GitFork, ListChecks, Sparkle } from 'lucide-react';
import { StanceMark } from '../design/stance-mark.js';
import { Instant } from '../design/time.js';
import { texts } from '../texts/texts.js';
import type { Cell } from './matrix.js';
import style from './cell-content.module.css';

const { board: words } = texts;

interface CellContentProps {
  readonly cell: Cell;
  /** It is another one than at the last visit. */
  readonly isChanged: boolean;
}

/** A position in a few square centimetres: where, since when, and what qualifies it. */
export function CellContent({ cell: { stance, since, conditions, voices }, isChanged }: CellContentProps) {
  return (
    <span className={style.content}>
      <span className={style.line}>
        <StanceMark stance={stance} />
        {isChanged && (
          <span className={style.changed} title={words.changed}>
            <Sparkle size={13} aria-hidden />
            <span className={style.spoken}>{words.changed}</span>
          </span>
        )}
      </span>
      <span className={style.line}>
        <span className={style.since}>
          <span className={style.spoken}>{words.since} </span>
          <Instant at={since} />
        </span>
        {conditions.length > 0 && (
          <span className={style.mark} title={conditions.join('\n')}>
            <ListChecks size={13} aria-hidden />
            <span className={style.spoken}>{words.conditions(conditions.length)}</span>
            <span aria-hidden>{conditions.length}</span>
          </span>
        )}
        {voices.length > 0 && (
          <span
            className={style.mark}
            title={voices.map((voice) => `${voice.speaker.name}: ${texts.stances[voice.stance]}`).join('\n')}
          >
            <GitFork size={13} aria-hidden />
            <span className={style.spoken}>{words.divided}</span>
          </span>
        )}
      </span>
    </span>
  );
}
