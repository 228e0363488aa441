import { ACTS, type Act } from './acts.js';
import { reply, requirements, type Referred } from './act-rules.js';
import type { Cast } from './cast.js';
import type { Passage } from './passage.js';
import { isRedacted } from './redaction.js';
import { References } from './references.js';
import { Rejection, rejectIfAny, under, type FieldError, type Finding } from './rejection.js';
import { saidOf } from './said-at.js';
import type { Stance } from './stance.js';
import type { Attribution, Resolved, Stated, Statement } from './statement.js';

/** A statement as a client sends it: references by id, slug, name or alias; what is left out is undefined or null. */
export interface StatementInput {
  readonly slug?: string | null;
  readonly act: Act;
  readonly party?: string | null;
  readonly speaker?: string | null;
  readonly topic?: string | null;
  readonly saidAt: string;
  readonly attribution: Attribution;
  readonly source?: string | null;
  readonly passage?: {
    readonly exact: string;
    readonly prefix?: string | null;
    readonly suffix?: string | null;
  } | null;
  readonly summary?: string | null;
  readonly addressees?: readonly string[] | null;
  readonly against?: string | null;
  readonly refersTo?: string | null;
  readonly stance?: Stance | null;
  readonly conditions?: readonly string[] | null;
  readonly language?: string | null;
  readonly translation?: string | null;
  readonly note?: string | null;
}

/** What of a statement was decided: what its event will say. */
export interface DecidedStatement {
  readonly stated: Stated;
  readonly resolved: Resolved;
}

/** What the decision rests on: the dossier's cast and the statement referred to, if any. */
export interface Circumstances {
  readonly cast: Cast;
  readonly referred: Referred;
}

/** What every statement needs whatever its act, as far as one field cannot tell: a voice, and words. Takes anything, since it also explains malformed input. */
export function missingBasics(input: object): FieldError[] {
  const { party, speaker, passage, summary, attribution } = input as Partial<
    Record<keyof StatementInput, unknown>
  >; // holds: any object may be read so, every value unknown
  const errors: FieldError[] = [];
  if (absent(party) && absent(speaker))
    errors.push({ path: 'speaker', message: 'a speaker or a party is required' });
  if (attribution === 'direct' && absent(passage))
    errors.push({ path: 'passage', message: 'a direct quote needs passage.exact' });
  else if (absent(passage) && absent(summary))
    errors.push({ path: 'summary', message: 'a passage.exact or a summary is required' });
  return errors;
}

function absent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Decides a new statement. Throws a Rejection that names everything that is wrong with it. */
export function decideStatement(input: StatementInput, circumstances: Circumstances): DecidedStatement {
  return settle(input, circumstances, derived(circumstances));
}

/** The statement as its recorder wants it to read: some fields named anew, the others as they stand. */
export type StatementChanges = Partial<Omit<StatementInput, 'slug'>>;

/** Decides what a statement says after a correction. Throws a Rejection that names everything that is wrong with it, as `changes.…`. */
export function decideCorrection(
  statement: Statement,
  changes: StatementChanges,
  circumstances: Circumstances,
): DecidedStatement {
  const { stated: before, resolved } = statement;
  const input: StatementInput = { ...before, ...changes };
  const decided = settle(input, circumstances, derivedAnew(statement, changes, circumstances), statement);
  if (JSON.stringify(decided) === JSON.stringify({ stated: before, resolved }))
    throw new Rejection('nothing-changed', 'The statement already says all of this.');
  return decided;
}

type Derivation = (stated: Stated) => { party: string | null; topic: string | null };

function derived({ cast, referred }: Circumstances): Derivation {
  return (stated) => ({ party: partyOf(stated, cast), topic: topicOf(referred) });
}

/**
 * A party or a topic that was derived is derived anew only where what it was derived from has changed: correcting a date does not silently
 * move a statement to another party.
 */
function derivedAnew(
  { stated: before, resolved }: Statement,
  changes: object,
  circumstances: Circumstances,
): Derivation {
  return (stated) => {
    const { party, topic } = derived(circumstances)(stated);
    const keepsParty = !('party' in changes) && stated.speaker === before.speaker;
    const keepsTopic = !('topic' in changes) && stated.refersTo === before.refersTo;
    return { party: keepsParty ? resolved.party : party, topic: keepsTopic ? resolved.topic : topic };
  };
}

function settle(
  input: StatementInput,
  circumstances: Circumstances,
  derive: Derivation,
  before?: Statement,
): DecidedStatement {
  const { stated, resolved, findings } = examine(input, circumstances, derive, before);
  rejectIfAny(inTermsOf(before, [...basics(input), ...findings]));
  return { stated, resolved };
}

/** It asks nothing of the other fields. */
const ACT_IN_DOUBT = 'ResponsibilityClaimed';

/** For fields without which no statement can be examined. Nothing is told that rests on them. */
const STAND_INS = { act: ACT_IN_DOUBT, saidAt: '1970', attribution: 'reported' } as const;

