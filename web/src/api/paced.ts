/** Milliseconds that a run rests at least, and how many times as long as it took: what costs more is done less often. */
const LEAST = 100;
const REST = 2;

export interface Paced {
  /** Something has happened that the run has to take in. */
  readonly call: () => void;
  readonly stop: () => void;
}

/** Runs something after calls: soon after the first, for all that came until it begins, never twice at once, and not all the time. */
export function paced(run: () => Promise<unknown>, least = LEAST): Paced {
  let timer: number | undefined;
  let isRunning = false;
  let isCalled = false;
  let rest = least;
  const start = async (): Promise<void> => {
    timer = undefined;
    isCalled = false;
    isRunning = true;
    const begin = performance.now();
    await run().catch(() => undefined); // whoever asked shows what went wrong
    rest = Math.max(least, REST * (performance.now() - begin));
    isRunning = false;
    if (isCalled) call();
  };
  const call = (): void => {
    isCalled = true;
    if (!isRunning) timer ??= window.setTimeout(() => void start(), rest);
  };
  const stop = (): void => {
    isCalled = false;
    window.clearTimeout(timer);
  };
  return { call, stop };
}
