import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import type { Append, AppendOutcome, Claim } from '../../src/ledger/event.js';
import { anEvent, PROVENANCE, TestLedger, times } from './test-ledger.js';

/**
 * One process's appends are answered as if they had been written one after the other in the order in which they came, however they were
 * gathered; the log holds those that were appended, whole, at the places that they were told.
 */

const STREAMS = times(4, () => uuidv7());
const NAMES = ['party/a', 'party/b'];
const KEYS = ['k', 'l'];

/** `STANDPOINT_RUNS=20000` is a long soak; fast-check says the seed of a run that fails. */
const RUNS = Number(process.env['STANDPOINT_RUNS'] ?? 300);

interface Attempt {
  /** Streams it writes to, each an event; the version is what the model holds plus this slip. */
  readonly writes: readonly { stream: number; slip: number }[];
  readonly guard: { stream: number; slip: number } | null;
  readonly name: number | null;
  readonly key: { key: number; request: number } | null;
  /** What happens before the next one comes: nothing, a turn of the event loop, or all answers so far. */
  readonly before: 'nothing' | 'turn' | 'answers';
}

const slip = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -2, max: 2 }) },
);
const streamSlip = fc.record({ stream: fc.nat(STREAMS.length - 1), slip });
const attempt: fc.Arbitrary<Attempt> = fc.record({
  writes: fc.array(streamSlip, { minLength: 1, maxLength: 3 }),
  guard: fc.option(streamSlip, { freq: 3 }),
  name: fc.option(fc.nat(NAMES.length - 1), { freq: 5 }),
  key: fc.option(fc.record({ key: fc.nat(KEYS.length - 1), request: fc.nat(1) }), { freq: 5 }),
  before: fc.constantFrom('nothing', 'nothing', 'turn', 'answers'),
});

const attempted = (writes: Attempt['writes'], key: Attempt['key'] = null): Attempt => ({
  writes,
  guard: null,
  name: null,
  key,
  before: 'nothing',
});

/** Histories that were answered wrongly once. */
const FOUND: [Attempt[]][] = [
  // The fourth is sure to be refused for stream 3, and was told of stream 0 as it was before the third.
  [
    [
      attempted([{ stream: 3, slip: 0 }], { key: 0, request: 0 }),
      attempted([{ stream: 0, slip: 0 }], { key: 0, request: 0 }),
      attempted([{ stream: 0, slip: 0 }]),
      attempted([
        { stream: 0, slip: 0 },
        { stream: 3, slip: -1 },
      ]),
    ],
  ],
  // The third is to be refused for stream 3, and was told of it as it was before the first: the second, refused, had been between them.
  [
    [
      attempted([{ stream: 3, slip: 0 }]),
      attempted([
        { stream: 1, slip: 1 },
        { stream: 3, slip: 0 },
      ]),
      attempted([{ stream: 3, slip: 1 }]),
    ],
  ],
];

/** The ledger as a list. */
class Model {
  readonly versions = new Map<string, number>();
  readonly claims = new Map<string, string>();
  readonly keys = new Map<string, { fingerprint: string; of: number }>();
  readonly appended: Append[] = [];

  /** What may be answered to the append; `of`: its number. */
  append(append: Append, of: number): Expected {
    const { idempotency, guards = [], claims = [], events } = append;
    const used = idempotency && this.keys.get(idempotency.key);
    if (used)
      return used.fingerprint === idempotency.fingerprint.toString() ? { replays: used.of } : 'mismatch';
    const before = new Map(this.versions);
    const conflict =
      guards.some(({ streamId, version }) => (before.get(streamId) ?? 0) !== version) ||
      events.some(({ streamId, streamVersion }) => {
        const fits = (before.get(streamId) ?? 0) === streamVersion - 1;
        before.set(streamId, streamVersion);
        return !fits;
      });
    const taken = claims.filter(({ name }) => this.claims.has(name));
    if (conflict || taken.length > 0)
      return { conflict, versions: new Map(this.versions), taken: this.holders(taken) };
    for (const { streamId, streamVersion } of events) this.versions.set(streamId, streamVersion);
    for (const { name, streamId } of claims) this.claims.set(name, streamId);
    if (idempotency) this.keys.set(idempotency.key, { fingerprint: idempotency.fingerprint.toString(), of });
    this.appended.push(append);
    return 'appended';
  }

  private holders(claims: readonly Claim[]): Map<string, string> {
    return new Map(claims.map(({ name }) => [name, this.claims.get(name) ?? '']));
  }
}

