import { TABLE, type Row, type Stance } from './catalogue.js';
import { intervalOf, saidOf } from './dates.js';
import type { Affiliation, Changes, Draft, Judgement, Pick } from './steps.js';

/** A statement as the test knows it. Parties, speakers and topics are numbers; other statements are themselves. */
export interface Said {
  readonly slug: string | null;
  id: string | null;
  act: string;
  refersTo: Said | null;
  speaker: number | null;
  party: number | null;
  topic: number | null;
  against: number | null;
  saidAt: string;
  stance: Stance | null;
  conditions: readonly number[];
  /** What follows from it by the affiliations and by what it answers, as they were. */
  resolved: { readonly party: number | null; readonly topic: number | null };
  voided: boolean;
  /** Erased by law: what it said is gone, and what answers it stands. */
  redacted: boolean;
}

export interface Assessed {
  readonly id: string;
  judgement: Judgement;
  voided: boolean;
  redacted: boolean;
}

/** A dossier's history so far, as far as the next step must know it to be a legal one. */
export interface World {
  readonly parties: number;
  readonly topics: number;
  readonly affiliations: (readonly Affiliation[])[];
  readonly statements: Said[];
  readonly assessments: Assessed[];
}

const among = (pick: Pick, count: number): number | null => (pick === null ? null : pick % count);

export function pickFrom<T>(things: readonly T[], pick: Pick): T | null {
  return pick === null ? null : (things[pick % things.length] ?? null);
}

/** What somebody says, made legal: what the catalogue demands is added, and an act that nothing can answer gives way to one that could be answered. */
export function say(world: World, draft: Draft, slug: string | null): Said {
  const row = rowOf(draft.act);
  const needed = row.refersTo.length > 0 && row.optional === undefined;
  const answerable = world.statements.filter(
    (each) => !each.voided && !each.redacted && suits(world, row, each, draft.saidAt),
  );
  const refersTo = pickFrom(answerable, needed ? (draft.answers ?? 0) : draft.answers);
  if (needed && refersTo === null)
    return say(
      world,
      { ...draft, act: row.refersTo === 'any' ? 'SupportExpressed' : (row.refersTo[0] ?? '') },
      slug,
    );
  const said: Said = {
    slug,
    id: null,
    act: draft.act,
    refersTo,
    ...voice(world, draft, row, refersTo),
    topic: among(draft.topic, world.topics),
    against: among(draft.against, world.parties) ?? (row.requires.includes('against') ? 0 : null),
    saidAt: draft.saidAt,
    stance: draft.stance,
    conditions: draft.conditions.length === 0 && row.requires.includes('conditions') ? [0] : draft.conditions,
    resolved: { party: null, topic: null },
    voided: false,
    redacted: false,
  };
  if (row.requires.includes('topic') && resolve(world, said).topic === null) said.topic = 0;
  if (resolve(world, said).topic === null) said.stance = null;
  return { ...said, resolved: resolve(world, said) };
}

/** Whether an act may answer a statement at all, whoever says it. */
function suits(world: World, { refersTo, bond }: Row, answered: Said, saidAt: string): boolean {
  if (refersTo !== 'any' && refersTo.length > 0 && !refersTo.includes(answered.act)) return false;
  if (bond === 'against this party') return answered.against !== null;
  if (bond === undefined || answered.resolved.party !== null) return true;
  return answered.speaker !== null && partyOf(world, answered.speaker, saidAt) === null;
}

/** Who speaks, and for whom: whoever the act may be by. */
function voice(
  world: World,
  draft: Draft,
  { bond }: Row,
  refersTo: Said | null,
): { speaker: number | null; party: number | null } {
  const speaker = among(draft.speaker, world.affiliations.length);
  const party = among(draft.party, world.parties);
  const demanded = bond === 'own' ? refersTo?.resolved.party : refersTo?.against;
  if (bond !== undefined && refersTo !== null) {
    if (demanded === null || demanded === undefined) return { speaker: refersTo.speaker, party: null };
    const derived = speaker !== null && partyOf(world, speaker, draft.saidAt) === demanded;
    return { speaker, party: derived && party === null ? null : demanded };
  }
  return speaker === null && party === null ? { speaker, party: 0 } : { speaker, party };
}

