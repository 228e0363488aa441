import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { SaidAt } from '../design/time.js';
import { texts } from '../texts/texts.js';
import { Shape } from './legend.js';
import { familyOf, type Mark } from './marks.js';
import style from './timeline.module.css';

const { timeline: words } = texts;
/** Pixels. */
const ROW = 58;

interface MarkListProps {
  readonly marks: readonly Mark[];
  readonly chosen: Mark | null;
  readonly onChoose: (mark: Mark) => void;
}

/** What is in view, as a list: what the lanes show, for everybody. Only the rows that can be seen are in the page. */
export function MarkList({ marks, chosen, onChoose }: MarkListProps) {
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: marks.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  useEffect(() => {
    const index = chosen === null ? -1 : marks.indexOf(chosen);
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' });
    // what is chosen is brought into view once, not whenever the list changes
  }, [chosen]);
  return (
    <div ref={frame} className={style.frame} tabIndex={0} role="region" aria-label={words.list}>
      <ol className={style.list} style={{ blockSize: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const mark = marks[index];
          return (
            mark && (
              <li
                key={mark.id}
                className={style.row}
                style={{ transform: `translateY(${start}px)`, blockSize: ROW }}
                aria-setsize={marks.length}
                aria-posinset={index + 1}
              >
                <button
                  type="button"
                  className={style.choose}
                  aria-pressed={mark.id === chosen?.id}
                  onClick={() => onChoose(mark)}
                >
                  <span className={style.first}>
                    <Shape family={familyOf(mark.act)} />
                    <b>{texts.acts[mark.act]}</b>
                    <span className={style.when}>
                      <SaidAt edtf={mark.saidAt} />
                    </span>
                  </span>
                  <span className={style.second}>
                    <bdi>{mark.speaker?.name ?? mark.party?.name}</bdi>
                    {mark.speaker && mark.party && (
                      <>
                        {' · '}
                        <bdi>{mark.party.name}</bdi>
                      </>
                    )}
                    {mark.topic && (
                      <>
                        {' · '}
                        <bdi>{mark.topic.name}</bdi>
                      </>
                    )}
                  </span>
                </button>
              </li>
            )
          );
        })}
      </ol>
    </div>
  );
}
