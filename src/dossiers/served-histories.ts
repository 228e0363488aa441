import { Query } from '@nestjs/cqrs';

/** A pair's history as positions are served, as far as an export says it. */
export interface ServedHistory {
  readonly party: string;
  readonly topic: string;
  readonly positions: readonly {
    readonly stance: string;
    readonly conditions: readonly string[];
    /** RFC 3339. */
    readonly from: string;
    readonly entries: number;
  }[];
}

/** Which pair it is: ids. */
export type ServedPair = Pick<ServedHistory, 'party' | 'topic'>;

/** `last`: the pair after which the next page begins; null at the end. */
export interface ServedHistoriesPage {
  readonly histories: readonly ServedHistory[];
  readonly last: ServedPair | null;
}

/** Asks for the histories of a dossier as known at a sequence, pair by pair in the order of party and topic id. The job that views positions answers. */
export class ServedHistories extends Query<ServedHistoriesPage> {
  constructor(
    readonly dossier: string,
    readonly known: number,
    readonly after: ServedPair | null,
    readonly limit: number,
  ) {
    super();
  }
}
