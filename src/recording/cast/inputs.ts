import { PARTY_KINDS, type PartyKind } from '../../domain/cast.js';
import { Choice, LONGEST, NestedList, Reference, SaidAt, Slug, Text, Texts } from '../../http/fields.js';

const MOST_ALIASES = 200;
const name = { max: LONGEST.name } as const;
const optionalName = { ...name, optional: true } as const;
const line = { max: LONGEST.line, optional: true } as const;
const aliases = { most: MOST_ALIASES, ...optionalName } as const;

export class AffiliationInput {
  @Reference({ description: 'Id, slug, name or alias of the party that the speaker speaks for.' })
  readonly party!: string;

  @Text(optionalName)
  readonly role?: string | null;

  @SaidAt({ optional: true, description: 'Since when (EDTF); left out: always.' })
  readonly from?: string | null;

  @SaidAt({ optional: true, description: 'Until when (EDTF), its last day included; left out: still.' })
  readonly to?: string | null;
}

export class PartyInput {
  @Slug()
  readonly slug?: string | null;

  @Text(name)
  readonly name!: string;

  @Texts(aliases)
  readonly aliases?: readonly string[] | null;

  @Choice(PARTY_KINDS, { optional: true, name: 'PartyKind' })
  readonly kind?: PartyKind | null;
}

export class PartyChanges {
  @Text({ ...name, optional: 'left-out' })
  readonly name?: string;

  @Texts(aliases)
  readonly aliases?: readonly string[] | null;

  @Choice(PARTY_KINDS, { optional: true, name: 'PartyKind' })
  readonly kind?: PartyKind | null;
}

export class SpeakerInput {
  @Slug()
  readonly slug?: string | null;

  @Text(name)
  readonly name!: string;

  @Texts(aliases)
  readonly aliases?: readonly string[] | null;

  @NestedList(() => AffiliationInput, { most: 100, optional: true })
  readonly affiliations?: readonly AffiliationInput[] | null;
}

export class SpeakerChanges {
  @Text({ ...name, optional: 'left-out' })
  readonly name?: string;

  @Texts(aliases)
  readonly aliases?: readonly string[] | null;

  @NestedList(() => AffiliationInput, { most: 100, optional: true })
  readonly affiliations?: readonly AffiliationInput[] | null;
}

export class TopicInput {
  @Slug()
  readonly slug?: string | null;

  @Text(name)
  readonly name!: string;

  @Text({ ...line, description: 'The topic worded as something that a party can support or oppose.' })
  readonly proposition?: string | null;
}

export class TopicChanges {
  @Text({ ...name, optional: 'left-out' })
  readonly name?: string;

  @Text(line)
  readonly proposition?: string | null;
}

export class SourceInput {
  @Slug()
  readonly slug?: string | null;

  @Text(name)
  readonly title!: string;

  @Text(line)
  readonly url?: string | null;

  @Text(optionalName)
  readonly outlet?: string | null;

  @SaidAt({ optional: true, description: 'EDTF level 1.' })
  readonly publishedAt?: string | null;

  @Text({ max: 35, optional: true, description: 'BCP 47.' })
  readonly language?: string | null;

  @Text({
    max: LONGEST.document,
    optional: true,
    description: 'The full text, in which passages are located.',
  })
  readonly text?: string | null;
}

export class SourceChanges {
  @Text({ ...name, optional: 'left-out' })
  readonly title?: string;

  @Text(line)
  readonly url?: string | null;

  @Text(optionalName)
  readonly outlet?: string | null;

  @SaidAt({ optional: true })
  readonly publishedAt?: string | null;

  @Text({ max: 35, optional: true })
  readonly language?: string | null;

  @Text({ max: LONGEST.document, optional: true })
  readonly text?: string | null;
}
