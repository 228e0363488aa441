import { Cast } from '../../../src/domain/cast.js';
import type { Circumstances, DecidedStatement } from '../../../src/domain/record-statement.js';
import { Rejection, type FieldError } from '../../../src/domain/rejection.js';
import type { Statement as Recorded } from '../../../src/domain/statement.js';
import type { components } from '../api/openapi.js';

type Schemas = components['schemas'];
type Statement = Schemas['Statement'];

/** What is known of the dossier here. */
export interface Known {
  readonly parties: readonly Schemas['Party'][];
  readonly speakers: readonly Schemas['Speaker'][];
  readonly topics: readonly Schemas['Topic'][];
  readonly sources: readonly Schemas['Source'][];
  /** The statement that is answered. */
  readonly referred: Statement | null;
}

export type Verdict =
  | { readonly decided: DecidedStatement; readonly findings: readonly [] }
  | { readonly decided: null; readonly findings: readonly FieldError[] };

/** What comes of deciding. */
export function verdictOf(decide: () => DecidedStatement): Verdict {
  try {
    return { decided: decide(), findings: [] };
  } catch (error) {
    if (error instanceof Rejection) return { decided: null, findings: error.errors };
    throw error;
  }
}

export function circumstancesOf(known: Known): Circumstances {
  return { cast: castOf(known), referred: known.referred === null ? null : recordedOf(known.referred) };
}

function castOf({ parties, speakers, topics, sources }: Known): Cast {
  const cast = new Cast();
  for (const party of parties) cast.party.put(party);
  for (const speaker of speakers) cast.speaker.put(speakerOf(speaker));
  for (const topic of topics) cast.topic.put({ ...topic, aliases: [] });
  for (const source of sources) cast.source.put({ ...source, name: source.title, aliases: [], text: null });
  return cast;
}

export function speakerOf(speaker: Schemas['Speaker']): Parameters<Cast['partiesOf']>[0] {
  return {
    ...speaker,
    affiliations: speaker.affiliations.map((each) => ({ ...each, party: each.party.id })),
  };
}

/** A statement of an answer as the domain knows it. */
export function recordedOf(view: Statement): Recorded {
  const { id, slug, version, sequence, recordedAt, recordedBy, resolved, anchor: _anchor, voided } = view;
  return {
    id,
    slug,
    version,
    origin: sequence,
    recordedAt,
    recordedBy,
    stated: {
      act: view.act,
      party: view.party?.id ?? null,
      speaker: view.speaker?.id ?? null,
      topic: view.topic?.id ?? null,
      saidAt: view.saidAt,
      attribution: view.attribution,
      source: view.source?.id ?? null,
      passage: view.passage,
      summary: view.summary,
      addressees: view.addressees.map((each) => each.id),
      against: view.against?.id ?? null,
      refersTo: view.refersTo,
      stance: view.stance,
      conditions: view.conditions,
      language: view.language,
      translation: view.translation,
      note: view.note,
    },
    resolved: { ...resolved, party: resolved.party?.id ?? null, topic: resolved.topic?.id ?? null },
    anchor: null,
    standing: voided === null ? { status: 'standing' } : { status: 'voided', reason: voided.reason },
  };
}
