import { useMemo } from 'react';
import { texts } from '../texts/texts.js';
import { runsOf } from './passages.js';
import type { Stretch } from './selecting.js';
import style from './source-text.module.css';

/** A statement's passage in a text. */
export interface TextMark extends Stretch {
  readonly id: string;
  /** What stands recorded there, in a few words. */
  readonly title: string;
}

interface MarkedTextProps {
  readonly text: string;
  readonly marks: readonly TextMark[];
  readonly selected?: Stretch | null;
  /** The statement whose passage is shown among others. */
  readonly current?: string;
}

interface Shown extends Stretch {
  readonly mark: TextMark | null;
}

/** A text with its passages marked. What it holds as text is the text itself and nothing else. */
export function MarkedText({ text, marks, selected = null, current }: MarkedTextProps) {
  const runs = useMemo(() => {
    const shown: Shown[] = marks.map((mark) => ({ start: mark.start, end: mark.end, mark }));
    return runsOf(text.length, selected === null ? shown : [...shown, { ...selected, mark: null }]);
  }, [text, marks, selected]);
  return runs.map(({ start, end, marks: covering }) => {
    const words = text.slice(start, end);
    if (covering.length === 0)
      return (
        <span key={start}>
          <Lines of={words} />
        </span>
      );
    const recorded = covering.flatMap(({ mark }) => mark ?? []);
    const isSelected = covering.some(({ mark }) => mark === null);
    const isCurrent = recorded.some(({ id }) => id === current);
    return (
      <mark
        key={start}
        className={style.mark}
        data-recorded={recorded.length > 0 || undefined}
        data-selected={isSelected || undefined}
        data-current={isCurrent || undefined}
        title={recorded.map(({ title }) => title).join('\n') || undefined}
        aria-description={recorded.length > 0 ? texts.record.text.recordedHere : undefined}
      >
        <Lines of={words} />
      </mark>
    );
  });
}

/** Words with room between their paragraphs. A line's end stays what it is in the text. */
function Lines({ of: words }: { readonly of: string }) {
  return words.split(/(\n+)/u).map((part, index) =>
    part.startsWith('\n') ? (
      <span key={index} className={style.break}>
        {part}
      </span>
    ) : (
      part
    ),
  );
}
