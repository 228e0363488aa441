import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useComputedColorScheme } from '@mantine/core';
import { scaleUtc } from 'd3-scale';
import { useEffect, useMemo, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import { texts } from '../texts/texts.js';
import { AXIS, draw, LANE, type Ink, type Scene } from './draw.js';
import type { Lane, Mark } from './marks.js';
import { nearest, step } from './choosing.js';
import style from './timeline.module.css';
import { useZoom, type Domain, type Zooming } from './use-zoom.js';

const { timeline: words } = texts;

interface LanesProps {
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
      new Map(lanes.flatMap(({ marks }, lane) => marks.map((mark) => [mark.id, { mark, lane }] as const))),
    [lanes],
  );
  const x = useMemo(() => scaleUtc().domain(domain).range([0, width]), [domain, width]);
  const height = AXIS + lanes.length * LANE;
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const context = canvas.current && prepared(canvas.current, width, height);
      if (context)
        draw(context, { lanes, x, width, places, chosen, ink: inkOf(context.canvas) } satisfies Scene);
    });
    return () => cancelAnimationFrame(frame);
  }, [lanes, x, width, height, places, chosen, colorScheme]);

  const pressed = (event: MouseEvent<HTMLCanvasElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    onChoose(nearest(lanes, x, event.clientX - left, event.clientY - top));
  };
  const keyed = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && chosen !== null) return onOpen(chosen);
    if (event.key === 'Escape') return onChoose(null);
    if (zooming.onKey(event.key)) return event.preventDefault();
    const next = step(lanes, chosen, x, event.key);
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next);
    if (next !== null) zooming.bringIntoView(next.said);
  };
  return (
    <div
      ref={useMergedRef(measured)}
      className={style.lanes}
      dir="ltr"
      role="application"
      aria-label={words.lanes}
      aria-describedby="timeline-keys"
      tabIndex={0}
      onKeyDown={keyed}
    >
      <canvas
        ref={canvas}
        className={style.canvas}
        style={{ inlineSize: width, blockSize: height }}
        onClick={pressed}
        aria-hidden
      />
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

/** The colours of the theme that holds: a canvas knows no variables. */
function inkOf(canvas: HTMLCanvasElement): Ink {
  const computed = getComputedStyle(canvas);
  const colour = (name: string): string => computed.getPropertyValue(name).trim();
  return {
    text: computed.color,
    dim: colour('--mantine-color-dimmed'),
    rule: colour('--rule'),
    accent: colour('--mantine-primary-color-filled'),
    page: colour('--page'),
    font: `11px ${computed.fontFamily}`,
  };
}
