import type * as Plots from '@observablehq/plot';
import { instantInWords } from '../design/dates.js';
import { bare } from '../design/plot-picture.js';
import { texts } from '../texts/texts.js';
import { keyOf, type Board, type Cell } from './matrix.js';

const { board: words } = texts;

/** Pixels. */
const COLUMN = 132;
const ROW = 52;
const NAMES = 170;
const HEADINGS = 64;
const FOOT = 32;

/** What is seen of a board as one picture: every row and column, however many the page shows at a time. */
export async function drawBoard(board: Board): Promise<SVGSVGElement> {
  return boardPicture(await import('@observablehq/plot'), board);
}

function boardPicture(plot: typeof Plots, { parties, topics, cells, at, known }: Board): SVGSVGElement {
  const names = new Map([...parties, ...topics].map((each) => [each.id, each.name]));
  const standing = parties.flatMap((party) =>
    topics.flatMap((topic) => {
      const cell = cells.get(keyOf(party, topic));
      return cell === undefined ? [] : [{ ...cell, x: topic.id, y: party.id }];
    }),
  );
  return bare(
    plot.plot({
      width: NAMES + COLUMN * topics.length,
      height: HEADINGS + ROW * parties.length + FOOT,
      style: { fontFamily: 'var(--plain-font)' },
      marginTop: HEADINGS,
      marginLeft: NAMES,
      marginRight: 0,
      marginBottom: FOOT,
      x: { axis: null, domain: topics.map(({ id }) => id), padding: 0.04 },
      y: { axis: null, domain: parties.map(({ id }) => id), padding: 0.08 },
      marks: [
        plot.axisX({
          anchor: 'top',
          label: null,
          tickSize: 0,
          lineWidth: 11,
          tickFormat: (id: string) => names.get(id) ?? '',
        }),
        plot.axisY({
          label: null,
          tickSize: 0,
          lineWidth: 15,
          tickFormat: (id: string) => names.get(id) ?? '',
        }),
        plot.cell(standing, { x: 'x', y: 'y', fill: ({ stance }: Cell) => `var(--stance-${stance}-tint)` }),
        plot.text(standing, {
          x: 'x',
          y: 'y',
          dy: -8,
          fontWeight: 600,
          fill: ({ stance }: Cell) => `var(--stance-${stance})`,
          text: ({ stance }: Cell) => texts.stances[stance],
        }),
        plot.text(standing, {
          x: 'x',
          y: 'y',
          dy: 9,
          text: ({ since }: Cell) => `${words.since} ${instantInWords(since)}`,
        }),
        plot.text([words.caption(instantInWords(at), String(known.sequence))], {
          frameAnchor: 'bottom-left',
          dy: FOOT - 8,
          dx: 8,
        }),
      ],
    }),
  );
}
