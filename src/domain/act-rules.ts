import { ACTS, type Act, type ActRule } from './acts.js';
import { isRedacted, type RedactedRecord } from './redaction.js';
import type { Finding } from './rejection.js';
import type { Resolved, Stated, Statement } from './statement.js';

/** Of a statement that was erased it is known only that it is there: nothing new can answer it, what answered it goes on to. */
export type Referred = Statement | RedactedRecord | null;

/** What the act requires of the statement itself. */
export function requirements(stated: Stated, resolved: Resolved): Finding[] {
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

/** What tells whether an act may answer the statement it refers to. */
export interface Answering {
  readonly stated: Stated;
  readonly resolved: Resolved;
  readonly referred: Referred;
  /** The statement as it stood: a correction is asked only about what it changes. */
  readonly before?: Statement | undefined;
  /** Whether it is sure whose statement it is. */
  readonly isVoiceKnown: boolean;
}

/** Whether the act may answer the statement it refers to. */
export function reply({ stated, resolved, referred, before, isVoiceKnown }: Answering): Finding[] {
  const { refersTo } = ACTS[stated.act];
  if (referred === null)
    return refersTo === undefined || refersTo.optional ? [] : [unanswered(stated.act, refersTo)];
  const moved = before?.stated.refersTo !== stated.refersTo;
  const isAnothers = isVoiceKnown && before?.resolved.party !== resolved.party;
  const asked = moved || before?.stated.act !== stated.act || isAnothers;
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
  const bond = isVoiceKnown ? wrongBond(stated.act, refersTo, resolved, stated, referred) : null;
  return wrongAct(stated.act, refersTo, referred) ?? bond ?? [];
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
