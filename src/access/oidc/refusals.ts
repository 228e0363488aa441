import { REASONS, type Reason } from './refused.js';

/** Milliseconds in which a reason is told once: whoever sends bad tokens does not get to fill the log. */
const QUIET = 10_000;

/** Tells the log why tokens are refused, which whoever sends them is not told. */
export class Refusals {
  private readonly told = new Map<Reason, { readonly at: number; silent: number }>();

  constructor(
    private readonly complain: (line: string) => void,
    private readonly clock: () => number,
  ) {}

  note(reason: Reason): void {
    const at = this.clock();
    const before = this.told.get(reason);
    if (before !== undefined && at - before.at < QUIET) return void before.silent++;
    const more = before === undefined || before.silent === 0 ? '' : ` So were ${before.silent} before it.`;
    this.told.set(reason, { at, silent: 0 });
    this.complain(`A token was refused: ${REASONS[reason]}.${more}`);
  }
}
