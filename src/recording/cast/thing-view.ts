import type {
  Cast,
  Party,
  PartyKind,
  Source,
  Speaker,
  ThingKind,
  ThingOf,
  Topic,
} from '../../domain/cast.js';
import type { Named } from '../../domain/rejection.js';

interface ThingView {
  readonly id: string;
  readonly slug: string | null;
  readonly version: number;
}

export interface PartyView extends ThingView {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: PartyKind;
}

export interface SpeakerView extends ThingView {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly affiliations: readonly {
    readonly party: Named;
    readonly role: string | null;
    readonly from: string | null;
    readonly to: string | null;
  }[];
}

export interface TopicView extends ThingView {
  readonly name: string;
  readonly proposition: string | null;
}

export interface SourceView extends ThingView {
  readonly title: string;
  readonly url: string | null;
  readonly outlet: string | null;
  readonly publishedAt: string | null;
  readonly language: string | null;
  readonly textSha256: string | null;
}

export interface ViewOf {
  party: PartyView;
  speaker: SpeakerView;
  topic: TopicView;
  source: SourceView;
}

/** How each kind of thing is shown, affiliations by their parties' names. */
export const VIEWS: { [Kind in ThingKind]: (thing: ThingOf[Kind], cast: Cast) => ViewOf[Kind] } = {
  party: ({ id, slug, version, name, aliases, kind }: Party) => ({ id, slug, version, name, aliases, kind }),
  speaker: ({ id, slug, version, name, aliases, affiliations }: Speaker, cast) => ({
    id,
    slug,
    version,
    name,
    aliases,
    affiliations: affiliations.map((each) => ({ ...each, party: cast.name('party', each.party) })),
  }),
  topic: ({ id, slug, version, name, proposition }: Topic) => ({ id, slug, version, name, proposition }),
  source: ({ id, slug, version, name, url, outlet, publishedAt, language, text }: Source) => ({
    id,
    slug,
    version,
    title: name,
    url,
    outlet,
    publishedAt,
    language,
    textSha256: text?.sha256 ?? null,
  }),
};
