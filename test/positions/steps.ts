import fc from 'fast-check';
import { TABLE, type Stance } from './catalogue.js';
import { dates } from './dates.js';

/** A choice among things that are only known when it is made: taken modulo their number. Null: none of them. */
export type Pick = number | null;

export interface Affiliation {
  readonly party: number;
  readonly from: string | null;
  readonly to: string | null;
}

/** A statement that somebody may make; what the catalogue demands besides is filled in when it is made. */
export interface Draft {
  readonly act: string;
  readonly answers: Pick;
  readonly speaker: Pick;
  readonly party: Pick;
  readonly topic: Pick;
  readonly against: Pick;
  readonly saidAt: string;
  readonly stance: Stance | null;
  readonly conditions: readonly number[];
  /** How what it refers to is called: by id, slug, name or alias. */
  readonly naming: number;
  readonly slugged: boolean;
}

/** What a correction may change; what is left out stays. */
export interface Changes {
  readonly act?: string;
  readonly answers?: Pick;
  readonly speaker?: Pick;
  readonly party?: Pick;
  readonly topic?: Pick;
  readonly saidAt?: string;
  readonly stance?: Stance | null;
  readonly conditions?: readonly number[];
}

export interface Judgement {
  readonly party: number;
  readonly topic: number;
  readonly stance: Stance;
  readonly conditions: readonly number[];
  readonly asOf: string;
}

export type Manner = 'one by one' | 'at the same time' | 'batch' | 'import';

/** Something that happens to a dossier. `tick`: milliseconds that the clock moves on before it. */
export type Step = { readonly tick: number } & (
  | {
      readonly kind: 'record';
      readonly manner: Manner;
      readonly drafts: readonly Draft[];
      /** Bytes of each chunk of an imported stream. */
      readonly chunk: number;
    }
  | { readonly kind: 'correct'; readonly record: number; readonly changes: Changes }
  | { readonly kind: 'void or restore'; readonly record: number }
  | { readonly kind: 'redact'; readonly record: number }
  | { readonly kind: 'assess'; readonly judgement: Judgement; readonly basis: readonly number[] }
  | { readonly kind: 'reassess'; readonly record: number; readonly changes: Partial<Judgement> }
  | { readonly kind: 'affiliate'; readonly speaker: number; readonly affiliations: readonly Affiliation[] }
  | { readonly kind: 'rebuild' }
);

export interface SetUp {
  readonly parties: number;
  readonly topics: number;
  readonly speakers: readonly (readonly Affiliation[])[];
  readonly imported: boolean;
}

export const STANCES: readonly Stance[] = ['opposed', 'skeptical', 'noncommittal', 'open', 'supportive'];

const number = fc.nat({ max: 60 });
const pick = fc.option(number, { freq: 3 });
const stance = fc.constantFrom(...STANCES);
/** Few sets, some of them in several orders or with one condition twice. */
const conditions = fc.constantFrom<number[]>([], [0], [0, 1], [1, 0], [0, 1, 0], [1], [2, 1]);
const noConditions = fc.constant<number[]>([]);
const someConditions = fc.oneof(noConditions, conditions);
const act = fc.constantFrom(...Object.keys(TABLE));

const affiliation: fc.Arbitrary<Affiliation> = fc.record({
  party: number,
  from: fc.option(dates, { freq: 2 }),
  to: fc.option(dates, { freq: 2 }),
});
const affiliations = fc.array(affiliation, { maxLength: 2 });

export const draft: fc.Arbitrary<Draft> = fc.record({
  act,
  answers: pick,
  speaker: pick,
  party: fc.option(number, { freq: 2 }),
  topic: fc.option(number, { freq: 2 }),
  against: fc.option(number, { freq: 2 }),
  saidAt: dates,
  stance: fc.option(stance, { freq: 2 }),
  conditions: someConditions,
  naming: fc.nat({ max: 3 }),
  slugged: fc.boolean(),
});

/** One to three fields, named anew. */
const changes: fc.Arbitrary<Changes> = fc
  .tuple(
    fc.record({
      act,
      answers: pick,
      speaker: pick,
      party: pick,
      topic: pick,
      saidAt: dates,
      stance: fc.option(stance),
      conditions,
    }),
    fc.subarray(['act', 'answers', 'speaker', 'party', 'topic', 'saidAt', 'stance', 'conditions'] as const, {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([all, fields]) => Object.fromEntries(fields.map((field) => [field, all[field]])));

const judgement: fc.Arbitrary<Judgement> = fc.record({
  party: number,
  topic: number,
  stance,
  conditions: someConditions,
  asOf: dates,
});

const rejudgement: fc.Arbitrary<Partial<Judgement>> = fc.record(
  { party: number, topic: number, stance, conditions, asOf: dates },
  { requiredKeys: [] },
);

/** The clock stands still, goes on, jumps ahead, and now and then is set back. */
const tick = fc.oneof(
  fc.constant(0),
  fc.constantFrom(1, 7, 1_000),
  fc.integer({ min: -5_000, max: 100_000_000 }),
);

const record = fc.record({
  kind: fc.constant('record' as const),
  manner: fc.constantFrom<Manner>('one by one', 'at the same time', 'batch', 'import'),
  drafts: fc.array(draft, { minLength: 1, maxLength: 8, size: 'max' }),
  chunk: fc.integer({ min: 1, max: 2_000 }),
  tick,
});
const correct = fc.record({ kind: fc.constant('correct' as const), record: number, changes, tick });
const standing = fc.record({ kind: fc.constant('void or restore' as const), record: number, tick });
const redact = fc.record({ kind: fc.constant('redact' as const), record: number, tick });
const assess = fc.record({
  kind: fc.constant('assess' as const),
  judgement,
  basis: fc.array(number, { maxLength: 3 }),
  tick,
});
const reassess = fc.record({
  kind: fc.constant('reassess' as const),
  record: number,
  changes: rejudgement,
  tick,
});
const affiliate = fc.record({
  kind: fc.constant('affiliate' as const),
  speaker: number,
  affiliations,
  tick,
});
const rebuild = fc.record({ kind: fc.constant('rebuild' as const), tick });

/** As many short histories as long ones: unbiased, since fast-check prefers the short. */
export const steps: fc.Arbitrary<Step[]> = fc.noBias(
  fc.array(
    fc.oneof(
      { weight: 14, arbitrary: record },
      { weight: 9, arbitrary: correct },
      { weight: 5, arbitrary: standing },
      { weight: 1, arbitrary: redact },
      { weight: 2, arbitrary: assess },
      { weight: 2, arbitrary: reassess },
      { weight: 1, arbitrary: affiliate },
      { weight: 1, arbitrary: rebuild },
    ),
    { minLength: 1, maxLength: 30, size: 'max' },
  ),
);

export const setUp: fc.Arbitrary<SetUp> = fc.record({
  parties: fc.integer({ min: 1, max: 3 }),
  topics: fc.integer({ min: 1, max: 3 }),
  speakers: fc.array(affiliations, { minLength: 1, maxLength: 4 }),
  imported: fc.boolean(),
});
