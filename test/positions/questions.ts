import fc from 'fast-check';
import type { KnownInput } from '../../src/dossiers/reading.js';
import type { RecordedEvent } from '../../src/ledger/event.js';
import type { Asking } from './asking.js';
import { dates, saidOf } from './dates.js';
import { revised, revisionsOf, stateOf, type RevisionSeen } from './revision-oracle.js';
import { differences, Expectations, iso, type Pair } from './expectations.js';

const KINDS = ['adopted', 'reversed', 'withdrawn', 'strengthened', 'softened', 'conditions-changed'];

const REVISIONS = ['advance', 'backfill', 'correction', 'voiding', 'restoration'] as const;

/** An instant of said-time: around when something was said. */
export interface At {
  readonly saidAt: string;
  readonly milliseconds: number;
}

/** What of the log is to be known: picked once the log is there. */
export interface Knowing {
  readonly by: 'head' | 'sequence' | 'instant';
  readonly event: number;
  readonly milliseconds: number;
}

/** What is asked of a dossier, picked once its history is known. */
export interface Question {
  readonly at: At;
  readonly laterAt: At;
  readonly known: Knowing;
  readonly laterKnown: Knowing;
  readonly pair: number;
  readonly kind: number;
  readonly limit: number;
}

const near = fc.constantFrom(-1, 0, 0, 1);
const moments: fc.Arbitrary<At> = fc.record({ saidAt: dates, milliseconds: near });
const knowledge: fc.Arbitrary<Knowing> = fc.record({
  by: fc.constantFrom('head', 'sequence', 'sequence', 'instant'),
  event: fc.nat({ max: 400 }),
  milliseconds: near,
});

