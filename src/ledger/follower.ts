import type { RecordedEvent } from './event.js';
import type { EventLog } from './event-log.js';

const PAGE = 500;

/** Longest that an event of another process waits to be noticed, in milliseconds. */
const POLL = 250;

/**
 * Tells readers of this process that a dossier's log has grown. A wake-up is a hint: it may be missed or come for nothing, and the log is
 * read to know.
 */
export class Bell {
  private readonly sleepers = new Map<string, Set<() => void>>();
  private readonly listeners = new Set<(dossier: string) => void>();

  /** Hears every ring, of any dossier. */
  listen(listener: (dossier: string) => void): void {
    this.listeners.add(listener);
  }

  ring(dossier: string): void {
    this.listeners.forEach((listener) => listener(dossier));
    const sleepers = this.sleepers.get(dossier);
    this.sleepers.delete(dossier);
    sleepers?.forEach((wake) => wake());
  }

  /** Resolves at the next ring, after `milliseconds`, or when the signal aborts; never rejects. */
  wait(dossier: string, milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleepers = this.sleepers.get(dossier) ?? new Set();
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        sleepers.delete(wake);
        if (sleepers.size === 0 && this.sleepers.get(dossier) === sleepers) this.sleepers.delete(dossier);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      signal?.addEventListener('abort', wake);
      sleepers.add(wake);
      this.sleepers.set(dossier, sleepers);
      if (signal?.aborted) wake();
    });
  }
}

/**
 * A dossier's events after a sequence, in order, each once, as pages; an empty page each time the log has not grown for a while (for
 * heartbeats). Ends when the signal aborts. Reads no further than its consumer: a slow one costs one page of memory.
 */
export async function* follow(
  log: EventLog,
  bell: Bell,
  dossier: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<RecordedEvent[], void, void> {
  let seen = after;
  while (!signal.aborted) {
    const rung = bell.wait(dossier, POLL, signal); // from before the read on: what is appended after it has rung by the time that it is waited for
    const events = await log.read(dossier, seen, PAGE);
    yield events;
    seen = events.at(-1)?.sequence ?? seen;
    if (events.length < PAGE) await rung;
  }
}
