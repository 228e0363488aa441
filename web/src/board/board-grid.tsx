import { useElementSize, useMergedRef } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Moments } from '../design/address.js';
import { texts } from '../texts/texts.js';
import style from './board-grid.module.css';
import { CellContent } from './cell-content.js';
import { moved, type Place } from './grid-keys.js';
import { keyOf, referenceTo, type Board, type Cell } from './matrix.js';
import { Spark } from './spark.js';

const { board: words } = texts;

const ROW = 78;
/** Columns share the width where they all fit at the least of these, and are scrolled at the other where they do not. */
const COLUMN = { least: 132, scrolled: 168 };
/** What a scrollbar may take. */
const BAR = 16;
const HEAD = 64;
const FIRST = 176;

export interface BoardViewProps {
  readonly dossier: string;
  readonly board: Board;
  /** The moments of both clocks, which go along to the page of a position. */
  readonly moments: Moments;
  /** Pairs (`keyOf`) that stand otherwise than at the last visit. */
  readonly changed: ReadonlySet<string>;
}

type Axis = Virtualizer<HTMLDivElement, Element>;

/**
 * Parties down, topics across. What can be seen is drawn and a little around it, so that ten thousand cells cost what a hundred do. A grid for
 * the keyboard (WAI-ARIA): one stop for the tabulator, arrows within, Enter leads to the position.
 */
export function BoardGrid({ dossier, board, moments, changed }: BoardViewProps) {
  const { parties, topics } = board;
  const frame = useRef<HTMLDivElement>(null);
  const { ref: sizeOf, width } = useElementSize<HTMLDivElement>();
  const both = useMergedRef(frame, sizeOf);
  const share = Math.floor((width - FIRST) / topics.length);
  const wide = share >= COLUMN.least ? share : COLUMN.scrolled;
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const rows: Axis = useVirtualizer({
    count: parties.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    scrollPaddingStart: HEAD,
    scrollMargin: HEAD,
    overscan: 2,
  });
  const columns: Axis = useVirtualizer({
    horizontal: true,
    isRtl: document.documentElement.dir === 'rtl',
    count: topics.length,
    getScrollElement: () => frame.current,
    estimateSize: () => wide,
    scrollPaddingStart: FIRST,
    scrollMargin: FIRST,
    overscan: 1,
  });
  useEffect(() => columns.measure(), [columns, wide]);
  const place = {
    row: Math.min(active.row, parties.length - 1),
    column: Math.min(active.column, topics.length - 1),
  };

  const go = (event: KeyboardEvent): void => {
    const next = moved(event, place, { rows: parties.length, columns: topics.length });
    if (next === null) return;
    event.preventDefault();
    setActive(next);
    rows.scrollToIndex(next.row);
    columns.scrollToIndex(next.column);
    focusWhenDrawn(frame.current, next);
  };

  return (
    <div
      ref={both}
      className={style.frame}
      style={{ blockSize: rows.getTotalSize() + HEAD + (share >= COLUMN.least ? 2 : BAR) }}
      role="grid"
      aria-label={words.grid}
      aria-rowcount={parties.length + 1}
      aria-colcount={topics.length + 1}
      onKeyDown={go}
    >
      <div
        className={style.sheet}
        style={{ blockSize: rows.getTotalSize() + HEAD, inlineSize: columns.getTotalSize() + FIRST }}
      >
        <div role="row" aria-rowindex={1} className={style.heads} style={{ blockSize: HEAD }}>
          <span role="columnheader" aria-colindex={1} className={style.corner} style={{ inlineSize: FIRST }}>
            {words.corner}
          </span>
          {columns.getVirtualItems().map(({ index, start, size }) => {
            const topic = topics[index];
            return (
              topic && (
                <span
                  key={topic.id}
                  role="columnheader"
                  aria-colindex={index + 2}
                  className={style.topic}
                  style={{ insetInlineStart: start, inlineSize: size }}
                  title={topic.name}
                >
                  <span className={style.topicName} dir="auto">
                    {topic.name}
                  </span>
                </span>
              )
            );
          })}
        </div>
        {rows.getVirtualItems().map(({ index, start, size }) => {
          const party = parties[index];
          return (
            party && (
              <div
                key={party.id}
                role="row"
                aria-rowindex={index + 2}
                className={style.row}
                style={{ transform: `translateY(${start}px)`, blockSize: size }}
              >
                <span
                  role="rowheader"
                  aria-colindex={1}
                  className={style.party}
                  style={{ inlineSize: FIRST }}
                  dir="auto"
                >
                  {party.name}
                </span>
                {columns.getVirtualItems().map((column) => {
                  const topic = topics[column.index];
                  return (
                    topic && (
                      <GridCell
                        key={topic.id}
                        dossier={dossier}
                        moments={moments}
                        party={referenceTo(party)}
                        topic={referenceTo(topic)}
                        cell={board.cells.get(keyOf(party, topic))}
                        isChanged={changed.has(keyOf(party, topic))}
                        from={board.from}
                        to={board.to}
                        row={index}
                        column={column.index}
                        isActive={index === place.row && column.index === place.column}
                        start={column.start}
                        size={column.size}
                        onActive={setActive}
                      />
                    )
                  );
                })}
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

interface GridCellProps extends Pick<BoardViewProps, 'dossier' | 'moments'>, Place {
  /** As an address names them. */
  readonly party: string;
  readonly topic: string;
  readonly cell: Cell | undefined;
  readonly isChanged: boolean;
  /** Between which instants (ms) its history in little is drawn. */
  readonly from: number;
  readonly to: number;
  readonly isActive: boolean;
  /** Pixels. */
  readonly start: number;
  readonly size: number;
  readonly onActive: (place: Place) => void;
}

/** Drawn once, and again only when it says something else: scrolling draws the cells that come into view. */
const GridCell = memo(function GridCell({
  dossier,
  moments,
  party,
  topic,
  cell,
  isChanged,
  from,
  to,
  row,
  column,
  isActive,
  start,
  size,
  onActive,
}: GridCellProps) {
  const stop = {
    tabIndex: isActive ? 0 : -1,
    'data-row': row,
    'data-column': column,
    onFocus: () => onActive({ row, column }),
  };
  return (
    <div
      role="gridcell"
      aria-colindex={column + 2}
      className={style.cell}
      style={{ insetInlineStart: start, inlineSize: size }}
      {...(cell === undefined && stop)}
    >
      {cell === undefined ? (
        <span className={style.none}>
          <span aria-hidden>·</span>
          <span className={style.spoken}>{texts.stances.none}</span>
        </span>
      ) : (
        <Link
          to="/d/$dossier/positions/$party/$topic"
          params={{ dossier, party, topic }}
          search={moments}
          className={style.link}
          preload={false}
          {...stop}
        >
          <CellContent cell={cell} isChanged={isChanged} />
          <Spark cell={cell} from={from} to={to} />
        </Link>
      )}
    </div>
  );
});

/** A cell far away is drawn only once it has been scrolled to. */
function focusWhenDrawn(frame: HTMLElement | null, { row, column }: Place, tries = 10): void {
  requestAnimationFrame(() => {
    const cell = frame?.querySelector<HTMLElement>(`[data-row="${row}"][data-column="${column}"]`);
    if (cell) cell.focus({ preventScroll: true });
    else if (tries > 0) focusWhenDrawn(frame, { row, column }, tries - 1);
  });
}
