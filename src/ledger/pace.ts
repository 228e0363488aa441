import { setImmediate as turn } from 'node:timers/promises';
import { Bell } from './follower.js';

/** How long a projection makes way for appends while they keep coming and nobody waits for its rows. */
export interface Manners {
  /** Milliseconds without an append after which there is nothing to make way for. */
  readonly lull: number;
  /** Milliseconds that it may be behind before it makes way for nobody. */
  readonly leeway: number;
}

export const MANNERS: Manners = { lull: 20, leeway: 2_000 };

/** Whether this process has an append of the dossier on its way. */
export type IsAppending = (dossier: string) => boolean;

interface Growth {
  /** Not after the first append that has not been taken in, and when the last one came (`performance.now()`). */
  since: number;
  last: number;
}

/**
 * Makes a projection give way to appends: whoever appends waits for the database, and nobody waits for rows that are not being read. Larger
 * steps at longer distances cost less, too. A reader who does wait ends every rest at once.
 */
export class Pace {
  private readonly growth = new Map<string, Growth>();
  private readonly readers = new Map<string, number>();
  private readonly hurry = new Bell();
  private readonly manners: Manners;

  constructor(
    manners: Partial<Manners> = {},
    private readonly isAppending: IsAppending = () => false,
  ) {
    this.manners = { ...MANNERS, ...manners };
  }

  /** An append of this process has made the dossier's log grow. */
  grown(dossier: string): void {
    const now = performance.now();
    const known = this.growth.get(dossier);
    if (known === undefined) this.growth.set(dossier, { since: now, last: now });
    else known.last = now;
  }

  /** What was appended before an instant (`performance.now()`) has been taken in. */
  tookIn(dossier: string, before: number): void {
    const known = this.growth.get(dossier);
    if (known !== undefined) known.since = Math.max(known.since, before);
  }

  /** All that was appended has been taken in. */
  caughtUp(dossier: string): void {
    this.growth.delete(dossier);
  }

  /** Whether appends have paused: nobody who appends waits for this thread. */
  isQuiet(dossier: string): boolean {
    return performance.now() >= this.pause(dossier);
  }

  /** There is no rest for a dossier while a reader waits for its rows. */
  async hurried<T>(dossier: string, waiting: () => Promise<T>): Promise<T> {
    this.readers.set(dossier, (this.readers.get(dossier) ?? 0) + 1);
    this.hurry.ring(dossier);
    try {
      return await waiting();
    } finally {
      const others = (this.readers.get(dossier) ?? 1) - 1;
      if (others > 0) this.readers.set(dossier, others);
      else this.readers.delete(dossier);
    }
  }

  /** Resolves when the projection should go on. */
  async rest(dossier: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.readers.has(dossier)) {
      const growth = this.growth.get(dossier);
      if (growth === undefined) return;
      const until = Math.min(this.pause(dossier), growth.since + this.manners.leeway);
      const left = until - performance.now();
      if (left <= 0) return;
      await this.hurry.wait(dossier, left, signal);
      await turn(); // where this thread was held up, what was sent meanwhile has not been read yet: it would be taken for a pause
    }
  }

  /** When appends will have paused if none comes any more (`performance.now()`). */
  private pause(dossier: string): number {
    const growth = this.growth.get(dossier);
    if (growth === undefined) return 0;
    return (this.isAppending(dossier) ? performance.now() : growth.last) + this.manners.lull;
  }
}
