import type { Append, NewEvent } from './event.js';

/** The version that a stream must have. */
export interface Expectation {
  readonly streamId: string;
  readonly version: number;
}

/**
 * What an append rests on: the versions that the streams it writes to have before it, and after them those of its guards. Throws RangeError
 * where it could never be right: no event, or versions of a stream that do not follow one another.
 */
export function expectations({ events, guards = [] }: Append): Expectation[] {
  if (events.length < 1) throw new RangeError('An append has at least one event.');
  return events.length === 1 ? [before(events[0]), ...guards] : [...beforeEach(events), ...guards];
}

function beforeEach(events: readonly NewEvent[]): Expectation[] {
  const written = new Map<string, number>();
  const expected: Expectation[] = [];
  for (const event of events) {
    const last = written.get(event.streamId);
    const expectation = before(event, last);
    if (last === undefined) expected.push(expectation);
    written.set(event.streamId, event.streamVersion);
  }
  return expected;
}

/** `last`: the version of its stream in the same append, if it has one there. */
function before({ streamId, streamVersion }: NewEvent, last?: number): Expectation {
  if (!Number.isInteger(streamVersion) || streamVersion !== (last ?? Math.max(0, streamVersion - 1)) + 1)
    throw new RangeError(`Version ${streamVersion} of stream ${streamId} does not follow ${last ?? 0}.`);
  return { streamId, version: streamVersion - 1 };
}
