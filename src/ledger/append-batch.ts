import type { Pool, PoolClient } from 'pg';
import { bytes, integers, texts, uuids } from './binary-array.js';
import { UnknownDossier, type Append, type AppendOutcome } from './event.js';
import { expectations } from './expectations.js';

type Refused = Exclude<AppendOutcome, { status: 'appended' }>;

/** Either everything was written, the first event at `first`, or nothing was and these appends (by index) are why. */
export type BatchOutcome =
  | { readonly status: 'appended'; readonly first: number; readonly recordedAt: string }
  | { readonly status: 'refused'; readonly refusals: ReadonlyMap<number, Refused> };

interface Refusal {
  readonly unit: number;
  readonly reason: 'version-conflict' | 'claim-taken' | 'key-used';
  readonly stream: string;
  readonly expected: number;
  readonly actual: number;
  readonly name: string;
  readonly fingerprint: string;
  readonly sequence: number;
  readonly recorded_at: string;
  readonly answer: unknown;
}

interface Row {
  readonly head: string | null;
  readonly recorded: Date;
  readonly refusals: readonly Refusal[] | null;
  readonly cast_sequence: string | null;
}

const CALL = {
  name: 'append_events',
  text: `SELECT head, recorded, refusals, cast_sequence FROM append_events($1, $2, $3, ${Array.from({ length: 22 }, (_, index) => `$${index + 4}`).join(', ')})`,
};

/** Writes the appends of one dossier in one round trip and one transaction. `now`: RFC 3339. */
export async function appendBatch(
  connection: Pool | PoolClient,
  dossier: string,
  appends: readonly Append[],
  now: string,
): Promise<BatchOutcome> {
  const knownCast = appends.reduce((least, append) => Math.min(least, rests(append)), RESTS_ON_NONE);
  const { rows } = await connection.query<Row>({
    ...CALL,
    values: [dossier, now, knownCast, ...parameters(appends)],
  });
  const [row] = rows;
  if (row === undefined || row.head === null) throw new UnknownDossier(`No dossier ${dossier}.`);
  if (row.cast_sequence !== null)
    return { status: 'refused', refusals: outrun(Number(row.cast_sequence), appends) };
  if (row.refusals !== null) return { status: 'refused', refusals: explain(row.refusals, appends) };
  return { status: 'appended', first: Number(row.head) + 1, recordedAt: row.recorded.toISOString() };
}

/** No sequence is beyond it. */
const RESTS_ON_NONE = Number.MAX_SAFE_INTEGER;

const rests = ({ knownCast = RESTS_ON_NONE }: Append): number => knownCast;

/** Those whose decisions did not know the last set-up event. */
function outrun(sequence: number, appends: readonly Append[]): Map<number, Refused> {
  return new Map(
    appends.flatMap((append, unit): [number, Refused][] =>
      rests(append) < sequence ? [[unit, { status: 'cast-moved', sequence }]] : [],
    ),
  );
}

function parameters(appends: readonly Append[]): (number | Buffer)[] {
  const made = new Map<string, number>();
  const resting: { unit: number; streamId: string; version: number }[] = [];
  const beginning: typeof resting = [];
  let offset = 0;
  const keys: { unit: number; key: string; fingerprint: Buffer; offset: number; answer: string }[] = [];
  appends.forEach((append, unit) => {
    const all = expectations(append);
    const own = all.length - (append.guards?.length ?? 0);
    all.forEach((each, index) => {
      if (made.get(each.streamId) === each.version) return;
      const begins = index < own && each.version === 0;
      (begins ? beginning : resting).push({ unit, ...each });
    });
    for (const event of append.events) made.set(event.streamId, event.streamVersion);
    if (append.idempotency) keys.push({ unit, offset: offset + 1, ...append.idempotency });
    offset += append.events.length;
  });
  const claims = appends.flatMap(({ claims: each = [] }, unit) => each.map((claim) => ({ unit, ...claim })));
  const events = appends.flatMap((append) => append.events);
  const provenances = appends.flatMap(({ events: each, provenance }) => each.map(() => provenance));
  const expected = [...resting, ...beginning];
  return [
    resting.length,
    integers(expected.map(({ unit }) => unit)),
    uuids(expected.map(({ streamId }) => streamId)),
    integers(expected.map(({ version }) => version)),
    integers(claims.map(({ unit }) => unit)),
    texts(claims.map(({ name }) => name)),
    uuids(claims.map(({ streamId }) => streamId)),
    integers(keys.map(({ unit }) => unit)),
    texts(keys.map(({ key }) => key)),
    bytes(keys.map(({ fingerprint }) => fingerprint)),
    integers(keys.map((each) => each.offset)),
    texts(keys.map(({ answer }) => answer)),
    uuids(events.map(({ id }) => id)),
    texts(events.map(({ streamKind }) => streamKind)),
    uuids(events.map(({ streamId }) => streamId)),
    integers(events.map(({ streamVersion }) => streamVersion)),
    texts(events.map(({ type }) => type)),
    integers(events.map(({ schemaVersion }) => schemaVersion)),
    texts(provenances.map(({ recordedBy }) => recordedBy)),
    uuids(provenances.map(({ correlationId }) => correlationId)),
    uuids(provenances.map(({ causationId }) => causationId)),
    texts(events.map(({ data }) => data)),
  ];
}

/** One reason for each refused append, the weightiest. */
function explain(refusals: readonly Refusal[], appends: readonly Append[]): Map<number, Refused> {
  const weightiestFirst = refusals.toSorted((one, other) => weight(other) - weight(one));
  const reasons = new Map<number, Refused>();
  for (const refusal of weightiestFirst)
    if (!reasons.has(refusal.unit)) reasons.set(refusal.unit, reason(refusal, appends[refusal.unit]));
  return reasons;
}

/**
 * A used key weighs most: whoever repeats a write must get its answer, not a conflict with it. Then what is so for ever, a name that is
 * taken or a version that is past, before a version that may still come.
 */
function weight(refusal: Refusal): number {
  if (refusal.reason === 'key-used') return 3;
  if (refusal.reason === 'claim-taken') return 2;
  return refusal.actual > refusal.expected ? 1 : 0;
}

function reason(refusal: Refusal, append: Append | undefined): Refused {
  switch (refusal.reason) {
    case 'version-conflict':
      return {
        status: 'version-conflict',
        streamId: refusal.stream,
        expected: refusal.expected,
        actual: refusal.actual,
      };
    case 'claim-taken':
      return { status: 'claim-taken', name: refusal.name, streamId: refusal.stream };
    case 'key-used':
      return append?.idempotency?.fingerprint.toString('hex') === refusal.fingerprint
        ? {
            status: 'replayed',
            first: refusal.sequence,
            recordedAt: new Date(refusal.recorded_at).toISOString(),
            answer: refusal.answer,
          }
        : { status: 'idempotency-mismatch', key: refusal.name };
  }
}