export const questions: fc.Arbitrary<Question[]> = fc.array(
  fc.record({
    at: moments,
    laterAt: moments,
    known: knowledge,
    laterKnown: knowledge,
    pair: fc.nat({ max: 60 }),
    kind: fc.nat({ max: KINDS.length - 1 }),
    limit: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** What the service answered, and what the oracle computes from the same events. */
export interface Answer {
  readonly asked: string;
  readonly answered: unknown;
  readonly expected: unknown;
}

/** Everything that a dossier is asked. */
export class Examination {
  private readonly pairs: readonly Pair[];
  /** Of each pair, once it was asked about: comparing whole histories at every event is what takes long here. */
  private readonly revised = new Map<Pair, readonly RevisionSeen[]>();

  constructor(
    private readonly asking: Asking,
    private readonly events: readonly RecordedEvent[],
    /** RFC 3339: what an answer takes for the instant where none is asked for. */
    private readonly now: string,
  ) {
    this.pairs = allPairs(events);
  }

  async *answers(question: Question): AsyncGenerator<Answer> {
    yield* this.board(question);
    yield* this.position(question);
    yield* this.shifts(question);
    yield* this.comparison(question);
    yield* this.audit(question);
    yield* this.between(question);
    if (this.pairs.length < 10) yield* this.revisions(question);
  }

  private async *board({ at, known, pair, limit }: Question): AsyncGenerator<Answer> {
    const { input, expectations } = this.known(known);
    const instant = instantOf(at);
    const expected = expectations.board(instant);
    const whole = await this.asking.board(iso(instant), input, {}, 10_000);
    yield { asked: 'the board', answered: whole, expected };
    const paged = await this.asking.board(iso(instant), input, {}, limit);
    yield { asked: 'the board in pages', answered: paged, expected };
    for (const filter of filters(this.pair(pair))) {
      const answered = await this.asking.board(iso(instant), input, filter, limit);
      const asked = `the board of ${Object.keys(filter).join(' and ')}`;
      yield { asked, answered, expected: expectations.board(instant, filter) };
    }
    const current = await this.asking.board(undefined, input, {}, 10_000);
    yield { asked: 'the board now', answered: current, expected: expectations.board(Date.parse(this.now)) };
  }

  private async *position({ at, known, pair: pick }: Question): AsyncGenerator<Answer> {
    const { input, sequence, expectations } = this.known(known);
    const pair = this.pair(pick);
    const instant = instantOf(at);
    const recordedAt = this.events[sequence - 1]?.recordedAt ?? null;
    const position = expectations.position(pair, instant);
    const answered = await this.asking.position(pair, iso(instant), input);
    const expected = { known: { sequence, recordedAt }, at: iso(instant), position };
    yield { asked: 'one position', answered, expected };
    const history = await this.asking.history(pair, input);
    yield { asked: 'its history', answered: history, expected: expectations.history(pair) };
  }

  private async *shifts({ at, laterAt, known, pair, kind: named, limit }: Question): AsyncGenerator<Answer> {
    const { input, expectations } = this.known(known);
    const [from = 0, to = 0] = [instantOf(at), instantOf(laterAt)].toSorted((one, other) => one - other);
    const kind = KINDS[named] ?? '';
    const said = [{ from }, { to }, { from, to }];
    const pairs = filters(this.pair(pair)).map((filter) => ({ ...filter, from }));
    for (const filter of [{}, { kind }, ...said, ...pairs, { kind, to }]) {
      const answered = await this.asking.shifts(filter, input, limit);
      const asked = `shifts by ${Object.keys(filter).join(', ') || 'nothing'}`;
      yield { asked, answered, expected: expectations.shifts(filter) };
    }
  }

  private async *comparison({ at, laterAt, known, laterKnown, limit }: Question): AsyncGenerator<Answer> {
    const all = this.known({ by: 'head', event: 0, milliseconds: 0 });
    const [first, second] = [this.known(known), this.known(laterKnown)];
    const [before, after] = [instantOf(at), instantOf(laterAt)];
    const states = [first, second].map(({ input, sequence }) => input ?? { sequence });
    const sides = [
      { asked: 'two instants', instants: [before, after], states: [], known: [all, all] },
      { asked: 'two states of knowledge', instants: [before], states, known: [first, second] },
      { asked: 'two of both', instants: [before, after], states, known: [first, second] },
    ];
    for (const { asked, instants, states: given, known: taken } of sides) {
      const boards = taken.map(({ expectations }, side) => expectations.board(instants[side] ?? before));
      const expected = differences(boards[0] ?? [], boards[1] ?? []);
      const answered = await this.asking.differences(instants.map(iso), given, limit);
      yield { asked: `what differs between ${asked}`, answered, expected };
    }
  }

  private async *audit({ known, pair: pick, limit }: Question): AsyncGenerator<Answer> {
    const { input, sequence } = this.known(known);
    const pair = this.pair(pick);
    const expected = this.revisionsOf(pair, sequence);
    const whole = await this.asking.audit(pair, input, 500);
    yield { asked: 'the audit of one position', answered: whole, expected };
    const paged = await this.asking.audit(pair, input, limit * 3);
    yield { asked: 'the audit of one position in pages', answered: paged, expected };
  }

  /** The events between two states of knowledge account for all that differs between them. */
  private async *between({ known, laterKnown, pair: pick }: Question): AsyncGenerator<Answer> {
    const pair = this.pair(pick);
    const [first = 0, second = 0] = [known, laterKnown]
      .map((each) => this.sequence(each).sequence)
      .toSorted((one, other) => one - other);
    const [since, until] = [{ sequence: first }, { sequence: second }];
    const expected = this.revisionsOf(pair, second).filter(({ sequence }) => sequence > first);
    const revisions = await this.asking.audit(pair, until, 500, since);
    yield { asked: 'what was revised between two states', answered: revisions, expected };
    const [earlier, later] = await Promise.all(
      [since, until].map(async (state) => stateOf(await this.asking.history(pair, state))),
    );
    const replayed = earlier && revisions.reduce(revised, earlier);
    yield { asked: 'an earlier state, as revised until a later', answered: replayed, expected: later };
  }

  /** The dossier's revisions are those of its pairs. */
  private async *revisions({ known, pair, kind: pick, limit }: Question): AsyncGenerator<Answer> {
    const { input, sequence } = this.known(known);
    const place = (each: RevisionSeen): string =>
      `${String(each.sequence).padStart(9, '0')} ${each.party} ${each.topic}`;
    const all = this.pairs
      .flatMap((each) => this.revisionsOf(each, sequence))
      .toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
    const order = pick % 2 === 0 ? 'oldest' : 'newest';
    const whole = await this.asking.revisions({ order }, input, limit * 20);
    const inOrder = order === 'oldest' ? all : all.toReversed();
    yield { asked: `all revisions, ${order} first`, answered: whole, expected: inOrder };
    const kind = REVISIONS[pick % REVISIONS.length] ?? 'advance';
    const { party, topic } = this.pair(pair);
    const from = all[pick % (all.length + 1)]?.recordedAt;
    const since = { sequence: pick % (sequence + 1) };
    const narrowed = [
      { kind },
      { party, kind },
      { topic, since },
      { since },
      { from },
      { to: from },
      { recorder: 'nobody' },
    ];
    const filter = narrowed[pair % narrowed.length] ?? {};
    const { from: begin = '', to: end = '9' } = filter as { from?: string; to?: string }; // holds: each is given or not
    const expected = all.filter(
      (each) =>
        (!('kind' in filter) || each.kind === filter.kind) &&
        (!('party' in filter) || each.party === filter.party) &&
        (!('topic' in filter) || each.topic === filter.topic) &&
        (!('since' in filter) || each.sequence > since.sequence) &&
        !('recorder' in filter) &&
        each.recordedAt >= begin &&
        each.recordedAt <= end,
    );
    const answered = await this.asking.revisions(filter, input, limit * 10);
    yield { asked: `revisions by ${Object.keys(filter).join(', ')}`, answered, expected };
  }

  /** What is known later does not change what an event did: a redaction, which does, has done so at every state of knowledge. */
  private revisionsOf(pair: Pair, known: number): readonly RevisionSeen[] {
    const all = this.revised.get(pair) ?? revisionsOf(this.events, pair);
    this.revised.set(pair, all);
    return all.filter(({ sequence }) => sequence <= known);
  }

  private pair(pick: number): Pair {
    const pair = this.pairs[pick % this.pairs.length];
    if (pair === undefined) throw new Error('A dossier of these tests has a party and a topic.');
    return pair;
  }

  /** What is known, how to ask for it, and what then is to be expected. */
  private known(knowing: Knowing): { input: KnownInput; sequence: number; expectations: Expectations } {
    const { input, sequence } = this.sequence(knowing);
    return { input, sequence, expectations: new Expectations(this.events, sequence) };
  }

  private sequence({ by, event, milliseconds }: Knowing): { input: KnownInput; sequence: number } {
    const head = this.events.length;
    if (by === 'head') return { input: undefined, sequence: head };
    if (by === 'sequence') {
      const sequence = event % (head + 2);
      return { input: { sequence }, sequence: Math.min(sequence, head) };
    }
    const instant = Date.parse(this.events[event % head]?.recordedAt ?? '') + milliseconds;
    const recorded = this.events.filter(({ recordedAt }) => Date.parse(recordedAt) <= instant);
    return { input: { instant: iso(instant) }, sequence: recorded.length };
  }
}

function instantOf({ saidAt, milliseconds }: At): number {
  return saidOf(saidAt) + milliseconds;
}

function filters({ party, topic }: Pair): Partial<Pair>[] {
  return [{ party }, { topic }, { party, topic }];
}

function allPairs(events: readonly RecordedEvent[]): Pair[] {
  const ids = (type: string): string[] =>
    events.filter((event) => event.type === type).map(({ streamId }) => streamId);
  return ids('PartyAdded').flatMap((party) => ids('TopicAdded').map((topic) => ({ party, topic })));
}
