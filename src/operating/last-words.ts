import type { Logs } from './service-log.js';

/**
 * Ends the process by an error that nobody catches, as Node does, but tells of it in the log and waits until it is written. Node's own words
 * are tried once, and lost where standard error is full just then; with them goes what was being written.
 */
export function tellWhatEndsUs({ reports, written }: Logs): void {
  const end = async (error: unknown, origin: string): Promise<void> => {
    reports.fatal({ part: origin, err: error }, String(error));
    await written();
    process.exit(1);
  };
  process.on('uncaughtException', (error, origin) => void end(error, origin));
}
