import { ACTS, type Act, type ActRule } from './acts.js';
import type { Cast } from './cast.js';
import type { Passage } from './passage.js';
import { isRedacted, type RedactedRecord } from './redaction.js';
import { References } from './references.js';
import { Rejection, rejectIfAny, type FieldError, type Finding } from './rejection.js';
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

/** Of a statement that was erased it is known only that it is there: nothing new can answer it, what answered it goes on to. */
type Referred = Statement | RedactedRecord | null;

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
  const { cast, referred } = circumstances;
  return settle(input, circumstances, (stated) => ({
    party: partyOf(stated, cast),
    topic: topicOf(referred),
  }));
}

/** The statement as its recorder wants it to read: some fields named anew, the others as they stand. */
export type StatementChanges = Partial<Omit<StatementInput, 'slug'>>;

/**
 * Decides what a statement says after a correction. A party or a topic that was derived is derived anew only where what it was derived from
 * has changed: correcting a date does not silently move a statement to another party.
 */
export function decideCorrection(
  statement: Statement,
  changes: StatementChanges,
  circumstances: Circumstances,
): DecidedStatement {
  const { stated: before, resolved } = statement;
  const { cast, referred } = circumstances;
  const input: StatementInput = { ...before, ...changes };
  const decided = settle(
    input,
    circumstances,
    (stated) => {
      const keepsParty = !('party' in changes) && stated.speaker === before.speaker;
      const keepsTopic = !('topic' in changes) && stated.refersTo === before.refersTo;
      return {
        party: keepsParty ? resolved.party : partyOf(stated, cast),
        topic: keepsTopic ? resolved.topic : topicOf(referred),
      };
    },
    statement,
  );
  if (JSON.stringify(decided) === JSON.stringify({ stated: before, resolved }))
    throw new Rejection('nothing-changed', 'The statement already says all of this.');
  return decided;
}

type Derivation = (stated: Stated) => { party: string | null; topic: string | null };

function settle(
  input: StatementInput,
  circumstances: Circumstances,
  derive: Derivation,
  before?: Statement,
): DecidedStatement {
  const { cast, referred } = circumstances;
  const references = new References(cast);
  const stated = state(input, references, referred);
  if (input.refersTo && referred === null) references.miss('statement', 'refersTo', input.refersTo);
  if (referred && isRedacted(referred) && before?.stated.refersTo !== referred.id)
    references.erased('refersTo');
  const derived = derive(stated);
  const resolved: Resolved = {
    party: stated.party ?? derived.party,
    topic: stated.topic ?? derived.topic,
    stance: stated.stance ?? ACTS[stated.act].stance,
    conditions: stated.conditions,
  };
  const doubtful = new Set(references.findings.map(({ path }) => path));
  rejectIfAny([
    ...basics(input),
    ...references.findings,
    ...requirements(stated, resolved).filter(
      ({ path }) => !doubtful.has(path) && !(path === 'topic' && doubtful.has('refersTo')),
    ),
    ...(['party', 'speaker', 'refersTo'].some((path) => doubtful.has(path))
      ? []
      : reply(stated, resolved, referred, before)),
  ]);
  return { stated, resolved };
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

/** What the act requires of the statement itself. */
function requirements(stated: Stated, resolved: Resolved): Finding[] {
  const { requires = [] } = ACTS[stated.act];
  const given = {
    topic: resolved.topic !== null,
    conditions: stated.conditions.length > 0,
    against: stated.against !== null,
  };
  const missing = requires.filter((requirement) => !given[requirement]);
  const findings = missing.map((path): Finding => ({
    code: 'requirement-missing',
    path,
    message: `${stated.act} requires ${path}`,
  }));
  if (stated.stance !== null && resolved.topic === null && !missing.includes('topic'))
    findings.push({
      code: 'requirement-missing',
      path: 'topic',
      message: 'a stance is a stance on a topic: name the topic',
    });
  return findings;
}

/** Whether the act may answer the statement it refers to. A correction is asked only about what it changes. */
function reply(stated: Stated, resolved: Resolved, referred: Referred, before?: Statement): Finding[] {
  const { refersTo } = ACTS[stated.act];
  if (referred === null)
    return refersTo === undefined || refersTo.optional ? [] : [unanswered(stated.act, refersTo)];
  const moved = before?.stated.refersTo !== stated.refersTo;
  const asked = moved || before?.stated.act !== stated.act || before.resolved.party !== resolved.party;
  if (isRedacted(referred)) return asked ? erased(stated.act) : [];
  if (moved && referred.standing.status === 'voided')
    return [
      {
        code: 'voided-reference',
        path: 'refersTo',
        message: 'the statement that it refers to has been voided',
      },
    ];
  if (refersTo === undefined || !asked) return [];
  return (
    wrongAct(stated.act, refersTo, referred) ??
    wrongBond(stated.act, refersTo, resolved, stated, referred) ??
    []
  );
}

/** Whether an act may answer what was erased can no longer be told, unless it may answer anything. */
function erased(act: Act): Finding[] {
  const { refersTo } = ACTS[act];
  if (refersTo === undefined || (refersTo.acts === 'any' && refersTo.bond === undefined)) return [];
  const message = `${act} must refer to ${kinds(refersTo)}, and what it refers to has been redacted`;
  return [{ code: 'redacted-reference', path: 'refersTo', message }];
}

type Refers = NonNullable<ActRule['refersTo']>;

function unanswered(act: Act, refersTo: Refers): Finding {
  return {
    code: 'requirement-missing',
    path: 'refersTo',
    message: `${act} must refer to ${kinds(refersTo)}`,
  };
}

function wrongAct(act: Act, refersTo: Refers, referred: Statement): Finding[] | null {
  if (refersTo.acts === 'any' || refersTo.acts.includes(referred.stated.act)) return null;
  return [wrong(`${act} must refer to ${kinds(refersTo)}, not to ${referred.stated.act}`)];
}

function wrongBond(
  act: Act,
  { bond }: Refers,
  resolved: Resolved,
  stated: Stated,
  referred: Statement,
): Finding[] | null {
  if (bond === 'own' && !sameVoice(resolved, stated, referred))
    return [wrong(`${act} must refer to a statement of the same party`)];
  const accused = resolved.party !== null && referred.stated.against === resolved.party;
  if (bond === 'against-this-party' && !accused)
    return [wrong(`${act} must refer to an allegation against the party that denies it`)];
  return null;
}

/** "Own" means the same party; a speaker who speaks for no party owns what the same speaker said for none. */
function sameVoice(resolved: Resolved, stated: Stated, referred: Statement): boolean {
  if (resolved.party !== null || referred.resolved.party !== null)
    return resolved.party === referred.resolved.party;
  return stated.speaker === referred.stated.speaker;
}

function wrong(message: string): Finding {
  return { code: 'wrong-reference', path: 'refersTo', message };
}

function kinds({ acts }: Refers): string {
  return acts === 'any' ? 'a statement' : `a ${acts.join(' or ')}`;
}
