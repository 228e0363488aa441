import { texts } from '../texts/texts.js';
import { keyOf, type Board } from './matrix.js';

const { columns } = texts.board;

/** What is seen of a board as rows, a position in each, the first of them the columns' names. */
export function linesOf({ parties, topics, cells }: Board): string[][] {
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
  return [head, ...lines];
}
