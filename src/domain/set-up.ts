import {
  THING_KINDS,
  type Affiliation,
  type Cast,
  type Party,
  type PartyKind,
  type Source,
  type SourceText,
  type Speaker,
  type ThingKind,
  type ThingOf,
  type Topic,
} from './cast.js';
import { redactionIn, type Redactable } from './redaction.js';
import { isObscure } from './statement.js';

/** What the events that add a thing carry. Stored: fields may be added, never renamed or removed. */
export interface PartyAdded {
  readonly slug: string | null;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: PartyKind;
}

export interface SpeakerAdded {
  readonly slug: string | null;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly affiliations: readonly Affiliation[];
}

export interface TopicAdded {
  readonly slug: string | null;
  readonly name: string;
  readonly proposition: string | null;
}

export interface SourceAdded {
  readonly slug: string | null;
  readonly title: string;
  readonly url: string | null;
  readonly outlet: string | null;
  readonly publishedAt: string | null;
  readonly language: string | null;
  readonly text: SourceText | null;
}

export interface AddedOf {
  party: PartyAdded;
  speaker: SpeakerAdded;
  topic: TopicAdded;
  source: SourceAdded;
}

/** The event type that adds a thing of each kind. */
export const ADDED = {
  party: 'PartyAdded',
  speaker: 'SpeakerAdded',
  topic: 'TopicAdded',
  source: 'SourceAdded',
} as const satisfies Record<ThingKind, string>;

/** The event type that changes each field. Its data are `{from, to}`. A source's text stands in an event of its own: it may be long. */
export const CHANGED = {
  party: { name: 'PartyRenamed', aliases: 'PartyAliasesChanged', kind: 'PartyKindChanged' },
  speaker: {
    name: 'SpeakerRenamed',
    aliases: 'SpeakerAliasesChanged',
    affiliations: 'SpeakerAffiliationsChanged',
  },
  topic: { name: 'TopicRenamed', proposition: 'TopicReworded' },
  source: {
    title: 'SourceRetitled',
    url: 'SourceMoved',
    outlet: 'SourceOutletChanged',
    publishedAt: 'SourceRedated',
    language: 'SourceLanguageChanged',
    text: 'SourceTextChanged',
  },
} as const satisfies { [Kind in ThingKind]: Partial<Record<keyof AddedOf[Kind], string>> };

/** The event that carries a source's full text. It has a stream of its own, so that reading the cast never loads texts. */
export const SOURCE_TEXT_ADDED = 'SourceTextAdded';

export interface SourceTextAdded {
  readonly source: string;
  readonly text: string;
}

/** The event that opens a dossier: sequence 1 of every log. */
export const DOSSIER_OPENED = 'DossierOpened';

export interface DossierOpened {
  readonly slug: string | null;
  readonly title: string;
  readonly description: string | null;
}

/** A set-up event as far as the cast is concerned. */
export interface SetUpEvent {
  readonly type: string;
  readonly streamId: string;
  readonly streamVersion: number;
  readonly data: unknown;
  /** Why this code does not understand it. */
  readonly obscure?: string | null;
}

/** A set-up event from a log: it may be about erasing, or have been erased. Then `slug` is the one that its thing has claimed. */
export type LoggedSetUpEvent = SetUpEvent & Redactable & { readonly slug?: string | null };

/** Takes an event of a dossier's log into the cast. Other kinds of event change nothing: they are not about the cast. */
export function takeIntoCast(cast: Cast, event: SetUpEvent | LoggedSetUpEvent): void {
  if (isObscure(event)) return cast.passOver(event.streamId, event.streamVersion);
  if ('sequence' in event && eraseFromCast(cast, event)) return;
  const rule = RULES.get(event.type);
  if (rule !== undefined) rule(cast, event);
}

const KINDS = new Map<string, ThingKind>(THING_KINDS.map((kind) => [ADDED[kind], kind]));

/** Whether the event tells that a thing has been erased, wholly or in part: either way nothing is left of it. */
function eraseFromCast(cast: Cast, event: LoggedSetUpEvent): boolean {
  const redaction = redactionIn(event);
  if (redaction === null) return false;
  const { streamId, streamVersion, type } = event;
  const kind = cast.kindOf(streamId) ?? KINDS.get(type);
  const slug = kind && (cast[kind].byId(streamId)?.slug ?? event.slug ?? null);
  if (kind !== undefined) cast.erase(kind, streamId, slug ?? null, streamVersion, redaction);
  return true;
}

type Rule = (cast: Cast, event: SetUpEvent) => void;

const RULES = new Map<string, Rule>([
  added('party', (data, base): Party => ({
    ...base,
    name: data.name,
    aliases: data.aliases,
    kind: data.kind,
  })),
  added('speaker', (data, base): Speaker => ({
    ...base,
    name: data.name,
    aliases: data.aliases,
    affiliations: data.affiliations,
  })),
  added('topic', (data, base): Topic => ({
    ...base,
    name: data.name,
    aliases: [],
    proposition: data.proposition,
  })),
  added('source', ({ title, url, outlet, publishedAt, language, text }, base): Source => ({
    ...base,
    name: title,
    aliases: [],
    url,
    outlet,
    publishedAt,
    language,
    text,
  })),
  ...(['party', 'speaker', 'topic', 'source'] as const).flatMap((kind) =>
    Object.entries(CHANGED[kind]).map(([field, type]) =>
      changed(kind, field === 'title' ? 'name' : field, type),
    ),
  ),
]);

function added<Kind extends ThingKind>(
  kind: Kind,
  make: (data: AddedOf[Kind], base: { id: string; slug: string | null; version: number }) => ThingOf[Kind],
): [string, Rule] {
  return [
    ADDED[kind],
    (cast, event) => {
      const data = event.data as AddedOf[Kind]; // holds: the type names its shape, and upcasting keeps the promise
      const roster = cast[kind] as { put(thing: ThingOf[Kind]): void }; // holds: cast[kind] is the roster of that kind
      roster.put(make(data, { id: event.streamId, slug: data.slug, version: event.streamVersion }));
    },
  ];
}

function changed(kind: ThingKind, field: string, type: string): [string, Rule] {
  return [
    type,
    (cast, event) => {
      const { to } = event.data as { to: unknown }; // holds: every event of CHANGED carries {from, to}
      const roster = cast[kind] as { byId(id: string): object | undefined; put(thing: unknown): void }; // holds: only fields of that kind are changed
      const before = roster.byId(event.streamId);
      if (before !== undefined) roster.put({ ...before, [field]: to, version: event.streamVersion });
    },
  ];
}
