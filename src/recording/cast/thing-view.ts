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
import type { Redaction } from '../../domain/redaction.js';
import type { Named } from '../../domain/rejection.js';

interface ThingView {
  readonly id: string;
  readonly slug: string | null;
  readonly version: number;
  /** By which event everything else was erased; left out where it was not. */
  readonly redacted?: Redaction;
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
  party: ({ name, aliases, kind, ...party }: Party) => ({ ...base(party), name, aliases, kind }),
  speaker: ({ name, aliases, affiliations, ...speaker }: Speaker, cast) => ({
    ...base(speaker),
    name,
    aliases,
    affiliations: affiliations.map((each) => ({ ...each, party: cast.name('party', each.party) })),
  }),
  topic: ({ name, proposition, ...topic }: Topic) => ({ ...base(topic), name, proposition }),
  source: ({ name, url, outlet, publishedAt, language, text, ...source }: Source) => ({
    ...base(source),
    title: name,
    url,
    outlet,
    publishedAt,
    language,
    textSha256: text?.sha256 ?? null,
  }),
};

function base({
  id,
  slug,
  version,
  redacted,
}: Pick<Party, 'id' | 'slug' | 'version' | 'redacted'>): ThingView {
  return { id, slug, version, ...(redacted && { redacted }) };
}
