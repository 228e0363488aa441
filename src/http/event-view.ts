import type { RecordedEvent, Redacted } from '../ledger/event.js';
import { COUNT, ID, INSTANT, nullable, record, SEQUENCE, TEXT, type Schema } from './answers.js';

/** An event of the log in answers. `stream` is what it is about: kind and id. */
export interface EventView extends Omit<RecordedEvent, 'streamKind' | 'streamId' | 'obscure' | 'redacted'> {
  readonly stream: string;
  /** False: of a type or schema version that this code does not know; its data are shown as they are stored. */
  readonly understood: boolean;
  /** Which event has ordered its data erased, and why; its data are null then. Null where they are there. */
  readonly redacted: Pick<Redacted, 'sequence' | 'reason' | 'basis'> | null;
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
  data: { type: ['object', 'null'], additionalProperties: true },
  understood: { type: 'boolean' },
  redacted: {
    anyOf: [record({ sequence: SEQUENCE, reason: TEXT, basis: nullable(TEXT) }), { type: 'null' }],
  },
});

export function viewEvent({ streamKind, streamId, obscure, redacted, ...event }: RecordedEvent): EventView {
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
    redacted: redacted && { sequence: redacted.sequence, reason: redacted.reason, basis: redacted.basis },
  };
}
