export interface Place {
  readonly row: number;
  readonly column: number;
}

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** Rows that a page of the keyboard moves by. */
const PAGE = 5;

type Press = { readonly key: string; readonly ctrlKey: boolean };

/** Where a key leads in a grid (WAI-ARIA's pattern); null: nowhere. */
export function moved(
  { key, ctrlKey }: Press,
  { row, column }: Place,
  { rows, columns }: Size,
): Place | null {
  const onward = document.documentElement.dir === 'rtl' ? -1 : 1;
  const steps: Readonly<Record<string, Place>> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowRight: { row, column: column + onward },
    ArrowLeft: { row, column: column - onward },
    Home: { row: ctrlKey ? 0 : row, column: 0 },
    End: { row: ctrlKey ? rows - 1 : row, column: columns - 1 },
    PageUp: { row: row - PAGE, column },
    PageDown: { row: row + PAGE, column },
  };
  const step = steps[key];
  return step === undefined ? null : { row: within(step.row, rows), column: within(step.column, columns) };
}

const within = (place: number, count: number): number => Math.max(0, Math.min(count - 1, place));
