import type * as Plots from '@observablehq/plot';
import { bare } from '../design/plot-picture.js';
import { STANCES } from '../design/stance-mark.js';
import { instantInWords, saidAtInWords } from '../design/dates.js';
import { texts } from '../texts/texts.js';
import { labelsOf, marksOf, spanOf, whiskersOf, type Mark } from './band-layout.js';
import type { Chapter, Piece, Story } from './story.js';

type Plot = typeof Plots;
const { position: words } = texts;

const ROW = 42;
const MARGIN = { marginTop: 20, marginBottom: 36, marginRight: 8 } as const;
const HEIGHT = ROW * STANCES.length + MARGIN.marginTop + MARGIN.marginBottom;
const ROWS = STANCES.toReversed();
const paint = (stance: string): string => `var(--stance-${stance})`;

interface BandOptions {
  readonly story: Story;
  /** Pixels. */
  readonly width: number;
  /** Whether somebody asked for the moment, or it is simply now. */
  readonly isAsked: boolean;
  readonly title: string;
}

/**
 * A position over time: five rows from supportive to opposed, the band in the row of the stance that held, a mark for each thing said. The row
 * and its name say what the colour says. Each mark leads to its words in the list (`href`).
 */
export function bandChart(plot: Plot, { story, width, isAsked, title }: BandOptions): SVGSVGElement {
  const { chapters, at } = story;
  const span = spanOf(story, isAsked);
  const marginLeft = width < 480 ? 84 : 96;
  const right = width - MARGIN.marginRight;
  const x = { type: 'utc', domain: [span.from, span.to], range: [marginLeft, right] } as const;
  const { apply } = plot.scale({ x });
  const place = (instant: number): number => Number(apply(instant));
  const ends = chapters.map((each) => ({ ...each, end: Math.min(each.to ?? span.to, span.to) }));
  const marks = marksOf(chapters, place);
  const labels = labelsOf(chapters.flatMap(named), place, right);
  const steps = chapters.flatMap((each, index) => {
    const before = chapters[index - 1];
    return before === undefined ? [] : [{ at: each.from, one: before.stance, other: each.stance }];
  });
  const isShown = at >= span.from && at <= span.to;
  const shown = isShown ? [at] : [];
  const chart = plot.plot({
    width,
    height: HEIGHT,
    ...MARGIN,
    marginLeft,
    ariaLabel: title,
    x: { ...x, label: null, ticks: Math.max(2, Math.round((right - marginLeft) / 110)) },
    y: { type: 'band', domain: ROWS, label: null, padding: 0 },
    r: { type: 'identity' },
    marks: [
      plot.ruleY(ROWS.slice(1), { stroke: 'var(--rule)', dy: -ROW / 2 }),
      plot.axisX({ tickSize: 4, color: 'var(--mantine-color-dimmed)', fontSize: 11 }),
      plot.axisY({
        tickSize: 0,
        tickPadding: 4,
        fontSize: 12,
        tickFormat: (stance) => texts.stances[stance as Chapter['stance']], // holds: the domain of the scale
      }),
      plot.link(steps, {
        x1: 'at',
        x2: 'at',
        y1: 'one',
        y2: 'other',
        stroke: 'var(--rule-strong)',
        strokeWidth: 1.5,
      }),
      plot.barX(ends, {
        x1: 'from',
        x2: 'end',
        y: 'stance',
        fill: ({ stance }: Chapter) => paint(stance),
        insetTop: ROW / 2 - 3.5,
        insetBottom: ROW / 2 - 3.5,
        title: ({ stance, from, to }: Chapter) =>
          words.bandTitle(texts.stances[stance], iso(from), to === null ? null : iso(to)),
      }),
      plot.link(whiskersOf(chapters, span), {
        x1: 'from',
        x2: 'to',
        y1: 'stance',
        y2: 'stance',
        dy: 12,
        stroke: ({ stance }: { stance: string }) => paint(stance),
        strokeDasharray: '1 3',
        strokeLinecap: 'round',
        strokeWidth: 2,
        markerStart: 'tick',
        markerEnd: 'tick',
        title: ({ piece }: { piece: Piece }) => saidAtInWords(piece.saidAt),
      }),
      ...offsets(marks).flatMap((dy) => dots(plot, marks, dy)),
      plot.text(
        labels.filter(({ anchor }) => anchor === 'start'),
        { ...LABEL, textAnchor: 'start', dx: -4 },
      ),
      plot.text(
        labels.filter(({ anchor }) => anchor === 'end'),
        { ...LABEL, textAnchor: 'end', dx: 4 },
      ),
      plot.rect(shown, { x1: (each) => each, x2: span.to, fill: 'var(--page)', fillOpacity: 0.66 }),
      plot.ruleX(shown, { stroke: 'var(--said)', strokeWidth: 1.5, strokeDasharray: '4 3' }),
      plot.text([isShown ? at : span.to], {
        x: (each) => each,
        text: [isShown ? (isAsked ? words.asOf(iso(at)) : words.now) : span.isCut ? words.stillSo : ''],
        frameAnchor: 'top',
        dy: -14,
        textAnchor: !isShown || place(at) > (marginLeft + right) / 2 ? 'end' : 'start',
        fill: 'var(--said)',
        fontSize: 11,
        fontWeight: 600,
      }),
    ],
  });
  return finished(chart);
}

