import {
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolWye,
  type SymbolType,
} from 'd3-shape';
import { drawColumns } from './draw-columns.js';
import type { Ink } from './ink.js';
import { AXIS, LANE, place, type LaneInView, type Placed, type Scale } from './layout.js';
import { familyOf, type Family, type Mark } from './marks.js';

export const SHAPES: Readonly<Record<Family, SymbolType>> = {
  proposes: symbolTriangle,
  accepts: symbolCircle,
  refuses: symbolSquare,
  accuses: symbolDiamond,
  other: symbolWye,
};
const AREA = 70;
/** Pixels of the bar that a span is drawn as, and from which length on it is one: a shorter one is hidden by its mark. */
const BAR = 7;
const LEAST_SPAN = 12;
/** Replies that are drawn at once; with more nobody could follow one. */
const REPLIES = 300;

export interface Scene {
  readonly lanes: readonly LaneInView[];
  readonly x: Scale;
  readonly width: number;
  /** Each mark, in view or not, and the middle of its lane. */
  readonly places: ReadonlyMap<string, { readonly mark: Mark; readonly middle: number }>;
  readonly chosen: Mark | null;
  readonly ink: Ink;
}

type Context = CanvasRenderingContext2D;
type Where = (id: string | null) => Placed | null;

/** Draws everything: at most a mark for each few pixels, however many statements there are. */
export function draw(context: Context, scene: Scene): void {
  const { lanes, width, ink } = scene;
  context.clearRect(0, 0, width, AXIS + lanes.length * LANE);
  drawAxis(context, scene);
  const where = placesOf(scene);
  drawReplies(context, scene, where);
  for (const { placed, marks, middle } of lanes)
    if (placed === null) drawColumns(context, marks, middle, scene);
    else drawApart(context, placed, ink, width);
  drawChosen(context, scene, where);
}

/** Where a mark stands: as it is drawn, or where it would be if it were in view. */
function placesOf({ lanes, places, x, width }: Scene): Where {
  const drawn = new Map(lanes.flatMap(({ placed }) => (placed ?? []).map((each) => [each.mark.id, each])));
  return (id) => {
    const known = places.get(id ?? '');
    return known === undefined
      ? null
      : (drawn.get(known.mark.id) ?? place(known.mark, known.middle, x, width));
  };
}

function drawAxis(context: Context, { lanes, x, width, ink }: Scene): void {
  const ticks = x.ticks(Math.max(2, Math.floor(width / 110)));
  const format = x.tickFormat();
  context.font = ink.font;
  context.textAlign = 'center';
  context.fillStyle = ink.dim;
  context.strokeStyle = ink.rule;
  context.lineWidth = 1;
  context.beginPath();
  for (const tick of ticks) {
    const at = Math.round(x(tick)) + 0.5;
    const name = format(tick);
    const half = context.measureText(name).width / 2;
    context.fillText(name, Math.max(half, Math.min(width - half, at)), 16); // whole at the edges too
    context.moveTo(at, AXIS - 6);
    context.lineTo(at, AXIS + lanes.length * LANE);
  }
  lanes.forEach((_lane, index) => {
    context.moveTo(0, AXIS + index * LANE + 0.5);
    context.lineTo(width, AXIS + index * LANE + 0.5);
  });
  context.stroke();
}

/** Each mark by itself, upon the time within which it was said. */
function drawApart(context: Context, placed: readonly Placed[], ink: Ink, width: number): void {
  for (const each of placed) drawSpan(context, each, ink, width);
  for (const each of placed) drawMark(context, each, ink);
}

/** A bar over the span, which fades out where it is open. */
function drawSpan(context: Context, { mark, y, span: [from, to] }: Placed, ink: Ink, width: number): void {
  if (to - from < LEAST_SPAN) return;
  const shade = context.createLinearGradient(from, 0, to, 0);
  shade.addColorStop(0, mark.from === -Infinity ? 'transparent' : ink.dim);
  shade.addColorStop(1, mark.to === Infinity ? 'transparent' : ink.dim);
  context.fillStyle = shade;
  context.globalAlpha = 0.38;
  context.beginPath();
  // an end beyond the edge is not rounded
  const round = (isEnd: boolean): number => (isEnd ? BAR / 2 : 0);
  const [start, end] = [round(from > 0), round(to < width)];
  context.roundRect(from, y - BAR / 2, to - from, BAR, [start, end, end, start]);
  context.fill();
  context.globalAlpha = 1;
}

/** Full where it is known to the day, hollow where it is not. */
function drawMark(context: Context, { mark, x, y }: Placed, ink: Ink): void {
  context.save();
  context.translate(x, y);
  context.beginPath();
  symbol(SHAPES[familyOf(mark.act)], AREA).context(context)();
  context.fillStyle = mark.isImprecise ? ink.page : ink.text;
  context.strokeStyle = mark.isImprecise ? ink.text : ink.page;
  context.lineWidth = 1.5;
  context.stroke();
  context.fill();
  if (mark.isImprecise) context.stroke();
  context.restore();
}

function drawReplies(context: Context, { lanes, places, ink }: Scene, where: Where): void {
  const replies = lanes.flatMap(({ marks }) =>
    marks.filter(({ refersTo }) => refersTo !== null && places.has(refersTo)),
  );
  if (replies.length > REPLIES) return;
  context.strokeStyle = ink.dim;
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  for (const reply of replies) drawReply(context, reply, where);
  context.globalAlpha = 1;
}

function drawReply(context: Context, { id, refersTo }: Mark, where: Where): void {
  const [reply, answered] = [where(id), where(refersTo)];
  if (reply === null || answered === null) return;
  const between = (answered.y + reply.y) / 2 - (Math.abs(answered.y - reply.y) < LANE / 2 ? LANE * 0.42 : 0);
  context.beginPath();
  context.moveTo(answered.x, answered.y);
  context.bezierCurveTo(answered.x, between, reply.x, between, reply.x, reply.y);
  context.stroke();
}

function drawChosen(context: Context, { chosen, places, ink, width }: Scene, where: Where): void {
  const placed = chosen && where(chosen.id);
  if (!placed) return;
  context.strokeStyle = ink.accent;
  context.lineWidth = 2;
  const related = [...places.values()].filter(({ mark }) => mark.refersTo === placed.mark.id);
  for (const { mark } of [placed, ...related]) drawReply(context, mark, where);
  drawSpan(context, placed, { ...ink, dim: ink.accent }, width);
  drawMark(context, placed, ink);
  context.beginPath();
  context.arc(placed.x, placed.y, 10, 0, 2 * Math.PI);
  context.strokeStyle = ink.accent;
  context.stroke();
}
