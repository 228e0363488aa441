export interface Ink {
  readonly text: string;
  readonly dim: string;
  readonly rule: string;
  readonly accent: string;
  readonly page: string;
  readonly font: string;
}

/** The colours of the theme that holds: a canvas knows no variables. */
export function inkOf(canvas: HTMLCanvasElement): Ink {
  const computed = getComputedStyle(canvas);
  const colour = (name: string): string => computed.getPropertyValue(name).trim();
  return {
    text: colour('--mantine-color-text'), // not the colour itself, which is another one while the theme changes
    dim: colour('--mantine-color-dimmed'),
    rule: colour('--rule'),
    accent: colour('--mantine-primary-color-filled'),
    page: colour('--page'),
    font: `11px ${computed.fontFamily}`,
  };
}
