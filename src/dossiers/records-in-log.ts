import { isRedacted, redactedRecord, type RedactedRecord } from '../domain/redaction.js';
import type { RecordedEvent } from '../ledger/event.js';
import type { EventLog } from '../ledger/event-log.js';

/** Reads records (statements or assessments) of one kind of stream from the log itself. `fold` gives null for a stream without events. */
export class RecordsInLog<State extends object> {
  constructor(
    private readonly log: EventLog,
    private readonly streamKind: string,
    private readonly fold: (events: readonly RecordedEvent[]) => State | null,
  ) {}

  /** Those of these ids that are such records, by id, or what is left of them; with `upTo`, as they stood at that sequence. */
  async find(
    dossier: string,
    ids: readonly string[],
    upTo?: number,
  ): Promise<Map<string, State | RedactedRecord>> {
    if (ids.length === 0) return new Map();
    const events = await this.log.readStreams(dossier, ids, upTo);
    const streams = byStream(events.filter(({ streamKind }) => streamKind === this.streamKind));
    return new Map([...streams].flatMap(([id, each]) => pair(id, redactedRecord(each) ?? this.fold(each))));
  }

  /**
   * All of these, in their order, as they stood at a sequence, but for those that were erased since the rows that name them were read. Rejects
   * with RangeError where one did not exist: rows must never say so.
   */
  async inOrder(dossier: string, ids: readonly string[], upTo: number): Promise<State[]> {
    const found = await this.find(dossier, ids, upTo);
    return ids.flatMap((id) => {
      const state = found.get(id);
      if (state === undefined)
        throw new RangeError(`The log of ${dossier} has no ${this.streamKind} ${id} by ${upTo}.`);
      return isRedacted(state) ? [] : [state];
    });
  }
}

/** Events by the stream that they belong to, each stream's in order. */
function byStream(events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const stream = streams.get(event.streamId);
    if (stream === undefined) streams.set(event.streamId, [event]);
    else stream.push(event);
  }
  return streams;
}

export function pair<Value>(key: string, value: Value | null | undefined): [string, Value][] {
  return value === null || value === undefined ? [] : [[key, value]];
}
