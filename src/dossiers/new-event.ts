import type { NewEvent } from '../ledger/event.js';

/** A stream's next event. */
export function nextEvent(
  newId: () => string,
  stream: { readonly kind: string; readonly id: string; readonly version: number },
  type: string,
  data: object,
): NewEvent {
  return {
    id: newId(),
    streamKind: stream.kind,
    streamId: stream.id,
    streamVersion: stream.version,
    type,
    schemaVersion: 1,
    data: JSON.stringify(data),
  };
}
