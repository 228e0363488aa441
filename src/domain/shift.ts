import type { Position } from './position.js';
import type { Instant } from './said-at.js';
import { LEVELS, type QualifiedStance } from './stance.js';

export const SHIFT_KINDS = [
  'adopted',
  'reversed',
  'withdrawn',
  'strengthened',
  'softened',
  'conditions-changed',
] as const;

export type ShiftKind = (typeof SHIFT_KINDS)[number];

/** The party moved: from one position to the next, at a said-time, by a statement (or an assessment) of this id. */
export interface Shift {
  readonly at: Instant;
  readonly kind: ShiftKind;
  readonly from: QualifiedStance | null;
  readonly to: QualifiedStance;
  readonly statement: string;
}

/** Names the change between two consecutive positions. Two positions with the same stance and conditions are one position, not a shift. */
export function shiftKind(from: QualifiedStance | null, to: QualifiedStance): ShiftKind {
  if (from === null) return 'adopted';
  const before = LEVELS[from.stance];
  const after = LEVELS[to.stance];
  if (before === after) return 'conditions-changed';
  if (after === 0) return 'withdrawn';
  if (Math.sign(after) === -Math.sign(before)) return 'reversed';
  return Math.abs(after) > Math.abs(before) ? 'strengthened' : 'softened';
}

export function shiftsOf(history: readonly Position[]): Shift[] {
  return history.map((position, index) => {
    const before = history[index - 1] ?? null;
    return {
      at: position.from,
      kind: shiftKind(before, position),
      from: before,
      to: position,
      statement: position.evidence[0].entry.id,
    };
  });
}
