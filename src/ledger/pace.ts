import { Bell } from './follower.js';

/** While appends keep coming and nobody waits for the rows, projecting rests this many times as long as it worked. */
const REST = 9;

/** Milliseconds without an append after which there is nothing to make way for. */
const LULL = 20;

/** Milliseconds that a projection may be behind before it makes way for nobody, where it does not say itself. */
const LEEWAY = 2_000;

interface Growth {
  /** When the first append came that has not been taken in, and the last one (`performance.now()`). */
  readonly since: number;
  last: number;
}

/**
 * Makes projections give way to appends: whoever appends waits for the database, and nobody waits for rows that are not being read. Larger
 * steps at longer distances cost less, too. A reader who does wait ends every rest at once.
 */
export class Pace {
  private readonly growth = new Map<string, Growth>();
  private readonly readers = new Map<string, number>();
  private readonly hurry = new Bell();

  /** An append of this process has made the dossier's log grow. */
  grown(dossier: string): void {
    const now = performance.now();
    const known = this.growth.get(dossier);
    if (known === undefined) this.growth.set(dossier, { since: now, last: now });
    else known.last = now;
  }

  /** All that was appended has been taken in. */
  caughtUp(dossier: string): void {
    this.growth.delete(dossier);
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

  /** Resolves when a projection that has worked for so many milliseconds, and may be behind for so many, should go on. */
  async rest(dossier: string, worked: number, signal: AbortSignal, leeway: number = LEEWAY): Promise<void> {
    const rested = performance.now() + REST * worked;
    while (!signal.aborted && !this.readers.has(dossier)) {
      const growth = this.growth.get(dossier);
      if (growth === undefined) return;
      const left = Math.min(rested, growth.last + LULL, growth.since + leeway) - performance.now();
      if (left <= 0) return;
      await this.hurry.wait(dossier, left, signal);
    }
  }
}
