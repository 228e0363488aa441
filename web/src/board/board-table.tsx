import { texts } from '../texts/texts.js';
import type { BoardViewProps } from './board-grid.js';
import style from './board-table.module.css';
import { CellContent } from './cell-content.js';
import { keyOf } from './matrix.js';

/** The whole board for paper, where nothing can be scrolled to. */
export function BoardTable({ board: { parties, topics, cells }, changed }: BoardViewProps) {
  return (
    <table className={style.table}>
      <thead>
        <tr>
          <th scope="col">{texts.board.corner}</th>
          {parties.map((party) => (
            <th key={party.id} scope="col" dir="auto">
              {party.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {topics.map((topic) => (
          <tr key={topic.id}>
            <th scope="row" dir="auto">
              {topic.name}
            </th>
            {parties.map((party) => {
              const cell = cells.get(keyOf(party, topic));
              return (
                <td key={party.id}>
                  {cell && <CellContent cell={cell} isChanged={changed.has(keyOf(party, topic))} />}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
