import { randomBytes, randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** The one place where ids, randomness and the time come from; tests pass their own. */
export interface Surroundings {
  readonly newId: () => string;
  /** RFC 3339, UTC, milliseconds. */
  readonly now: () => string;
  /** Bytes that nobody can guess. */
  readonly random: (count: number) => Buffer;
}

/** The injection token of the surroundings. */
export const SURROUNDINGS = Symbol('surroundings');

export const REAL_SURROUNDINGS: Surroundings = {
  newId: () => uuidv7({ random: drawn() }),
  now: () => new Date().toISOString(),
  random: (count) => randomBytes(count),
};

/** Random bytes are drawn for many ids at a time: a draw costs more than the rest of an id. */
const DRAWN = Buffer.alloc(8_192);
const PER_ID = 16;
let used = DRAWN.length;

function drawn(): Uint8Array {
  if (used === DRAWN.length) {
    randomFillSync(DRAWN);
    used = 0;
  }
  return DRAWN.subarray(used, (used += PER_ID));
}
