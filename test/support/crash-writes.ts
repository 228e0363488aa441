import type { Chance } from './crash-chance.js';

/** A request that writes, and what its writer was told of it. */
export interface Write {
  readonly path: string;
  readonly body: unknown;
  readonly key: string | null;
  /** The summaries of the statements that it records, in order; a voiding records none. */
  readonly summaries: readonly string[];
  /** Whether a try ended without an answer or with a 503: it may or may not have been carried out. */
  interrupted: boolean;
  /** The first answer; undefined as long as there is none. */
  answer: unknown;
  /** When that came, by performance.now(). */
  answeredAt: number;
}

/** A record that the service said is in the log. `summary` is null for a voiding. */
export interface Acknowledged {
  readonly sequence: number;
  readonly id: string;
  readonly summary: string | null;
}

/** A receipt as far as it is read here. */
export interface Receipt {
  readonly id: string;
  readonly sequence: number;
  readonly statements?: readonly Receipt[];
}

const PARTIES = ['north', 'south', 'east', 'west'];
const TOPICS = ['truce', 'talks', 'borders'];
const SPEAKERS = ['envoy', 'minister'];
const ACTS = ['SupportExpressed', 'OppositionExpressed', 'DoubtVoiced', 'OpennessDeclared', 'DemandMade'];

/** Who and what the statements of the load are about: each path with a body. */
export const CAST: readonly (readonly [string, object])[] = [
  ...PARTIES.map((slug) => ['parties', { slug, name: slug }] as const),
  ...TOPICS.map((slug) => ['topics', { slug, name: slug, proposition: slug }] as const),
  ...SPEAKERS.map((slug) => ['speakers', { slug, name: slug }] as const),
];

/** A statement told from all others by its summary; said on any of few days, so that many come late and change the past. */
export function statement(chance: Chance, summary: string): Readonly<Record<string, unknown>> {
  const conditions = chance.fraction() < 0.2 ? ['the other side does so too'] : [];
  return {
    act: conditions.length > 0 ? 'ConditionSet' : chance.of('SupportExpressed', ...ACTS),
    party: chance.of('north', ...PARTIES),
    topic: chance.of('truce', ...TOPICS),
    ...(chance.fraction() < 0.5 && { speaker: chance.of('envoy', ...SPEAKERS) }),
    saidAt: `2025-04-${chance.between(10, 28)}`,
    attribution: 'reported',
    summary,
    conditions,
  };
}

export function written(
  path: string,
  body: unknown,
  key: string | null,
  summaries: readonly string[],
): Write {
  return { path, body, key, summaries, interrupted: false, answer: undefined, answeredAt: 0 };
}

/** What a write's answer says is in the log. */
export function acknowledgedBy({ answer, summaries }: Write): Acknowledged[] {
  if (answer === undefined) return [];
  const receipt = answer as Receipt; // holds: every write answers so
  return (receipt.statements ?? [receipt]).map(({ id, sequence }, index) => ({
    id,
    sequence,
    summary: summaries[index] ?? null,
  }));
}
