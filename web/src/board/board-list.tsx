import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { BoardViewProps } from './board-grid.js';
import style from './board-list.module.css';
import { CellContent } from './cell-content.js';
import { keyOf, referenceTo, type Board, type Cell, type Named } from './matrix.js';
import { Spark } from './spark.js';

type Line =
  | { readonly party: Named; readonly topic?: never }
  | { readonly party: Named; readonly topic: Named; readonly cell: Cell };

/** For narrow screens: each party with the topics on which it has a position. */
export function BoardList({ dossier, board, moments, changed }: BoardViewProps) {
  const lines = useMemo(() => linesOf(board), [board]);
  const place = useRef<HTMLDivElement>(null);
  const drawn = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (index) => (lines[index]?.topic === undefined ? 52 : 92),
    scrollMargin: place.current?.offsetTop ?? 0,
    overscan: 8,
  });
  return (
    <div ref={place} className={style.list} style={{ blockSize: drawn.getTotalSize() }} role="list">
      {drawn.getVirtualItems().map(({ index, start }) => {
        const line = lines[index];
        if (line === undefined) return null;
        return (
          <div
            key={line.party.id + (line.topic?.id ?? '')}
            ref={drawn.measureElement}
            role="listitem"
            data-index={index}
            className={style.line}
            style={{ transform: `translateY(${start - drawn.options.scrollMargin}px)` }}
          >
            {line.topic === undefined ? (
              <h2 className={style.party} dir="auto">
                {line.party.name}
              </h2>
            ) : (
              <Link
                to="/d/$dossier/positions/$party/$topic"
                params={{ dossier, party: referenceTo(line.party), topic: referenceTo(line.topic) }}
                search={moments}
                className={style.link}
              >
                <span dir="auto">{line.topic.name}</span>
                <CellContent cell={line.cell} isChanged={changed.has(keyOf(line.party, line.topic))} />
                <Spark cell={line.cell} from={board.from} to={board.to} />
              </Link>
            )}
          </div>
        );
      })}
    </div>
  );
}

function linesOf({ parties, topics, cells }: Board): Line[] {
  return parties.flatMap((party) => {
    const own = topics.flatMap((topic): Line[] => {
      const cell = cells.get(keyOf(party, topic));
      return cell === undefined ? [] : [{ party, topic, cell }];
    });
    return own.length === 0 ? [] : [{ party }, ...own];
  });
}
