import { createHash } from 'node:crypto';
import type { Affiliation, Cast, ThingKind } from '../../domain/cast.js';
import { References } from '../../domain/references.js';
import { rejectIfAny, type Finding } from '../../domain/rejection.js';
import { SOURCE_TEXT_ADDED, type AddedOf, type SourceTextAdded } from '../../domain/set-up.js';
import type { NewEvent } from '../../ledger/event.js';
import { nextEvent } from '../../dossiers/new-event.js';
import type {
  PartyChanges,
  PartyInput,
  SourceChanges,
  SourceInput,
  SpeakerChanges,
  SpeakerInput,
  TopicChanges,
  TopicInput,
} from './inputs.js';

export interface InputOf {
  party: PartyInput;
  speaker: SpeakerInput;
  topic: TopicInput;
  source: SourceInput;
}

export interface ChangesOf {
  party: PartyChanges;
  speaker: SpeakerChanges;
  topic: TopicChanges;
  source: SourceChanges;
}

/** What an event will say of a thing, and the further events that it needs. */
export interface Decided<Fields> {
  readonly fields: Fields;
  readonly further: readonly NewEvent[];
}

export interface Bench {
  readonly cast: Cast;
  readonly newId: () => string;
}

type Decide<Input, Fields> = (input: Input, id: string, bench: Bench) => Decided<Fields>;

/** How the input of each kind becomes what its first event says. */
export const ADDITIONS: { [Kind in ThingKind]: Decide<InputOf[Kind], AddedOf[Kind]> } = {
  party: ({ slug, name, aliases, kind }) =>
    alone({ slug: slug ?? null, name, aliases: aliases ?? [], kind: kind ?? 'other' }),
  speaker: ({ slug, name, aliases, affiliations }, _, { cast }) =>
    alone({
      slug: slug ?? null,
      name,
      aliases: aliases ?? [],
      affiliations: affiliationsOf(affiliations ?? [], cast),
    }),
  topic: ({ slug, name, proposition }) =>
    alone({ slug: slug ?? null, name, proposition: proposition ?? null }),
  source: ({ slug, title, url, outlet, publishedAt, language, text }, id, { newId }) => {
    const stored = storeText(text ?? null, id, newId);
    const fields = {
      url: url ?? null,
      outlet: outlet ?? null,
      publishedAt: publishedAt ?? null,
      language: language ?? null,
    };
    return { fields: { slug: slug ?? null, title, ...fields, text: stored.text }, further: stored.events };
  },
};

/** How the changes of each kind become the new values of the fields that they name. */
export const ALTERATIONS: { [Kind in ThingKind]: Decide<ChangesOf[Kind], Partial<AddedOf[Kind]>> } = {
  party: ({ name, aliases, kind }) =>
    alone({
      ...(name && { name }),
      ...(aliases !== undefined && { aliases: aliases ?? [] }),
      ...(kind !== undefined && { kind: kind ?? 'other' }),
    }),
  speaker: ({ name, aliases, affiliations }, _, { cast }) =>
    alone({
      ...(name && { name }),
      ...(aliases !== undefined && { aliases: aliases ?? [] }),
      ...(affiliations !== undefined && { affiliations: affiliationsOf(affiliations ?? [], cast) }),
    }),
  topic: ({ name, proposition }) =>
    alone({ ...(name && { name }), ...(proposition !== undefined && { proposition }) }),
  source: ({ title, url, outlet, publishedAt, language, text }, id, { newId }) => {
    const stored = text === undefined ? null : storeText(text, id, newId);
    const given = { url, outlet, publishedAt, language };
    const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return {
      fields: { ...(title && { title }), ...named, ...(stored && { text: stored.text }) },
      further: stored?.events ?? [],
    };
  },
};

function alone<Fields>(fields: Fields): Decided<Fields> {
  return { fields, further: [] };
}

function affiliationsOf(
  inputs: readonly { party: string; role?: string | null; from?: string | null; to?: string | null }[],
  cast: Cast,
): Affiliation[] {
  const references = new References(cast);
  const affiliations = inputs.map(({ party, role, from, to }, index) => ({
    party: references.id('party', `affiliations.${index}.party`, party) ?? '',
    role: role ?? null,
    from: from ?? null,
    to: to ?? null,
  }));
  rejectIfAny(references.findings);
  return affiliations;
}

/** What else is wrong with a speaker that has malformed fields, whose paths these are. */
export function findBesidesInSpeaker(input: object, malformed: ReadonlySet<string>, cast: Cast): Finding[] {
  const references = new References(cast, malformed);
  const { affiliations } = input as Pick<SpeakerInput, 'affiliations'>; // holds: unless it is among the malformed
  if (affiliations && !malformed.has('affiliations'))
    affiliations.forEach((affiliation, index) => {
      const path = `affiliations.${index}`;
      if (!malformed.has(path)) references.id('party', `${path}.party`, affiliation.party);
    });
  return references.findings;
}

function storeText(
  text: string | null,
  source: string,
  newId: () => string,
): { text: AddedOf['source']['text']; events: NewEvent[] } {
  if (text === null) return { text: null, events: [] };
  const streamId = newId();
  const data: SourceTextAdded = { source, text };
  const event = nextEvent(newId, { kind: 'source-text', id: streamId, version: 1 }, SOURCE_TEXT_ADDED, data);
  return { text: { streamId, sha256: createHash('sha256').update(text).digest('hex') }, events: [event] };
}
