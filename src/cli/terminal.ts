import { BackupError } from '../database/backup/backup-error.js';
import type { Watch } from '../database/backup/watch.js';

const megabyte = 1_000_000;

/** Shows the work on the terminal, if there is one, and ends it when the operator does. Answers with what the work does. */
export async function onTerminal<Result>(work: (watch: Watch) => Promise<Result>): Promise<Result> {
  const ending = new AbortController();
  const end = (): void => ending.abort(new BackupError('Ended before it was done: nothing is left of it'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  const line = new ProgressLine(process.stderr);
  try {
    return await work({
      progress: (doing, done, total) =>
        line.show(`${doing} ${percentage(done, total)} of ${megabytes(total)}`),
      log: { debug: (said) => line.show(said), warn: (said) => line.show(said) },
      signal: ending.signal,
    });
  } finally {
    line.clear();
  }
}

export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / megabyte).toLocaleString('en')} MB`;
}

function percentage(done: number, total: number): string {
  return `${total === 0 ? 100 : Math.floor((done / total) * 100)} %`;
}

/** One line that is written over and over; nothing where there is nobody to see it. */
class ProgressLine {
  #shown = '';

  constructor(private readonly stream: NodeJS.WriteStream) {}

  show(text: string): void {
    if (!this.stream.isTTY || text === this.#shown) return;
    this.#shown = text;
    this.stream.write(`\r\u001B[2K${text.slice(0, (this.stream.columns || 80) - 1)}`);
  }

  clear(): void {
    if (this.#shown !== '') this.stream.write('\r\u001B[2K');
  }
}
