import type { Cast } from '../domain/cast.js';
import { divided, positionAt, voicesAt, type Entry, type Position, type Role } from '../domain/position.js';
import type { Named } from '../domain/rejection.js';
import type { Instant } from '../domain/said-at.js';
import { LEVELS, type Stance } from '../domain/stance.js';
import type { Pair } from '../entries/entries.js';
import { iso } from '../entries/shift-view.js';

/** A position at an instant. Instants are RFC 3339. */
export interface PositionView {
  readonly party: Named;
  readonly topic: Named;
  readonly stance: Stance;
  readonly level: number;
  readonly conditions: readonly string[];
  readonly since: string;
  readonly basis: readonly string[];
  readonly statements: number;
  readonly voices: readonly { readonly speaker: Named; readonly stance: Stance; readonly since: string }[];
  readonly divided: boolean;
}

export interface HistoryPositionView {
  readonly stance: Stance;
  readonly level: number;
  readonly conditions: readonly string[];
  readonly from: string;
  readonly to: string | null;
  readonly evidence: readonly {
    readonly statement: string;
    readonly role: Role;
    readonly act: Entry['act'];
  }[];
}

/** Null where the pair has no position at that instant. */
export function viewPosition(
  { party, topic }: Pair,
  entries: readonly Entry[],
  at: Instant,
  cast: Cast,
): PositionView | null {
  const position = positionAt(entries, at);
  if (position === null) return null;
  const voices = voicesAt(entries, at);
  return {
    party: cast.name('party', party),
    topic: cast.name('topic', topic),
    stance: position.stance,
    level: LEVELS[position.stance],
    conditions: position.conditions,
    since: iso(position.from),
    basis: position.evidence.filter(({ role }) => role !== 'evidence').map(({ entry }) => entry.id),
    statements: position.evidence.length,
    voices: voices.map(({ speaker, stance, since }) => ({
      speaker: cast.name('speaker', speaker),
      stance,
      since: iso(since),
    })),
    divided: divided(voices),
  };
}

export function viewHistoryPosition({
  stance,
  conditions,
  from,
  to,
  evidence,
}: Position): HistoryPositionView {
  return {
    stance,
    level: LEVELS[stance],
    conditions,
    from: iso(from),
    to: to === null ? null : iso(to),
    evidence: evidence.map(({ entry, role }) => ({ statement: entry.id, role, act: entry.act })),
  };
}
