import { Cast } from '../../src/domain/cast.js';
import { ACTS, type Act } from '../../src/domain/acts.js';
import type { Entry } from '../../src/domain/position.js';
import { Rejection, type FieldError } from '../../src/domain/rejection.js';
import { saidOf } from '../../src/domain/said-at.js';
import type { Resolved, Stated, Statement } from '../../src/domain/statement.js';

/** A cast of two states that negotiate, a mediator, those who speak for them, and two topics. Ids are slugs. */
export function negotiators(): Cast {
  const cast = new Cast();
  const thing = (slug: string, name: string) => ({
    id: slug,
    slug,
    name,
    version: 1,
    aliases: [] as string[],
  });
  cast.party.put({ ...thing('russia', 'Russia'), aliases: ['Moscow', 'the enemy'], kind: 'state' });
  cast.party.put({ ...thing('ukraine', 'Ukraine'), aliases: ['Kyiv', 'the enemy'], kind: 'state' });
  cast.party.put({ ...thing('usa', 'United States'), kind: 'state' });
  const speaksFor = (party: string, from: string | null = null, to: string | null = null) => ({
    party,
    role: null,
    from,
    to,
  });
  cast.speaker.put({ ...thing('putin', 'Vladimir Putin'), affiliations: [speaksFor('russia')] });
  cast.speaker.put({
    ...thing('zelenskyy', 'Volodymyr Zelenskyy'),
    affiliations: [speaksFor('ukraine', '2019-05-20')],
  });
  cast.speaker.put({
    ...thing('envoy', 'The envoy'),
    affiliations: [speaksFor('usa'), speaksFor('russia', null, '2024')],
  });
  cast.speaker.put({ ...thing('critics', 'Critics'), affiliations: [] });
  cast.topic.put({ ...thing('strikes-stop', 'Strikes on civilian targets stop'), proposition: null });
  cast.topic.put({ ...thing('direct-talks', 'Direct talks'), proposition: null });
  return cast;
}

const NOTHING_STATED: Omit<Stated, 'act'> = {
  party: null,
  speaker: null,
  topic: null,
  saidAt: '2025-04-21',
  attribution: 'reported',
  source: null,
  passage: null,
  summary: 'As reported.',
  addressees: [],
  against: null,
  refersTo: null,
  stance: null,
  conditions: [],
  language: null,
  translation: null,
  note: null,
};

/** A statement that stands in the log. */
export function recorded(
  act: Act,
  stated: Partial<Omit<Stated, 'act'>> = {},
  resolved: Partial<Resolved> = {},
): Statement {
  const all: Stated = { act, ...NOTHING_STATED, ...stated }; // in the order in which events keep them
  const { party, topic, stance, conditions } = all;
  return {
    id: `a ${act}`,
    slug: null,
    version: 1,
    origin: 7,
    recordedAt: '2025-04-22T08:00:00.000Z',
    recordedBy: 'recorder',
    stated: all,
    resolved: { party, topic, stance: stance ?? ACTS[act].stance, conditions, ...resolved },
    anchor: null,
    standing: { status: 'standing' },
  };
}

/** An entry of a pair, said on a day, first recorded at a sequence. */
export function entry(
  origin: number,
  saidAt: string,
  stance: Entry['stance'],
  more: Partial<Entry> = {},
): Entry {
  return {
    id: `entry ${origin}`,
    act: 'ClarificationIssued',
    speaker: null,
    said: saidOf(saidAt),
    origin,
    stance,
    conditions: [],
    ...more,
  };
}

/** What a decision is refused with; throws where it is not refused. */
export function refusalOf(decide: () => unknown): {
  code: string;
  errors: readonly FieldError[];
  paths: string[];
} {
  try {
    decide();
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return { code: error.code, errors: error.errors, paths: error.errors.map(({ path }) => path) };
  }
  throw new Error('It was not refused.');
}