/**
 * What else is wrong with a statement that has malformed fields, as far as the others tell; `malformed`: their paths. With `before`: with a
 * correction of that statement.
 */
export function findBesides(
  input: object,
  malformed: ReadonlySet<string>,
  circumstances: Circumstances,
  before?: Statement,
): readonly Finding[] {
  const sound = Object.fromEntries(Object.entries(input).filter(([field]) => !malformed.has(field)));
  if (before === undefined)
    return examine({ ...STAND_INS, ...sound }, circumstances, derived(circumstances), before, malformed)
      .findings;
  const act = malformed.has('act') ? ACT_IN_DOUBT : before.stated.act;
  const corrected: StatementInput = { ...before.stated, act, ...sound };
  const derive = derivedAnew(before, sound, circumstances);
  const { findings } = examine(corrected, circumstances, derive, before, malformed);
  const sure = basics(corrected).filter(({ path }) => !RESTS_ON[path]?.some((field) => malformed.has(field)));
  return inTermsOf(before, [...sure, ...findings]);
}

/** The fields that tell whether one of the basics is missing. */
const RESTS_ON: Readonly<Record<string, readonly string[]>> = {
  speaker: ['speaker', 'party'],
  passage: ['passage', 'attribution'],
  summary: ['summary', 'passage', 'attribution'],
};

/** Whoever corrects a statement sends `changes`. */
function inTermsOf(before: Statement | undefined, findings: readonly Finding[]): readonly Finding[] {
  return before === undefined ? findings : under('changes', findings);
}

interface Examined extends DecidedStatement {
  readonly findings: readonly Finding[];
}

/** What the statement would say, and everything that is wrong with it as far as what is not malformed tells. */
function examine(
  input: StatementInput,
  circumstances: Circumstances,
  derive: Derivation,
  before?: Statement,
  malformed: ReadonlySet<string> = new Set(),
): Examined {
  const { cast, referred } = circumstances;
  const references = new References(cast, malformed);
  const stated = state(input, references, referred);
  if (input.refersTo && referred === null) references.miss('statement', 'refersTo', input.refersTo);
  if (referred && isRedacted(referred) && before?.stated.refersTo !== referred.id)
    references.erased('refersTo');
  const { party, topic } = derive(stated);
  const resolved: Resolved = {
    party: stated.party ?? party,
    topic: stated.topic ?? topic,
    stance: stated.stance ?? ACTS[stated.act].stance,
    conditions: stated.conditions,
  };
  const doubtful = new Set([...malformed, ...references.findings.map(({ path }) => path)]);
  const isVoiceKnown =
    !doubtful.has('party') && !doubtful.has('speaker') && (stated.party !== null || !doubtful.has('saidAt'));
  const findings = [
    ...references.findings,
    ...requirements(stated, resolved).filter(
      ({ path }) => !doubtful.has(path) && !(path === 'topic' && doubtful.has('refersTo')),
    ),
    ...(doubtful.has('refersTo') ? [] : reply({ stated, resolved, referred, before, isVoiceKnown })),
  ];
  return { stated, resolved, findings };
}

function basics(input: StatementInput): Finding[] {
  return missingBasics(input).map((error) => ({ code: 'validation-failed', ...error }));
}

function topicOf(referred: Referred): string | null {
  return referred === null || isRedacted(referred) ? null : referred.resolved.topic;
}

function state(input: StatementInput, references: References, referred: Referred): Stated {
  return {
    act: input.act,
    party: references.id('party', 'party', input.party),
    speaker: references.id('speaker', 'speaker', input.speaker),
    topic: references.id('topic', 'topic', input.topic),
    saidAt: input.saidAt,
    attribution: input.attribution,
    source: references.id('source', 'source', input.source),
    passage: passageOf(input.passage),
    summary: input.summary ?? null,
    addressees: references.ids('party', 'addressees', input.addressees),
    against: references.id('party', 'against', input.against),
    refersTo: referred?.id ?? null,
    stance: input.stance ?? null,
    conditions: input.conditions ?? [],
    language: input.language ?? null,
    translation: input.translation ?? null,
    note: input.note ?? null,
  };
}

function passageOf(passage: StatementInput['passage']): Passage | null {
  return passage
    ? { exact: passage.exact, prefix: passage.prefix ?? '', suffix: passage.suffix ?? '' }
    : null;
}

/** The party that the speaker speaks for as of `saidAt`, when it is exactly one. */
function partyOf({ speaker, saidAt }: Pick<Stated, 'speaker' | 'saidAt'>, cast: Cast): string | null {
  const known = speaker === null ? undefined : cast.speaker.byId(speaker);
  if (known === undefined) return null;
  const [only, ...others] = cast.partiesOf(known, saidOf(saidAt));
  return only !== undefined && others.length === 0 ? only : null;
}
