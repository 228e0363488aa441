import { createHash } from 'node:crypto';
import type { Appender } from '../ledger/appender.js';
import type { Claim, Guard, Idempotency, NewEvent, Provenance } from '../ledger/event.js';
import type { Answered, EventLog } from '../ledger/event-log.js';
import { Rejection } from '../domain/rejection.js';

/** Who writes, as part of what, and the client's key for it. */
export interface WriteContext {
  readonly provenance: Provenance;
  readonly idempotency: { readonly key: string; readonly fingerprint: Buffer } | null;
}

/** What every write answers: where its (last) event stands in the log. Until it is appended, sequences count from 0. */
export interface Receipt {
  readonly sequence: number;
  readonly recordedAt: string;
}

/** A claim, and the path of the field that makes it; `slug` if it is not told. */
export interface PlacedClaim extends Claim {
  readonly path?: string;
}

/** What a command decided: the events, what they rest on, and the answer once they are in the log. */
export interface Decision<Answer extends Receipt> {
  readonly events: readonly [NewEvent, ...NewEvent[]];
  readonly guards?: readonly Guard[];
  readonly claims?: readonly PlacedClaim[];
  /** The last set-up event of the cast that it was taken on, where that may not be the newest. */
  readonly knownCast?: number;
  readonly answer: Answer;
}

/** How often a decision is taken again because something that it rested on changed meanwhile. */
const TRIES = 10;

/** Carries out decisions: at most once for each idempotency key, and again on the newest state where somebody else was quicker. */
export class Writer {
  constructor(
    private readonly appender: Appender,
    private readonly log: EventLog,
  ) {}

  async write<Answer extends Receipt>(
    dossier: string,
    context: WriteContext,
    decide: (again: boolean) => Promise<Decision<Answer>>,
  ): Promise<Answer> {
    const earlier = context.idempotency && (await this.earlier<Answer>(dossier, context));
    if (earlier !== null) return earlier;
    try {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const answer = await this.attempt(dossier, context, await decide(attempt > 0));
        if (answer !== null) return answer;
      }
    } catch (error) {
      // What stands in its way may be this very write, which somebody repeats at the same time.
      const meanwhile = error instanceof Rejection ? await this.earlier<Answer>(dossier, context) : null;
      if (meanwhile !== null) return meanwhile;
      throw error;
    }
    throw new Rejection('version-conflict', 'It is being changed by others all the time; try again.');
  }

  /** What was answered under this key before; null if nothing was. */
  private async earlier<Answer extends Receipt>(
    dossier: string,
    { idempotency }: WriteContext,
  ): Promise<Answer | null> {
    if (idempotency === null) return null;
    const earlier = (await this.log.answered(dossier, [idempotency.key])).get(idempotency.key);
    return earlier === undefined ? null : repeat(earlier, idempotency);
  }

  /** Null: something that the decision rested on has changed. */
  async attempt<Answer extends Receipt>(
    dossier: string,
    { provenance, idempotency }: WriteContext,
    decision: Decision<Answer>,
  ): Promise<Answer | null> {
    const { events, guards = [], claims = [], knownCast, answer } = decision;
    const key: Idempotency | null = idempotency && { ...idempotency, answer: JSON.stringify(answer) };
    const append = { events, guards, claims, provenance, idempotency: key, knownCast };
    const outcome = await this.appender.append(dossier, append);
    switch (outcome.status) {
      case 'appended':
        return place(answer, outcome.first, outcome.recordedAt);
      case 'replayed':
        return placeStored(outcome.answer, outcome.first, outcome.recordedAt);
      case 'version-conflict':
      case 'cast-moved':
        return null;
      case 'claim-taken':
        throw slugTaken(outcome.name, claims.find(({ name }) => name === outcome.name)?.path);
      case 'idempotency-mismatch':
        throw mismatch();
    }
  }
}

/** The first answer to a request, again; a Rejection if the key was used for another. */
export function repeat<Answer extends Receipt>(
  { fingerprint, answer, first, recordedAt }: Answered,
  asked: { readonly fingerprint: Buffer },
): Answer {
  if (!fingerprint.equals(asked.fingerprint)) throw mismatch();
  return placeStored(answer, first, recordedAt);
}

/** Rejects with `redacted` where what was answered has been erased: it was done, and must not be done again. */
function placeStored<Answer extends Receipt>(answer: unknown, first: number, recordedAt: string): Answer {
  if (answer === null)
    throw new Rejection(
      'redacted',
      `It was recorded (event ${first}), and what was answered has been redacted.`,
    );
  return place(answer as Answer, first, recordedAt); // holds: the same fingerprint means the same request, and so the same kind of answer
}

/** Moves an answer whose sequences count from 0 to its place in the log; so do the answers of a batch inside it. */
export function place<Answer extends Receipt>(answer: Answer, first: number, recordedAt: string): Answer {
  const { statements } = answer as { statements?: unknown };
  const placed = { ...answer, sequence: answer.sequence + first, recordedAt };
  if (!Array.isArray(statements)) return placed;
  return { ...placed, statements: statements.map((each: Receipt) => place(each, first, recordedAt)) };
}

/** What a request asked for, as far as a repetition must ask for the same. */
export function fingerprintOf(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

function mismatch(): Rejection {
  return new Rejection(
    'idempotency-mismatch',
    'This Idempotency-Key was used for another request in this dossier.',
  );
}

export function slugTaken(name: string, path = 'slug'): Rejection {
  const [kind, slug] = name.split('/');
  return new Rejection('slug-taken', `Another ${kind} has the slug ${slug}.`, [
    { path, message: `is taken by another ${kind}` },
  ]);
}
