import { errorCode } from '../embedded/embedded-postgres-error.js';

/** What is asked of a file or folder; undefined when it is not there. */
export async function unlessGone<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw cause;
  }
}
