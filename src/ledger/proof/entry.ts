import type { RecordedEvent } from '../event.js';
import { sha256 } from './hashing.js';

/** Bytes of a salt. */
export const SALT = 16;

/** Most bytes of an entry: its length is told in two (C2SP tlog-tiles, "Log entries"). */
export const LONGEST_ENTRY = 65_535;

/** An event without its data. */
export type Envelope = Omit<RecordedEvent, 'data' | 'obscure' | 'redacted'>;

/** docs/proof.md, "Entry and leaf": SHA-256 of the salt and of the payload's bytes as the log stores them. */
export function payloadHash(salt: Buffer, payload: string): Buffer {
  const content = Buffer.allocUnsafe(SALT + Buffer.byteLength(payload));
  salt.copy(content);
  content.write(payload, SALT);
  return sha256(content);
}

/**
 * The entry of an event: RFC 8785 canonical JSON. That canonical form is what JSON.stringify gives where keys are written in the order of
 * their UTF-16 code units, as they are here, and texts are well-formed, as PostgreSQL's are. Stored as hashes: never changed.
 */
export function entryOf(dossier: string, event: Envelope, hash: Buffer): string {
  const entry = JSON.stringify({
    causationId: event.causationId,
    correlationId: event.correlationId,
    dossier,
    id: event.id,
    payloadHash: hash.toString('base64'),
    recordedAt: event.recordedAt,
    recordedBy: event.recordedBy,
    schemaVersion: event.schemaVersion,
    sequence: event.sequence,
    stream: `${event.streamKind}/${event.streamId}`,
    streamVersion: event.streamVersion,
    type: event.type,
  });
  if (entry.length * 3 > LONGEST_ENTRY && Buffer.byteLength(entry) > LONGEST_ENTRY)
    throw new RangeError(`The entry of event ${event.sequence} has more than ${LONGEST_ENTRY} bytes.`);
  return entry;
}
