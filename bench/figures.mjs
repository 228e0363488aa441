/** What one measurement says, of one process or several at a time: calls per second, and milliseconds within which half and 99 % were answered. */
export function figureOf(runs) {
  const sorted = Float64Array.from(runs.flatMap(({ latencies }) => latencies)).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  const milliseconds = Math.max(...runs.map((run) => run.milliseconds));
  return { perSecond: (1_000 * sorted.length) / milliseconds, p50: at(0.5), p99: at(0.99) };
}

export function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1];
}

export const medianOf = (rounds, name) => median(rounds.map((figure) => figure[name]));

/** Medians of the rounds, as a table shows them. */
export function cells(rounds) {
  return [
    Math.round(medianOf(rounds, 'perSecond')).toLocaleString('en'),
    medianOf(rounds, 'p50').toFixed(2),
    medianOf(rounds, 'p99').toFixed(2),
  ];
}

/** The share of a limit that is reached: the median of the rounds, each compared within itself. */
export function ratio(rounds, limit) {
  return `${(100 * median(rounds.map(({ perSecond }, round) => perSecond / limit[round].perSecond))).toFixed(0)} %`;
}

export function tail(rounds) {
  return median(rounds.map(({ p50, p99 }) => p99 / p50)).toFixed(1);
}

/** The table in Markdown. */
export function print(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const line = (row) =>
    `| ${widths.map((width, column) => (row[column] ?? '')[column === 0 ? 'padEnd' : 'padStart'](width)).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  console.log([line(table[0]), rule, ...table.slice(1).map(line), ''].join('\n'));
}
