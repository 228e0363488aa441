import { useElementSize } from '@mantine/hooks';
import { useComputedColorScheme } from '@mantine/core';
import { scaleUtc } from 'd3-scale';
import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
} from 'react';
import { texts } from '../texts/texts.js';
import { step } from './choosing.js';
import { draw, type Scene } from './draw.js';
import { inkOf } from './ink.js';
import {
  AXIS,
  find,
  LANE,
  layOut,
  middleOf,
  place,
  type Found,
  type LaneInView,
  type Scale,
} from './layout.js';
import { MarkLabel } from './mark-label.js';
import type { Lane, Mark } from './marks.js';
import style from './timeline.module.css';
import { useZoom, type Domain, type Zooming } from './use-zoom.js';

const { timeline: words } = texts;

interface LanesProps {
  readonly dossier: string;
  readonly known: string | undefined;
  readonly lanes: readonly Lane[];
  /** All that there is to be seen. */
  readonly whole: Domain;
  readonly domain: Domain;
  readonly chosen: Mark | null;
  /** Null: everything. */
  readonly onDomain: (domain: Domain | null) => void;
  readonly onChoose: (mark: Mark | null) => void;
  readonly onOpen: (mark: Mark) => void;
  readonly onDrawn: (canvas: HTMLCanvasElement | null) => void;
  readonly onZooming: (zooming: Zooming) => void;
}

/** A lane for each party, drawn on a canvas: it takes as long for a hundred thousand marks as for a hundred. The list beside says the same. */
export function Lanes({
  dossier,
  known,
  lanes,
  whole,
  domain,
  chosen,
  onDomain,
  onChoose,
  onOpen,
  onDrawn,
  onZooming,
}: LanesProps) {
  const { ref: measured, width } = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const colorScheme = useComputedColorScheme();
  const zooming = useZoom(canvas, whole, width, onDomain);
  useEffect(() => onZooming(zooming), [zooming, onZooming]);
  useEffect(() => onDrawn(canvas.current), [onDrawn]);

  const places = useMemo(
    () =>
      new Map(
        lanes.flatMap(({ marks }, lane) => {
          const middle = middleOf(lane);
          return marks.map((mark) => [mark.id, { mark, middle }] as const);
        }),
      ),
    [lanes],
  );
  const x = useMemo(() => scaleUtc().domain(domain).range([0, width]), [domain, width]);
  const inView = useMemo(() => layOut(lanes, x, width), [lanes, x, width]);
  const [isHere, setHere] = useState(false);
  const [pointed, point] = useState<Found | null>(null);
  useEffect(() => point(null), [inView]); // what the mouse is on has moved away from under it
  const height = AXIS + lanes.length * LANE;
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const context = canvas.current && prepared(canvas.current, width, height);
      if (context)
        draw(context, {
          lanes: inView,
          x,
          width,
          places,
          chosen,
          ink: inkOf(context.canvas),
        } satisfies Scene);
    });
    return () => cancelAnimationFrame(frame);
  }, [inView, x, width, height, places, chosen, colorScheme]);

  const under = ({ currentTarget, clientX, clientY }: MouseEvent<HTMLCanvasElement>) => {
    const { left, top } = currentTarget.getBoundingClientRect();
    return find(inView, x, width, clientX - left, clientY - top);
  };
  const moved = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.pointerType === 'touch') return;
    const found = event.buttons === 0 ? under(event) : null; // else it is being dragged
    point((before) => (before?.placed.mark === found?.placed.mark ? before : found));
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && chosen !== null) return onOpen(chosen);
    if (event.key === 'Escape') {
      point(null);
      return onChoose(null);
    }
    if (zooming.onKey(event.key)) return event.preventDefault();
    const next = step(lanes, chosen, domain[0], event.key);
    if (next === undefined) return;
    event.preventDefault();
    point(null);
    onChoose(next);
    if (next !== null) zooming.bringIntoView(middleOfSpan(next));
  };
  const shown = pointed ?? (isHere ? chosenInView(chosen, inView, places, x, width) : null);
  return (
    <div
      ref={measured}
      className={style.lanes}
      dir="ltr"
      role="application"
      aria-label={words.lanes}
      aria-describedby="timeline-keys"
      tabIndex={0}
      onKeyDown={keyed}
      onFocus={() => setHere(true)}
      onBlur={() => setHere(false)}
    >
      <canvas
        ref={canvas}
        className={style.canvas}
        data-pointed={pointed !== null || undefined}
        style={{ inlineSize: width, blockSize: height }}
        onClick={(event) => onChoose(under(event)?.placed.mark ?? null)}
        onPointerMove={moved}
        onPointerLeave={() => point(null)}
        aria-hidden
      />
      <MarkLabel dossier={dossier} known={known} shown={shown} chosen={chosen} />
      {lanes.map(({ party, marks }, index) => (
        <span
          key={party?.id ?? ''}
          className={style.lane}
          style={{ insetBlockStart: AXIS + index * LANE + 2 }}
        >
          <bdi>{party?.name ?? words.noParty}</bdi>{' '}
          <span className={style.dim}>{marks.length.toLocaleString()}</span>
        </span>
      ))}
    </div>
  );
}

/** Where what is chosen stands, if it is in view. */
function chosenInView(
  chosen: Mark | null,
  lanes: readonly LaneInView[],
  places: Scene['places'],
  x: Scale,
  width: number,
): Found | null {
  const known = chosen && places.get(chosen.id);
  if (!known) return null;
  const lane = lanes.find(({ middle }) => middle === known.middle);
  const placed =
    lane?.placed?.find(({ mark }) => mark.id === known.mark.id) ?? place(known.mark, known.middle, x, width);
  return placed.x < 0 || placed.x > width ? null : { placed, others: 0 };
}

/** An instant to look at for when it was said. */
function middleOfSpan({ said, from, to }: Mark): number {
  return Number.isFinite(from) && Number.isFinite(to) ? (from + to) / 2 : said;
}

/** The canvas in its size, as sharp as the screen. */
function prepared(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const sharpness = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * sharpness), Math.round(height * sharpness)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext('2d');
  context?.setTransform(sharpness, 0, 0, sharpness, 0, 0);
  return context;
}
