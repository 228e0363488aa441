import { downloadCsv } from '../design/download.js';
import { texts } from '../texts/texts.js';
import { keyOf, type Board } from './matrix.js';

const { columns } = texts.board;

/** What is seen of a board as CSV, a position on each line. */
export function downloadBoard(dossier: string, board: Board): void {
  const { parties, topics, cells, known, at } = board;
  const lines = parties.flatMap((party) =>
    topics.flatMap((topic) => {
      const cell = cells.get(keyOf(party, topic));
      if (cell === undefined) return [];
      const voices = cell.voices.map(({ speaker, stance }) => `${speaker.name}: ${stance}`);
      return [
        [
          party.name,
          topic.name,
          cell.stance,
          cell.conditions.join('; '),
          cell.since,
          String(cell.statements),
          voices.join('; '),
        ],
      ];
    }),
  );
  const head = [
    columns.party,
    columns.topic,
    columns.stance,
    columns.conditions,
    columns.since,
    columns.statements,
    columns.voices,
  ];
  downloadCsv(`${dossier}-${at.slice(0, 10)}-event-${known.sequence}`, [head, ...lines]);
}
