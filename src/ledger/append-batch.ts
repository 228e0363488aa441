import { types } from 'node:util';
import type { Pool, PoolClient } from 'pg';
import { bytes, integers, texts, uuids } from './binary-array.js';
import { UnknownDossier, type Append, type AppendOutcome, type Claim, type Idempotency } from './event.js';
import { expectations, type Expectation } from './expectations.js';

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

/** What `append_events` says (migration 15); null: there is no such dossier. */
type Answer =
  | { readonly head: number; readonly recorded: string }
  | { readonly refusals: readonly Refusal[] }
  | { readonly castSequence: number }
  | null;

const UNCONDITIONALLY = call('append_events', 13);
const ON_CONDITIONS = call('append_events_if', 24);

function call(name: string, count: number): { name: string; text: string } {
  const placeholders = Array.from({ length: count }, (_, index) => `$${index + 1}`);
  return { name, text: `SELECT ${name}(${placeholders.join(', ')}) AS answer` };
}

/** SQLSTATE: what is written is there already, or twice in what is written. */
const UNIQUE_VIOLATION = '23505';

/** Writes the appends of one dossier in one round trip and one transaction. `now`: RFC 3339. */
export async function appendBatch(
  connection: Pool | PoolClient,
  dossier: string,
  appends: readonly Append[],
  now: string,
): Promise<BatchOutcome> {
  const knownCast = appends.reduce((least, append) => Math.min(least, rests(append)), RESTS_ON_NONE);
  const events = eventArrays(appends);
  const answer = await ask(appends, async (looking) => {
    const rest = conditions(appends, looking);
    const { rows } = await connection.query<{ answer: Answer }>({
      ...(rest === null ? UNCONDITIONALLY : ON_CONDITIONS),
      values: [dossier, now, knownCast, ...(rest ?? []), ...events],
    });
    return rows[0]?.answer ?? null;
  });
  if (answer === null) throw new UnknownDossier(`No dossier ${dossier}.`);
  if ('castSequence' in answer) return { status: 'refused', refusals: outrun(answer.castSequence, appends) };
  if ('refusals' in answer) return { status: 'refused', refusals: explain(answer.refusals, appends) };
  return {
    status: 'appended',
    first: answer.head + 1,
    recordedAt: new Date(answer.recorded).toISOString(),
  };
}

/** Looks everywhere only where the answer to the short look leaves open who is refused, or why. */
async function ask(appends: readonly Append[], send: (looking: Looking) => Promise<Answer>): Promise<Answer> {
  try {
    const answer = await send('where it rests');
    if (answer === null || !('refusals' in answer) || !mayBeWeightier(answer.refusals, appends))
      return answer;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error; // somebody has begun a stream that is begun here: who, and which
  }
  return send('everywhere');
}

/** Whether somebody is refused for a version that may still come, and begins a stream that nobody has looked for: it may be there. */
function mayBeWeightier(refusals: readonly Refusal[], appends: readonly Append[]): boolean {
  const heaviest = new Map<number, number>();
  for (const each of refusals) heaviest.set(each.unit, Math.max(weight(each), heaviest.get(each.unit) ?? 0));
  return appends.some((append, unit) => heaviest.get(unit) === 0 && begins(append));
}

const begins = ({ events }: Append): boolean => events.some(({ streamVersion }) => streamVersion === 1);

const isUniqueViolation = (error: unknown): boolean =>
  types.isNativeError(error) && (error as { code?: unknown }).code === UNIQUE_VIOLATION;

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

/**
 * Which of the expected versions are looked up. A stream that an append begins need not be: most appends do nothing else, and that it is there
 * already the unique constraint says as well.
 */
type Looking = 'where it rests' | 'everywhere';

/** As `append_events_if` takes them; null where there are none. */
function conditions(appends: readonly Append[], looking: Looking): Buffer[] | null {
  const written = new Map<string, number>();
  const versions: (Expectation & { unit: number })[] = [];
  const claims: (Claim & { unit: number })[] = [];
  const keys: (Idempotency & { unit: number; offset: number })[] = [];
  let offset = 1;
  appends.forEach((append, unit) => {
    const expected = expectations(append);
    const own = expected.length - (append.guards?.length ?? 0);
    expected.forEach((each, index) => {
      const isBegun = index < own && each.version === 0;
      if (written.get(each.streamId) === each.version || (isBegun && looking === 'where it rests')) return;
      versions.push({ unit, ...each });
    });
    for (const { streamId, streamVersion } of append.events) written.set(streamId, streamVersion);
    for (const claim of append.claims ?? []) claims.push({ unit, ...claim });
    if (append.idempotency) keys.push({ unit, offset, ...append.idempotency });
    offset += append.events.length;
  });
  if (versions.length + claims.length + keys.length === 0) return null;
  return [
    integers(versions.map(({ unit }) => unit)),
    uuids(versions.map(({ streamId }) => streamId)),
    integers(versions.map(({ version }) => version)),
    integers(claims.map(({ unit }) => unit)),
    texts(claims.map(({ name }) => name)),
    uuids(claims.map(({ streamId }) => streamId)),
    integers(keys.map(({ unit }) => unit)),
    texts(keys.map(({ key }) => key)),
    bytes(keys.map(({ fingerprint }) => fingerprint)),
    integers(keys.map((each) => each.offset)),
    texts(keys.map(({ answer }) => answer)),
  ];
}

function eventArrays(appends: readonly Append[]): Buffer[] {
  const events = appends.flatMap((append) => append.events);
  const provenances = appends.flatMap(({ events: each, provenance }) => each.map(() => provenance));
  return [
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
