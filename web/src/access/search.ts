import { readChoice, type Given } from '../design/address.js';

/** Why a login link did not log anybody in. Left out: it was used before, or is too old. */
export interface LinkFailedSearch {
  readonly why?: 'elsewhere' | undefined;
}

export function linkFailedSearch({ why }: Given): LinkFailedSearch {
  return { why: readChoice(why, ['elsewhere']) };
}