type Expected = 'appended' | 'mismatch' | { readonly replays: number } | Refusal;

/** Where there are several reasons, any of them may be told. */
interface Refusal {
  readonly conflict: boolean;
  readonly versions: ReadonlyMap<string, number>;
  /** Names that it claims and who holds them. */
  readonly taken: ReadonlyMap<string, string>;
}

/** An append whose versions follow what the model holds, but for the slips. */
function make({ writes, guard, name, key }: Attempt, model: Model, of: number): Append | null {
  const versions = new Map<string, number>();
  const events = writes.map((write) => {
    const stream = STREAMS[write.stream] ?? '';
    const version = (versions.get(stream) ?? Math.max(0, (model.versions.get(stream) ?? 0) + write.slip)) + 1;
    versions.set(stream, version);
    return anEvent(stream, version, { data: { of } });
  });
  const [first, ...others] = events;
  if (first === undefined) return null;
  const guarded = guard && STREAMS[guard.stream];
  return {
    events: [first, ...others],
    provenance: PROVENANCE,
    guards:
      guard && guarded && !versions.has(guarded)
        ? [{ streamId: guarded, version: Math.max(0, (model.versions.get(guarded) ?? 0) + guard.slip) }]
        : [],
    claims: name === null ? [] : [{ name: NAMES[name] ?? '', streamId: first.streamId }],
    idempotency: key && {
      key: KEYS[key.key] ?? '',
      fingerprint: Buffer.from(`request ${key.request}`),
      answer: JSON.stringify({ of }),
    },
  };
}

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await TestLedger.open();
});

afterAll(() => ledger.close());

function check(
  expected: Expected,
  outcome: AppendOutcome | undefined,
  outcomes: readonly AppendOutcome[],
): void {
  if (expected === 'appended') expect(outcome).toMatchObject({ status: 'appended' });
  else if (expected === 'mismatch') expect(outcome).toMatchObject({ status: 'idempotency-mismatch' });
  else if ('replays' in expected)
    expect(outcome).toEqual({
      ...outcomes[expected.replays],
      status: 'replayed',
      answer: { of: expected.replays },
    });
  else checkRefusal(expected, outcome);
}

function checkRefusal({ conflict, versions, taken }: Refusal, outcome: AppendOutcome | undefined): void {
  if (outcome?.status === 'claim-taken') expect(outcome.streamId).toBe(taken.get(outcome.name));
  else if (outcome?.status === 'version-conflict' && conflict) {
    // Who is sure to be refused may hear of it before those who came earlier are in: then it is told a version of before.
    const actual = versions.get(outcome.streamId) ?? 0;
    expect(outcome.actual).not.toBe(outcome.expected);
    if (outcome.expected < outcome.actual) expect(outcome.actual).toBeLessThanOrEqual(actual);
    else expect(outcome.actual).toBe(actual);
  } else throw new Error(`${outcome?.status} in place of a refusal`);
}

it('appends that come together are answered as if they had come one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { minLength: 1, maxLength: 40 }), async (attempts) => {
      const dossier = await ledger.newDossier();
      const appender = ledger.appender();
      const model = new Model();
      const expected: Expected[] = [];
      const answers: Promise<AppendOutcome>[] = [];
      for (const each of attempts) {
        const append = make(each, model, answers.length);
        if (append === null) continue;
        expected.push(model.append(append, answers.length));
        answers.push(appender.append(dossier, append));
        if (each.before === 'turn') await setImmediate();
        if (each.before === 'answers') await Promise.all(answers);
      }
      const outcomes = await Promise.all(answers);
      expected.forEach((each, index) => check(each, outcomes[index], outcomes));

      const log = await ledger.log.read(dossier, 0, 1_000);
      expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1));
      expect(log).toHaveLength(model.appended.reduce((sum, { events }) => sum + events.length, 0));
      const firsts = outcomes.flatMap((outcome) => (outcome.status === 'appended' ? [outcome.first] : []));
      model.appended.forEach(({ events }, index) => {
        const first = (firsts[index] ?? NaN) - 1;
        expect(log.slice(first, first + events.length).map(({ id }) => id)).toEqual(
          events.map(({ id }) => id),
        );
      });
      expect(await ledger.log.claimed(dossier, NAMES)).toEqual(model.claims);
    }),
    { numRuns: RUNS, examples: FOUND },
  );
});
