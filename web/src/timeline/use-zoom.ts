import { scaleUtc } from 'd3-scale';
import { select, type Selection } from 'd3-selection';
import { zoom, zoomIdentity, type ZoomBehavior, type ZoomTransform } from 'd3-zoom';
import { useEffect, useMemo, useRef, type RefObject } from 'react';

/** From when until when, in milliseconds. */
export type Domain = readonly [number, number];

/** What moves the view besides the mouse. */
export interface Zooming {
  readonly by: (factor: number) => void;
  readonly all: () => void;
  readonly show: (domain: Domain) => void;
  readonly bringIntoView: (instant: number) => void;
  /** Whether the key moved the view. */
  readonly onKey: (key: string) => boolean;
}

const CLOSEST = 3_600_000; // an hour across the screen
const STEP = 1.6;

type Canvas = Selection<HTMLCanvasElement, unknown, null, undefined>;

/** Zooms and pans in time: by dragging, pinching, Ctrl and the wheel, a wheel that goes sideways, and what it answers with. The wheel alone scrolls the page. */
export function useZoom(
  canvas: RefObject<HTMLCanvasElement | null>,
  whole: Domain,
  width: number,
  onDomain: (domain: Domain | null) => void,
): Zooming {
  const behaviour = useRef<ZoomBehavior<HTMLCanvasElement, unknown>>(null);
  const transform = useRef<ZoomTransform>(zoomIdentity);
  const [from, to] = whole;
  useEffect(() => {
    if (canvas.current === null || width === 0) return;
    const base = scaleUtc().domain([from, to]).range([0, width]);
    const zooming = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([1, Math.max(1, (to - from) / CLOSEST)])
      .extent([
        [0, 0],
        [width, 1],
      ])
      .translateExtent([
        [0, 0],
        [width, 1],
      ])
      .filter((event: WheelEvent | MouseEvent) =>
        event.type === 'wheel' ? event.ctrlKey || event.metaKey : !event.button,
      )
      .on('zoom', ({ transform: next }: { readonly transform: ZoomTransform }) => {
        transform.current = next;
        if (next.k === 1) return onDomain(null); // everything, however much there will be
        const [start, end] = next.rescaleX(base).domain();
        if (start !== undefined && end !== undefined) onDomain([start.getTime(), end.getTime()]);
      });
    behaviour.current = zooming;
    const selection: Canvas = select(canvas.current);
    selection.call(zooming);
    const element = canvas.current;
    const sideways = (event: WheelEvent) => {
      if (event.ctrlKey || Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
      event.preventDefault();
      selection.call(zooming.translateBy, -event.deltaX / transform.current.k, 0);
    };
    element.addEventListener('wheel', sideways, { passive: false });
    return () => {
      element.removeEventListener('wheel', sideways);
      selection.on('.zoom', null);
    };
  }, [canvas, from, to, width, onDomain]);

  return useMemo(() => {
    const call = (then: (selection: Canvas, zooming: ZoomBehavior<HTMLCanvasElement, unknown>) => void) => {
      if (canvas.current !== null && behaviour.current !== null)
        then(select(canvas.current), behaviour.current);
    };
    const by = (factor: number) => call((selection, zooming) => selection.call(zooming.scaleBy, factor));
    const all = () => call((selection, zooming) => selection.call(zooming.transform, zoomIdentity));
    const pan = (part: number) =>
      call((selection, zooming) =>
        selection.call(zooming.translateBy, (-part * width) / transform.current.k, 0),
      );
    const show = ([start, end]: Domain) =>
      call((selection, zooming) => {
        const k = (to - from) / Math.max(end - start, CLOSEST);
        const left = ((start - from) / (to - from)) * width;
        selection.call(zooming.transform, zoomIdentity.scale(k).translate(-left, 0));
      });
    const bringIntoView = (instant: number) =>
      call((selection, zooming) => {
        const place = transform.current.applyX(((instant - from) / (to - from)) * width);
        if (place < 20 || place > width - 20)
          selection.call(zooming.translateTo, ((instant - from) / (to - from)) * width, 0);
      });
    const keys: Readonly<Record<string, () => void>> = {
      '+': () => by(STEP),
      '=': () => by(STEP),
      '-': () => by(1 / STEP),
      '0': all,
      PageUp: () => pan(-0.8),
      PageDown: () => pan(0.8),
    };
    const onKey = (key: string) => {
      keys[key]?.();
      return key in keys;
    };
    return { by, all, show, bringIntoView, onKey };
  }, [canvas, from, to, width]);
}
