import { v7 as uuidv7 } from 'uuid';

/** The one place where ids and the time come from; tests pass their own. */
export interface Surroundings {
  readonly newId: () => string;
  /** RFC 3339, UTC, milliseconds. */
  readonly now: () => string;
}

/** The injection token of the surroundings. */
export const SURROUNDINGS = Symbol('surroundings');

export const REAL_SURROUNDINGS: Surroundings = {
  newId: uuidv7,
  now: () => new Date().toISOString(),
};
