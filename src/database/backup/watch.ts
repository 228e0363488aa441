import type { Reports } from '../embedded/reports.js';

/** How someone who waits follows a long piece of work, and ends it. */
export interface Watch {
  /** Told what is being done, and of how many bytes how many are done. */
  readonly progress: (doing: string, done: number, total: number) => void;
  /** Told what the database says of itself. */
  readonly log: Reports;
  /** Its reason is what the work then rejects with. */
  readonly signal: AbortSignal;
}
