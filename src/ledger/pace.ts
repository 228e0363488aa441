import { Bell } from './follower.js';

/** How long a projection makes way for appends while they keep coming and nobody waits for its rows. */
export interface Manners {
  /** Milliseconds without an append after which there is nothing to make way for. */
  readonly lull: number;
  /** Milliseconds that it may be behind before it makes way for nobody. */
  readonly leeway: number;
}

export const MANNERS: Manners = { lull: 20, leeway: 2_000 };

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

  constructor(manners: Partial<Manners> = {}) {
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
    const growth = this.growth.get(dossier);
    return growth === undefined || performance.now() - growth.last >= this.manners.lull;
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
    const { lull, leeway } = this.manners;
    while (!signal.aborted && !this.readers.has(dossier)) {
      const growth = this.growth.get(dossier);
      if (growth === undefined) return;
      const left = Math.min(growth.last + lull, growth.since + leeway) - performance.now();
      if (left <= 0) return;
      await this.hurry.wait(dossier, left, signal);
    }
  }
}
