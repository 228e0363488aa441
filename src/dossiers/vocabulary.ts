import { EVENT_TYPES } from '../domain/event-types.js';
import { LEDGER_KEY_ROTATED } from '../ledger/proof/rotation.js';
import type { Vocabulary } from '../ledger/upcasting.js';

/** What this code understands of a dossier's log. How events of old schema versions become those of today: none has changed yet. */
export const VOCABULARY: Vocabulary = {
  types: new Set([...EVENT_TYPES, LEDGER_KEY_ROTATED]),
  upcasters: {},
};

/** How much this code understands: a type and each schema version beyond its first count one. Never shrinks, as nothing stored is forgotten. */
const LEARNT =
  VOCABULARY.types.size + Object.values(VOCABULARY.upcasters).flatMap((steps) => Object.keys(steps)).length;

/** More than that will ever be. */
const SPAN = 10_000;

/**
 * The version of a projection of the dossiers' events. `rules` is raised by hand when the same events would give other rows; that this code
 * understands more than the one before raises it by itself, as rows made without that understanding lack something.
 */
export function projectionVersion(rules: number): number {
  return rules * SPAN + LEARNT;
}
