import { Cast } from '../../../src/domain/cast.js';
import { decideStatement, type DecidedStatement } from '../../../src/domain/record-statement.js';
import { Rejection, type FieldError } from '../../../src/domain/rejection.js';
import { parseSaidAt, said, SAID_AT_RULE } from '../../../src/domain/said-at.js';
import type { Statement as Recorded } from '../../../src/domain/statement.js';
import type { Schemas } from '../api/client.js';
import { inputOf, type Draft } from './draft.js';
import type { Party, Source, Speaker, Statement, Topic } from './queries.js';

/** What is known of the dossier here. */
export interface Known {
  readonly parties: readonly Party[];
  readonly speakers: readonly Speaker[];
  readonly topics: readonly Topic[];
  readonly source: Source;
  /** The statement that the draft answers. */
  readonly referred: Statement | null;
}

export type Verdict =
  | { readonly decided: DecidedStatement; readonly findings: readonly [] }
  | { readonly decided: null; readonly findings: readonly FieldError[] };

/** What the service will make of a draft, by the same function. */
export function decideDraft(draft: Draft, passage: Schemas['PassageInput'] | null, known: Known): Verdict {
  const { act, ...input } = inputOf(draft, known.source.id, passage);
  const missing: FieldError[] = [
    ...(act === null ? [{ path: 'act', message: 'is required' }] : []),
    ...(parseSaidAt(input.saidAt) === null ? [{ path: 'saidAt', message: SAID_AT_RULE }] : []),
  ];
  if (act === null || missing.length > 0) return { decided: null, findings: missing };
  try {
    const referred = known.referred === null ? null : recordedOf(known.referred);
    return { decided: decideStatement({ ...input, act }, { cast: castOf(known), referred }), findings: [] };
  } catch (error) {
    if (error instanceof Rejection) return { decided: null, findings: error.errors };
    throw error;
  }
}

/** The parties that a speaker speaks for when something is said; all that they ever spoke for while that is not known. */
export function partiesOf(speaker: Speaker, saidAt: string): string[] {
  const interval = parseSaidAt(saidAt.trim());
  const thing = speakerOf(speaker);
  return interval === null
    ? [...new Set(thing.affiliations.map(({ party }) => party))]
    : new Cast().partiesOf(thing, said(interval));
}

function castOf({ parties, speakers, topics, source }: Known): Cast {
  const cast = new Cast();
  for (const party of parties) cast.party.put(party);
  for (const speaker of speakers) cast.speaker.put(speakerOf(speaker));
  for (const topic of topics) cast.topic.put({ ...topic, aliases: [] });
  cast.source.put({ ...source, name: source.title, aliases: [], text: null });
  return cast;
}

function speakerOf(speaker: Speaker): Parameters<Cast['partiesOf']>[0] {
  return {
    ...speaker,
    affiliations: speaker.affiliations.map((each) => ({ ...each, party: each.party.id })),
  };
}

/** A statement of an answer as the domain knows it. */
function recordedOf(view: Statement): Recorded {
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
