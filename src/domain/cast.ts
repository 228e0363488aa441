import type { Named } from './rejection.js';
import { Roster } from './roster.js';
import { parseSaidAt, type Instant } from './said-at.js';

export const PARTY_KINDS = ['state', 'organisation', 'group', 'person', 'other'] as const;

export type PartyKind = (typeof PARTY_KINDS)[number];

/** What every kind of thing in a dossier has. `version` is its stream's. */
interface Thing extends Named {
  readonly version: number;
  readonly aliases: readonly string[];
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
    const rosters: readonly Roster<ThingOf[ThingKind]>[] = THING_KINDS.map(
      (kind) => this[kind] as Roster<ThingOf[ThingKind]>,
    ); // holds: a thing goes back to where it was found
    const roster = rosters.find((each) => each.byId(id) !== undefined);
    const thing = roster?.byId(id);
    if (thing === undefined) this.obscure.add(id);
    else roster?.put({ ...thing, version });
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
