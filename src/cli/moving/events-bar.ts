import { SingleBar } from 'cli-progress';

/** A bar of events on the terminal, if there is one. Answers with what the work does. */
export async function withEventsBar<Result>(
  doing: string,
  work: (progress: (done: number, total: number) => void) => Promise<Result>,
): Promise<Result> {
  const bar = new SingleBar({
    format: `${doing} {bar} {value} of {total} events`,
    clearOnComplete: true,
    noTTYOutput: false,
  });
  let isShown = false;
  try {
    return await work((done, total) => {
      if (isShown) bar.update(done);
      else if (total > 0) bar.start(total, done);
      isShown ||= total > 0;
    });
  } finally {
    bar.stop();
  }
}
