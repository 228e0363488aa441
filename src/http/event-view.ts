import type { RecordedEvent } from '../ledger/event.js';
import { COUNT, ID, INSTANT, nullable, record, SEQUENCE, TEXT, type Schema } from './answers.js';

/** An event of the log in answers. `stream` is what it is about: kind and id. */
export interface EventView extends Omit<RecordedEvent, 'streamKind' | 'streamId'> {
  readonly stream: string;
}

export const EVENT_SCHEMA: Schema = record({
  sequence: SEQUENCE,
  id: ID,
  type: TEXT,
  schemaVersion: COUNT,
  stream: TEXT,
  streamVersion: COUNT,
  recordedAt: INSTANT,
  recordedBy: TEXT,
  correlationId: ID,
  causationId: nullable(ID),
  data: { type: 'object', additionalProperties: true },
});

export function viewEvent({ streamKind, streamId, ...event }: RecordedEvent): EventView {
  const {
    sequence,
    id,
    type,
    schemaVersion,
    streamVersion,
    recordedAt,
    recordedBy,
    correlationId,
    causationId,
    data,
  } = event;
  return {
    sequence,
    id,
    type,
    schemaVersion,
    stream: `${streamKind}/${streamId}`,
    streamVersion,
    recordedAt,
    recordedBy,
    correlationId,
    causationId,
    data,
  };
}
