/** An event that is to be appended. `streamVersion` is the version it gives its stream: the one before it is what the caller expects. */
export interface NewEvent {
  /** UUIDv7. */
  readonly id: string;
  readonly streamKind: string;
  readonly streamId: string;
  readonly streamVersion: number;
  readonly type: string;
  readonly schemaVersion: number;
  /** JSON text. */
  readonly data: string;
}

/** An event of a dossier's log, upcast to the schema version that this code knows; as it is stored where this code does not understand it. */
export interface RecordedEvent {
  readonly sequence: number;
  readonly id: string;
  readonly streamKind: string;
  readonly streamId: string;
  readonly streamVersion: number;
  readonly type: string;
  readonly schemaVersion: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly data: unknown;
  /** Why this code does not understand it: then only the fields above the data mean anything. Null if it does. */
  readonly obscure: string | null;
  /** What ordered its data erased: they are null then. Null where they are there. */
  readonly redacted: Redacted | null;
}

/** The event by which a payload was erased: its sequence, when (RFC 3339) and by whom it was recorded, why, and by what right. */
export interface Redacted {
  readonly sequence: number;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly reason: string;
  readonly basis: string | null;
}

/** Who appends, and as part of what. */
export interface Provenance {
  readonly recordedBy: string;
  readonly correlationId: string;
  readonly causationId: string | null;
}

/** A version that a stream must have for an append to go through although the append does not write to it. */
export interface Guard {
  readonly streamId: string;
  readonly version: number;
}

/** A name that an append takes for a stream, unique in its dossier for ever. */
export interface Claim {
  readonly name: string;
  readonly streamId: string;
}

/** The client's key for a write, what it asked for (a digest), and the answer that it gets however often it asks. */
export interface Idempotency {
  readonly key: string;
  readonly fingerprint: Buffer;
  /** JSON text. Sequences in it count from 0; whoever answers adds the append's first. */
  readonly answer: string;
}

/** What is written together or not at all. */
export interface Append {
  readonly events: readonly [NewEvent, ...NewEvent[]];
  readonly provenance: Provenance;
  readonly guards?: readonly Guard[];
  readonly claims?: readonly Claim[];
  /** The last set-up event that the decision behind it knew: where the log holds a later one it is refused. Not given: it rests on none. */
  readonly knownCast?: number | undefined;
  readonly idempotency?: Idempotency | null;
}

export type AppendOutcome =
  | { readonly status: 'appended'; readonly first: number; readonly recordedAt: string }
  | {
      readonly status: 'replayed';
      readonly first: number;
      readonly recordedAt: string;
      readonly answer: unknown;
    }
  | {
      readonly status: 'version-conflict';
      readonly streamId: string;
      readonly expected: number;
      readonly actual: number;
    }
  /** The decision behind it did not know the set-up event of this sequence. */
  | { readonly status: 'cast-moved'; readonly sequence: number }
  | { readonly status: 'claim-taken'; readonly name: string; readonly streamId: string }
  | { readonly status: 'idempotency-mismatch'; readonly key: string };

/** There is no such dossier. */
export class UnknownDossier extends Error {
  override readonly name = 'UnknownDossier';
}

/** More appends wait than this process can hold; nothing was written. Its code is PostgreSQL's for "insufficient resources": trying again later may help. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
  readonly code = '53000';
}
