/** Stops what was started, last first, when the process is asked to (SIGTERM, SIGINT); then exits 0. */
export class Shutdown {
  private readonly steps: (() => Promise<void>)[] = [];
  private begun = false;

  /** `complain`: told of a step that fails; the others follow all the same. It may be replaced once there is a better way to tell. */
  constructor(public complain: (error: unknown) => void) {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => void this.run().then(() => process.exit(0)));
  }

  /** Adds what is to be done before what was added earlier. */
  before(step: () => Promise<void>): void {
    this.steps.unshift(step);
  }

  async run(): Promise<void> {
    if (this.begun) return new Promise(() => undefined); // the first request is being carried out
    this.begun = true;
    for (const step of this.steps) await step().catch(this.complain);
  }
}
