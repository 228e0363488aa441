import { bisector } from 'd3-array';
import type { ScaleTime } from 'd3-scale';
import {
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolWye,
  type SymbolType,
} from 'd3-shape';
import { familyOf, type Family, type Lane, type Mark } from './marks.js';

export const LANE = 56;
/** Above the lanes: the axis. */
export const AXIS = 28;

export const SHAPES: Readonly<Record<Family, SymbolType>> = {
  proposes: symbolTriangle,
  accepts: symbolCircle,
  refuses: symbolSquare,
  accuses: symbolDiamond,
  other: symbolWye,
};
const AREA = 70;
/** Pixels from the middle of a lane. */
const LEVELS = [0, 11, -11] as const;
/** Pixels of a column, where there are too many marks to be told apart. */
const BIN = 4;
/** Marks of a lane for each pixel of its width, from which on it is drawn as columns. */
const DENSE = 0.2;
/** Replies that are drawn at once; with more nobody could follow one. */
const REPLIES = 300;

export interface Ink {
  readonly text: string;
  readonly dim: string;
  readonly rule: string;
  readonly accent: string;
  readonly page: string;
  readonly font: string;
}

export interface Scene {
  readonly lanes: readonly Lane[];
  readonly x: ScaleTime<number, number>;
  readonly width: number;
  readonly places: ReadonlyMap<string, { readonly mark: Mark; readonly lane: number }>;
  readonly chosen: Mark | null;
  readonly ink: Ink;
}

const bySaid = bisector(({ said }: Mark) => said);

/** The marks of a lane that are in view. */
export function inView({ marks }: Lane, x: ScaleTime<number, number>): readonly Mark[] {
  const [from, to] = x.domain();
  return marks.slice(bySaid.left(marks, from?.getTime() ?? 0), bySaid.right(marks, to?.getTime() ?? 0));
}

export const middleOf = (lane: number): number => AXIS + lane * LANE + LANE / 2 + 5; // below the party's name

/** Draws everything: at most a mark for each few pixels, however many statements there are. */
export function draw(context: CanvasRenderingContext2D, scene: Scene): void {
  const { lanes, x, width } = scene;
  context.clearRect(0, 0, width, AXIS + lanes.length * LANE);
  drawAxis(context, scene);
  const shown = lanes.map((lane) => inView(lane, x));
  drawReplies(context, scene, shown.flat());
  shown.forEach((marks, lane) => {
    if (marks.length > width * DENSE) drawColumns(context, marks, middleOf(lane), scene);
    else drawApart(context, marks, middleOf(lane), scene);
  });
  drawChosen(context, scene);
}

function drawAxis(context: CanvasRenderingContext2D, { lanes, x, width, ink }: Scene): void {
  const ticks = x.ticks(Math.max(2, Math.floor(width / 110)));
  const format = x.tickFormat();
  context.font = ink.font;
  context.textAlign = 'center';
  context.fillStyle = ink.dim;
  context.strokeStyle = ink.rule;
  context.lineWidth = 1;
  context.beginPath();
  for (const tick of ticks) {
    const place = Math.round(x(tick)) + 0.5;
    context.fillText(format(tick), place, 16);
    context.moveTo(place, AXIS - 6);
    context.lineTo(place, AXIS + lanes.length * LANE);
  }
  lanes.forEach((_lane, index) => {
    context.moveTo(0, AXIS + index * LANE + 0.5);
    context.lineTo(width, AXIS + index * LANE + 0.5);
  });
  context.stroke();
}

/** Each mark by itself; those at the same time one below the other, as far as a lane is high. */
function drawApart(
  context: CanvasRenderingContext2D,
  marks: readonly Mark[],
  middle: number,
  { x, ink }: Scene,
): void {
  let before = -Infinity;
  let level = 0;
  for (const mark of marks) {
    const place = x(mark.said);
    level = place - before < 6 ? (level + 1) % LEVELS.length : 0;
    drawMark(context, mark, place, middle + (LEVELS[level] ?? 0), ink);
    before = place;
  }
}

function drawMark(context: CanvasRenderingContext2D, { act }: Mark, x: number, y: number, ink: Ink): void {
  context.save();
  context.translate(x, y);
  context.beginPath();
  symbol(SHAPES[familyOf(act)], AREA).context(context)();
  context.fillStyle = ink.text;
  context.strokeStyle = ink.page;
  context.lineWidth = 1.5;
  context.stroke();
  context.fill();
  context.restore();
}

/** How many in each few pixels, from the middle of the lane both ways; the tallest fills the lane. */
function drawColumns(
  context: CanvasRenderingContext2D,
  marks: readonly Mark[],
  middle: number,
  { x, width, ink }: Scene,
): void {
  const counts = new Uint32Array(Math.ceil(width / BIN) + 1);
  for (const { said } of marks) {
    const bin = Math.max(0, Math.floor(x(said) / BIN));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const most = counts.reduce((one, other) => Math.max(one, other), 1);
  context.fillStyle = ink.dim;
  counts.forEach((count, bin) => {
    if (count === 0) return;
    const height = Math.max(2, (LANE - 22) * Math.sqrt(count / most));
    context.fillRect(bin * BIN, middle - height / 2, BIN - 1, height);
  });
}

function drawReplies(context: CanvasRenderingContext2D, scene: Scene, shown: readonly Mark[]): void {
  const replies = shown.filter(({ refersTo }) => refersTo !== null && scene.places.has(refersTo));
  if (replies.length > REPLIES) return;
  context.strokeStyle = scene.ink.dim;
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  for (const reply of replies) drawReply(context, scene, reply);
  context.globalAlpha = 1;
}

function drawReply(context: CanvasRenderingContext2D, { places, x }: Scene, { id, refersTo }: Mark): void {
  const reply = places.get(id);
  const answered = places.get(refersTo ?? '');
  if (reply === undefined || answered === undefined) return;
  const [x1, y1, x2, y2] = [
    x(answered.mark.said),
    middleOf(answered.lane),
    x(reply.mark.said),
    middleOf(reply.lane),
  ];
  const bow = y1 === y2 ? LANE * 0.42 : 0;
  context.beginPath();
  context.moveTo(x1, y1);
  context.bezierCurveTo(x1, (y1 + y2) / 2 - bow, x2, (y1 + y2) / 2 - bow, x2, y2);
  context.stroke();
}

function drawChosen(context: CanvasRenderingContext2D, scene: Scene): void {
  const { chosen, places, x, ink } = scene;
  const place = chosen && places.get(chosen.id);
  if (!place) return;
  context.strokeStyle = ink.accent;
  context.lineWidth = 2;
  const related = [...places.values()].filter(({ mark }) => mark.refersTo === place.mark.id);
  for (const { mark } of [place, ...related]) drawReply(context, scene, mark);
  const [cx, cy] = [x(place.mark.said), middleOf(place.lane)];
  drawMark(context, place.mark, cx, cy, ink);
  context.beginPath();
  context.arc(cx, cy, 10, 0, 2 * Math.PI);
  context.strokeStyle = ink.accent;
  context.stroke();
}
