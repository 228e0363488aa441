import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, type MouseEvent } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Loading } from '../design/page.js';
import { bandChart } from './band-chart.js';
import style from './position.module.css';
import type { Story } from './story.js';

interface BandProps {
  readonly story: Story;
  readonly isAsked: boolean;
  readonly title: string;
  /** Told what is drawn, to be saved. */
  readonly onDrawn: (chart: SVGSVGElement) => void;
  /** Told whose mark was pressed. */
  readonly onChoose: (id: string) => void;
}

/** The history as a band over time. What it shows stands in the list and in the table as well. */
export function Band({ story, isAsked, title, onDrawn, onChoose }: BandProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const place = useRef<HTMLDivElement>(null);
  const { data: plot } = useQuery({
    queryKey: ['plot'],
    queryFn: () => import('@observablehq/plot'),
    staleTime: Infinity,
  });
  useEffect(() => {
    if (plot === undefined || width === 0) return;
    const chart = bandChart(plot, { story, width: Math.floor(width), isAsked, title });
    place.current?.replaceChildren(chart);
    onDrawn(chart);
  }, [plot, story, width, isAsked, title, onDrawn]);
  return (
    <div ref={ref} className={style.band} dir="ltr">
      {plot === undefined && <Loading />}
      <div ref={place} onClick={(event) => choose(event, onChoose)} />
    </div>
  );
}

/** A mark leads to its words in the list below. */
function choose(event: MouseEvent, onChoose: (id: string) => void): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!(link instanceof SVGAElement)) return;
  event.preventDefault();
  onChoose(link.href.baseVal.slice(1));
}