const LABEL = {
  x: 'at',
  y: 'stance',
  text: 'text',
  dy: -14,
  fontSize: 11,
  fontWeight: 560,
  fill: 'currentColor',
  stroke: 'var(--page)',
  strokeWidth: 4,
} as const;

const named = ({ stance, from, shift, conditions }: Chapter) =>
  shift === null
    ? []
    : [{ stance, at: from, text: words.shiftLabel(texts.shifts[shift.kind], conditions.length) }];

const offsets = (marks: readonly Mark[]): number[] => [...new Set(marks.map(({ offset }) => offset))];

/** The marks at one height; each a link to its words. What set the position is full and large, what judged it a diamond, evidence hollow. */
function dots(plot: Plot, all: readonly Mark[], dy: number): Plots.Markish[] {
  const marks = all.filter(({ offset }) => offset === dy);
  const single = marks.filter(({ pieces }) => pieces.length === 1);
  const many = marks.filter(({ pieces }) => pieces.length > 1);
  const place = { x: 'at', y: 'stance', dy, href: hrefOf, title: titleOf, ariaLabel: titleOf } as const;
  return [
    plot.dot(single, {
      ...place,
      r: ({ pieces: [piece] }: Mark) => (piece?.role === 'sets' ? 6.5 : 4.5),
      symbol: ({ pieces: [piece] }: Mark) => (piece?.kind === 'assessment' ? 'diamond' : 'circle'),
      fill: ({ stance, pieces: [piece] }: Mark) =>
        piece?.role === 'evidence' ? 'var(--page)' : paint(stance),
      stroke: ({ stance, pieces: [piece] }: Mark) =>
        piece?.role === 'evidence' ? paint(stance) : 'var(--page)',
      strokeWidth: 2,
    }),
    plot.dot(many, {
      ...place,
      r: 9.5,
      fill: ({ stance }: Mark) => paint(stance),
      stroke: 'var(--page)',
      strokeWidth: 2,
    }),
    plot.text(many, {
      x: 'at',
      y: 'stance',
      text: ({ pieces }: Mark) => String(pieces.length),
      fill: 'var(--page)',
      fontSize: 10.5,
      fontWeight: 640,
      pointerEvents: 'none',
    }),
  ];
}

const hrefOf = ({ pieces }: Mark): string => `#${pieces[0]?.id ?? ''}`;

function titleOf({ pieces }: Mark): string {
  const [first] = pieces;
  if (first === undefined) return '';
  if (pieces.length > 1) return words.markOfMany(pieces.length, saidAtInWords(first.saidAt));
  const act = first.kind === 'statement' ? first.record.act : 'PositionAssessed';
  return words.mark(texts.acts[act], words.roles[first.role], saidAtInWords(first.saidAt));
}

/** A group of links, to those who cannot see it. */
function finished(chart: ReturnType<Plot['plot']>): SVGSVGElement {
  const svg = bare(chart);
  svg.querySelectorAll('g').forEach((each) => each.removeAttribute('aria-label')); // the kinds of its marks: a <g> may not have a name
  svg.setAttribute('role', 'group');
  return svg;
}

const iso = (instant: number): string => instantInWords(new Date(instant).toISOString());
