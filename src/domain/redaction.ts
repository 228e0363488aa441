/** The event that says what of its dossier's log the law orders erased; it stands in the stream of the thing that it is about. Stored: docs/proof.md. */
export const PAYLOAD_REDACTED = 'PayloadRedacted';

/** Its data. Stored: fields may be added, never renamed or removed. */
export interface PayloadRedacted {
  /** Of the events whose payloads are to be erased. */
  readonly sequences: readonly number[];
  readonly reason: string;
  /** The law or the order that demands it. */
  readonly basis: string | null;
}

/** By which event content was erased, when (RFC 3339) and by whom that was recorded, why, and by what right. */
export interface Redaction {
  readonly sequence: number;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly reason: string;
  readonly basis: string | null;
}

/** What is left of a statement or an assessment of which anything was erased: it says nothing any more, at whatever state of knowledge. */
export interface RedactedRecord {
  readonly id: string;
  readonly version: number;
  readonly redacted: Redaction;
}

/** What is shown in the place of an erased name. */
export const REDACTED_NAME = '[redacted]';

/** As much of an event as tells of redaction. */
export interface Redactable {
  readonly sequence: number;
  readonly type: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly data: unknown;
  readonly obscure?: string | null;
  /** What has erased its data. */
  readonly redacted?: Redaction | null;
}

/** The redaction that an event tells of: because it is one, or because one has erased its data. Null for any other event. */
export function redactionIn(event: Redactable): Redaction | null {
  if (event.redacted) return event.redacted;
  if (event.type !== PAYLOAD_REDACTED || (event.obscure ?? null) !== null) return null;
  const { sequence, recordedAt, recordedBy } = event;
  const { reason, basis } = event.data as PayloadRedacted; // holds: the type names its shape
  return { sequence, recordedAt, recordedBy, reason, basis };
}

/** What is left of a record, by its stream's events; null where nothing of it was erased. */
export function redactedRecord(
  events: readonly (Redactable & { readonly streamId: string; readonly streamVersion: number })[],
): RedactedRecord | null {
  const redacted = events.map(redactionIn).findLast((each) => each !== null);
  const last = events.at(-1);
  return redacted && last ? { id: last.streamId, version: last.streamVersion, redacted } : null;
}

export function isRedacted(record: object): record is RedactedRecord {
  return 'redacted' in record;
}
