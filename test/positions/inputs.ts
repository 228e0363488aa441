import type { StatementInput } from '../../src/domain/record-statement.js';
import type { Affiliation, Judgement } from './steps.js';
import type { Said } from './world.js';

const CONDITIONS = ['the other side does so too', 'monitors are let in', 'prisoners are freed'];
const RECORDED_AS = { attribution: 'reported', summary: 'As reported.' } as const;

/** A statement as a client sends it. `naming`: how what it refers to is called. */
export function inputOf(said: Said, naming: number): StatementInput {
  const { slug, act, speaker, party, topic, against, saidAt, stance, conditions, refersTo } = said;
  return {
    ...(slug !== null && { slug }),
    act: act as StatementInput['act'], // holds: acts come from the table of acts
    speaker: speaker === null ? null : name(['speaker', 'Speaker', 'Mr'], speaker, naming),
    party: party === null ? null : name(['party', 'Party', 'the '], party, naming),
    topic: topic === null ? null : name(['topic', 'Topic', 'TOPIC'], topic, naming),
    against: against === null ? null : `party-${against}`,
    refersTo: refersTo === null ? null : referenceOf(refersTo),
    saidAt,
    stance,
    conditions: wording(conditions),
    ...RECORDED_AS,
  };
}

/** A thing by its slug, its name or an alias, in whatever spelling finds it. */
function name([slug, full, alias]: readonly [string, string, string], n: number, naming: number): string {
  if (naming % 3 === 0) return `${slug}-${n}`;
  if (naming % 3 === 1) return `${full} ${n}`;
  return alias === 'the ' ? `the ${n}TH  power` : `${alias} ${n}`;
}

export function referenceOf({ slug, id }: Said): string {
  const reference = slug ?? id;
  if (reference === null)
    throw new Error('A statement without a slug was referred to before it was recorded.');
  return reference;
}

export function judgementOf({ party, topic, stance, conditions, asOf }: Judgement): {
  party: string;
  topic: string;
  stance: Judgement['stance'];
  conditions: string[];
  asOf: string;
} {
  return { party: `party-${party}`, topic: `Topic ${topic}`, stance, conditions: wording(conditions), asOf };
}

function wording(conditions: readonly number[]): string[] {
  return conditions.flatMap((each) => CONDITIONS[each] ?? []);
}

export function named({ party, from, to }: Affiliation): {
  party: string;
  from: string | null;
  to: string | null;
} {
  return { party: `party-${party}`, from, to };
}
