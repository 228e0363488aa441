import type { RecordedEvent } from '../ledger/event.js';
import { COUNT, ID, INSTANT, nullable, record, SEQUENCE, TEXT, type Schema } from './answers.js';

/** An event of the log in answers. `stream` is what it is about: kind and id. */
export interface EventView extends Omit<RecordedEvent, 'streamKind' | 'streamId' | 'obscure'> {
  readonly stream: string;
  /** False: of a type or schema version that this code does not know; its data are shown as they are stored. */
  readonly understood: boolean;
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
  understood: { type: 'boolean' },
});

export function viewEvent({ streamKind, streamId, obscure, ...event }: RecordedEvent): EventView {
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
    understood: obscure === null,
  };
}
