import type { Instant } from '../domain/said-at.js';
import type { Shift, ShiftKind } from '../domain/shift.js';
import type { Stance } from '../domain/stance.js';

/** A shift in answers: the party moved. `at` is of said-time. */
export interface ShiftView {
  readonly at: string;
  readonly kind: ShiftKind;
  readonly from: Stance | null;
  readonly to: Stance;
  readonly fromConditions: readonly string[];
  readonly toConditions: readonly string[];
  readonly statement: string;
}

/** RFC 3339. */
export function iso(instant: Instant): string {
  return new Date(instant).toISOString();
}

export function viewShift({ at, kind, from, to, statement }: Shift): ShiftView {
  return {
    at: iso(at),
    kind,
    from: from?.stance ?? null,
    to: to.stance,
    fromConditions: from?.conditions ?? [],
    toConditions: to.conditions,
    statement,
  };
}
