import type { Append } from './event.js';

/** The version that a stream must have. */
export interface Expectation {
  readonly streamId: string;
  readonly version: number;
}

/**
 * What an append rests on: the versions that the streams it writes to have before it, and those of its guards. Throws RangeError where it
 * could never be right: no event, or versions of a stream that do not follow one another.
 */
export function expectations({ events, guards = [] }: Append): Expectation[] {
  if (events.length < 1) throw new RangeError('An append has at least one event.');
  const written = new Map<string, number>();
  const expected: Expectation[] = [];
  for (const { streamId, streamVersion } of events) {
    const last = written.get(streamId);
    if (last === undefined) expected.push({ streamId, version: streamVersion - 1 });
    if (!Number.isInteger(streamVersion) || streamVersion !== (last ?? Math.max(0, streamVersion - 1)) + 1)
      throw new RangeError(`Version ${streamVersion} of stream ${streamId} does not follow ${last ?? 0}.`);
    written.set(streamId, streamVersion);
  }
  return [...expected, ...guards];
}
