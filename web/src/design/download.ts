import { csvFormatRows } from 'd3-dsv';

/** Gives whoever is here a file of what they see, as CSV (RFC 4180). */
export function downloadCsv(name: string, rows: readonly (readonly string[])[]): void {
  const text = csvFormatRows(rows.map((row) => row.map(harmless)));
  download(`${name}.csv`, new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' })); // spreadsheets take it for UTF-8 by the mark
}

export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Spreadsheets calculate what begins like a formula, whoever said it (OWASP: CSV injection). */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
