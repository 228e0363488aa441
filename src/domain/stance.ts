/** From most against to most for; the order is the scale. Stored in events. */
export const STANCES = ['opposed', 'skeptical', 'noncommittal', 'open', 'supportive'] as const;

export type Stance = (typeof STANCES)[number];

/** Distance from noncommittal, −2 … +2: what shifts and divided voices are measured in. */
export const LEVELS = {
  opposed: -2,
  skeptical: -1,
  noncommittal: 0,
  open: 1,
  supportive: 2,
} as const satisfies Record<Stance, number>;

/** A stance with the conditions it hangs on ("supportive, if …"). */
export interface QualifiedStance {
  readonly stance: Stance;
  readonly conditions: readonly string[];
}

/** Conditions are a set: neither order nor repetition matters. */
export function sameConditions(one: readonly string[], other: readonly string[]): boolean {
  const left = new Set(one);
  const right = new Set(other);
  return left.size === right.size && [...left].every((condition) => right.has(condition));
}

export function sameStance(one: QualifiedStance, other: QualifiedStance): boolean {
  return one.stance === other.stance && sameConditions(one.conditions, other.conditions);
}