/** The party that a speaker spoke for, when it is exactly one. */
export function partyOf({ affiliations }: World, speaker: number, saidAt: string): number | null {
  const at = saidOf(saidAt);
  const held = (affiliations[speaker] ?? []).filter(({ from, to }) => {
    const begin = from === null ? null : intervalOf(from).earliest;
    const end = to === null ? null : intervalOf(to).latest;
    return (begin === null || begin <= at) && (end === null || at <= end);
  });
  const [only, ...others] = new Set(held.map(({ party }) => party));
  return only !== undefined && others.length === 0 ? only : null;
}

function resolve(world: World, { party, speaker, saidAt, topic, refersTo }: Said): Said['resolved'] {
  return {
    party: party ?? (speaker === null ? null : partyOf(world, speaker, saidAt)),
    topic: topic ?? (refersTo?.redacted ? null : refersTo?.resolved.topic) ?? null,
  };
}

/** The statement with as many of the changes as are legal one after another. */
export function corrected(world: World, before: Said, changes: Changes): { after: Said; fields: string[] } {
  const { answers, speaker, party, topic, ...others } = changes;
  const wanted: Partial<Said> = {
    ...others,
    ...(answers !== undefined && { refersTo: pickFrom(world.statements, answers) }),
    ...(speaker !== undefined && { speaker: among(speaker, world.affiliations.length) }),
    ...(party !== undefined && { party: among(party, world.parties) }),
    ...(topic !== undefined && { topic: among(topic, world.topics) }),
  };
  let after = before;
  const fields: string[] = [];
  for (const [field, value] of Object.entries(wanted)) {
    const next = { ...after, [field]: value };
    const resolved = resolvedAnew(world, before, next, [...fields, field]);
    if (!isLegal(before, { ...next, resolved })) continue;
    after = { ...next, resolved };
    fields.push(field);
  }
  return { after, fields };
}

/** What was derived stays unless what it was derived from has changed. */
function resolvedAnew(world: World, before: Said, after: Said, fields: readonly string[]): Said['resolved'] {
  const fresh = resolve(world, after);
  const keepsParty = before.party === null && !fields.includes('party') && before.speaker === after.speaker;
  const keepsTopic = before.topic === null && !fields.includes('topic') && before.refersTo === after.refersTo;
  return {
    party: keepsParty ? before.resolved.party : fresh.party,
    topic: keepsTopic ? before.resolved.topic : fresh.topic,
  };
}

function isLegal(before: Said, after: Said): boolean {
  const { act, speaker, party, stance, conditions, against, resolved, refersTo } = after;
  const { requires, refersTo: acts, optional, bond } = rowOf(act);
  if (speaker === null && party === null) return false;
  if (resolved.topic === null && (stance !== null || requires.includes('topic'))) return false;
  if (conditions.length === 0 && requires.includes('conditions')) return false;
  if (against === null && requires.includes('against')) return false;
  if (refersTo === null) return acts.length === 0 || optional === true;
  const moved = refersTo !== before.refersTo;
  if (moved && (refersTo.voided || refersTo.redacted || isAbove(before, refersTo))) return false;
  if (!moved && act === before.act && resolved.party === before.resolved.party) return true;
  if (refersTo.redacted) return acts.length === 0 || (acts === 'any' && bond === undefined);
  if (acts !== 'any' && acts.length > 0 && !acts.includes(refersTo.act)) return false;
  if (bond === 'against this party') return resolved.party !== null && resolved.party === refersTo.against;
  return bond === undefined || isOwn(after, refersTo);
}

function isOwn({ speaker, resolved }: Said, answered: Said): boolean {
  if (resolved.party !== null || answered.resolved.party !== null)
    return resolved.party === answered.resolved.party;
  return speaker !== null && speaker === answered.speaker;
}

/** Whether a statement is among those that another one answers, or is that one. */
function isAbove(statement: Said, answering: Said): boolean {
  for (let above: Said | null = answering; above !== null; above = above.refersTo)
    if (above === statement) return true;
  return false;
}

function rowOf(act: string): Row {
  const row = TABLE[act];
  if (row === undefined) throw new RangeError(`There is no act ${act}.`);
  return row;
}
