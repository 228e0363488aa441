import { readMoments, type Moments } from '../design/address.js';

/** What of the board is shown, as the address says it. */
export interface BoardSearch extends Moments {
  /** A part of the names of the parties that are shown. */
  readonly parties?: string | undefined;
  readonly topics?: string | undefined;
}

export function boardSearch(search: Readonly<Record<string, unknown>>): BoardSearch {
  return { ...readMoments(search), parties: textOf(search['parties']), topics: textOf(search['topics']) };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
