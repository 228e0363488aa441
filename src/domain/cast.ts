import { REDACTED_NAME, type Redaction } from './redaction.js';
import type { Named } from './rejection.js';
import { Roster } from './roster.js';
import { parseSaidAt, type Instant } from './said-at.js';

export const PARTY_KINDS = ['state', 'organisation', 'group', 'person', 'other'] as const;

export type PartyKind = (typeof PARTY_KINDS)[number];

/** What every kind of thing in a dossier has. `version` is its stream's. */
interface Thing extends Named {
  readonly version: number;
  readonly aliases: readonly string[];
  /** What has erased everything about it but that it is there. */
  readonly redacted?: Redaction | null;
}

export interface Party extends Thing {
  readonly kind: PartyKind;
}

/** A speaker speaks for a party from the first instant of `from` to the last of `to` (EDTF level 1; null: unbounded). */
export interface Affiliation {
  readonly party: string;
  readonly role: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

export interface Speaker extends Thing {
  readonly affiliations: readonly Affiliation[];
}

export interface Topic extends Thing {
  readonly proposition: string | null;
}

/** Where a source's text stands in the log, and the SHA-256 (hex) of its UTF-8 form. */
export interface SourceText {
  readonly streamId: string;
  readonly sha256: string;
}

/** A source without its text, which may be long. Its `name` is its title. */
export interface Source extends Thing {
  readonly url: string | null;
  readonly outlet: string | null;
  readonly publishedAt: string | null;
  readonly language: string | null;
  readonly text: SourceText | null;
}

export interface ThingOf {
  party: Party;
  speaker: Speaker;
  topic: Topic;
  source: Source;
}

export type ThingKind = keyof ThingOf;

export const THING_KINDS = ['party', 'speaker', 'topic', 'source'] as const satisfies readonly ThingKind[];

/** What is left to say of a thing of each kind once its content has been erased. */
const ERASED: { [Kind in ThingKind]: Omit<ThingOf[Kind], 'id' | 'slug' | 'version' | 'redacted'> } = {
  party: { name: REDACTED_NAME, aliases: [], kind: 'other' },
  speaker: { name: REDACTED_NAME, aliases: [], affiliations: [] },
  topic: { name: REDACTED_NAME, aliases: [], proposition: null },
  source: {
    name: REDACTED_NAME,
    aliases: [],
    url: null,
    outlet: null,
    publishedAt: null,
    language: null,
    text: null,
  },
};

/** Everything in a dossier that statements refer to, except statements. */
export class Cast {
  readonly party = new Roster<Party>();
  readonly speaker = new Roster<Speaker>();
  readonly topic = new Roster<Topic>();
  readonly source = new Roster<Source>();

  /** Things of whose beginning this code understands nothing. */
  private readonly obscure = new Set<string>();

  /** Takes note of an event that is not understood: it counts as a version of its thing. */
  passOver(id: string, version: number): void {
    const kind = this.kindOf(id);
    const thing = kind && this[kind].byId(id);
    if (thing) this.roster(kind).put({ ...thing, version });
    else this.obscure.add(id);
  }

  /** Keeps of a thing only that it is there: what it is called and all else has been erased. */
  erase(kind: ThingKind, id: string, slug: string | null, version: number, redacted: Redaction): void {
    this.roster(kind).put({ ...ERASED[kind], id, slug, version, redacted });
  }

  /** The kind of the thing of this id; null if there is none. */
  kindOf(id: string): ThingKind | null {
    return THING_KINDS.find((kind) => this[kind].byId(id) !== undefined) ?? null;
  }

  private roster(kind: ThingKind): { put(thing: object): void } {
    return this[kind] as { put(thing: object): void }; // holds: a thing goes back to where it was found, and an erased one is made for its kind
  }

  /** The thing of this id in any answer: a party that is not there cannot be referred to, so a miss is a fault of ours. */
  name(kind: ThingKind, id: string): Named {
    const thing = this[kind].byId(id);
    if (thing === undefined && this.obscure.has(id)) return { id, slug: null, name: 'unknown' };
    if (thing === undefined) throw new Error(`No ${kind} ${id} in this dossier.`);
    return { id: thing.id, slug: thing.slug, name: thing.name };
  }

  /** The parties that a speaker speaks for at an instant. */
  partiesOf(speaker: Speaker, at: Instant): string[] {
    return [...new Set(speaker.affiliations.filter((each) => holds(each, at)).map((each) => each.party))];
  }
}

function holds({ from, to }: Affiliation, at: Instant): boolean {
  const begin = from === null ? null : (parseSaidAt(from)?.earliest ?? null);
  const end = to === null ? null : (parseSaidAt(to)?.latest ?? null);
  return (begin === null || begin <= at) && (end === null || at <= end);
}
