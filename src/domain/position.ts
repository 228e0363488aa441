import type { Act } from './acts.js';
import type { POSITION_ASSESSED } from './assessment.js';
import type { Instant } from './said-at.js';
import { LEVELS, sameStance, type QualifiedStance, type Stance } from './stance.js';

/** A statement or an assessment as far as a pair's positions follow from it (positions.md). `id` is the record's; `origin` the sequence that first recorded it. */
export interface Entry {
  readonly id: string;
  readonly act: Act | typeof POSITION_ASSESSED;
  readonly speaker: string | null;
  readonly said: Instant;
  readonly origin: number;
  readonly stance: Stance | null;
  readonly conditions: readonly string[];
}

export type Role = 'sets' | 'reaffirms' | 'evidence';

export interface Evidence {
  readonly entry: Entry;
  readonly role: Role;
}

/** A party's stance on a topic from `from` until `to` (exclusive; null: still). The first of its evidence is what set it. */
export interface Position extends QualifiedStance {
  readonly from: Instant;
  readonly to: Instant | null;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

export function bySaidOrder(
  one: Pick<Entry, 'said' | 'origin'>,
  other: Pick<Entry, 'said' | 'origin'>,
): number {
  return one.said - other.said || one.origin - other.origin;
}

/**
 * The history of a pair from its entries in said-order. The one fold: the current board, a position of long ago, history, shifts and
 * comparison all read their answer from it.
 */
export function foldPositions(entries: Iterable<Entry>): Position[] {
  const positions: Growing[] = [];
  for (const entry of entries) {
    const current = positions.at(-1);
    if (current === undefined || opensNew(current, entry)) begin(positions, entry);
    else current.evidence.push({ entry, role: entry.stance === null ? 'evidence' : 'reaffirms' });
  }
  return positions;
}

/** The history of a pair as it was at `at`, told by what had been said by then. */
export function positionsUntil(entries: Iterable<Entry>, at: Instant): Position[] {
  return foldPositions([...entries].filter(({ said }) => said <= at));
}

/** The position whose span contains `at`; null before the first. */
export function positionAt(entries: Iterable<Entry>, at: Instant): Position | null {
  return positionsUntil(entries, at).at(-1) ?? null;
}

/** Where one speaker stands: the same fold over what that speaker said for the party. */
export interface Voice {
  readonly speaker: string;
  readonly stance: Stance;
  readonly since: Instant;
}

/** The voices of a party on a topic at an instant, by speaker in the order in which they first took a stance. */
export function voicesAt(entries: Iterable<Entry>, at: Instant): Voice[] {
  const bySpeaker = new Map<string, Entry[]>();
  for (const entry of entries) {
    if (entry.speaker === null || entry.stance === null || entry.said > at) continue;
    const own = bySpeaker.get(entry.speaker);
    if (own === undefined) bySpeaker.set(entry.speaker, [entry]);
    else own.push(entry);
  }
  return [...bySpeaker].flatMap(([speaker, own]) => {
    const last = foldPositions(own).at(-1);
    return last === undefined ? [] : { speaker, stance: last.stance, since: last.from };
  });
}

/** Two voices that differ by two levels or more. */
export function divided(voices: readonly Voice[]): boolean {
  const levels = voices.map(({ stance }) => LEVELS[stance]);
  return Math.max(...levels) - Math.min(...levels) >= 2; // −∞ where there is none
}

interface Growing extends QualifiedStance {
  from: Instant;
  to: Instant | null;
  evidence: [Evidence, ...Evidence[]];
}

function opensNew(current: QualifiedStance, { stance, conditions }: Entry): boolean {
  return stance !== null && !sameStance(current, { stance, conditions });
}

function begin(positions: Growing[], entry: Entry): void {
  if (entry.stance === null) return;
  const before = positions.at(-1);
  if (before !== undefined) before.to = entry.said;
  positions.push({
    stance: entry.stance,
    conditions: entry.conditions,
    from: entry.said,
    to: null,
    evidence: [{ entry, role: 'sets' }],
  });
}
