import type * as Plots from '@observablehq/plot';

/** What Plot drew, without the style sheet that it puts in: the Content-Security-Policy refuses it, so the page's own must say the same. */
export function bare(chart: ReturnType<typeof Plots.plot>): SVGSVGElement {
  const svg = chart instanceof SVGSVGElement ? chart : chart.querySelector('svg');
  if (!(svg instanceof SVGSVGElement)) throw new TypeError('Plot drew no picture.');
  svg.querySelectorAll('style').forEach((each) => each.remove());
  return svg;
}
