import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Cast } from '../domain/cast.js';
import type { Named } from '../domain/rejection.js';
import { sameConditions } from '../domain/stance.js';
import { Reading, type Known, type KnownInput, type View } from '../dossiers/reading.js';
import { SURROUNDINGS, type Surroundings } from '../dossiers/surroundings.js';
import { collect, some } from './board.js';
import { ChangedPairs } from '../entries/changed-pairs.js';
import { Entries, type Pair, type PairEntriesTwice } from '../entries/entries.js';
import { pairCursor, readPairFilter } from '../entries/pairs.js';
import { viewPosition, type PositionView } from './position-view.js';
import { POSITIONS } from '../entries/positions-projection.js';

/** A moment of both clocks. */
export interface Moment {
  readonly at: string;
  readonly known: Known;
}

export interface Difference {
  readonly party: Named;
  readonly topic: Named;
  readonly before: PositionView | null;
  readonly after: PositionView | null;
}

export interface Comparison {
  readonly before: Moment;
  readonly after: Moment;
  readonly items: readonly Difference[];
  readonly next: string | null;
}

/** The pairs whose position differs between two instants of said-time, or between two states of our knowledge. */
export class ComparePositions extends Query<Comparison> {
  constructor(
    readonly dossier: string,
    /** One instant for both sides, or one each; none: now. */
    readonly at: readonly string[],
    readonly known: readonly Exclude<KnownInput, undefined>[],
    readonly limit: number,
    readonly cursor?: string | undefined,
  ) {
    super();
  }
}

@QueryHandler(ComparePositions)
export class ComparePositionsHandler implements IQueryHandler<ComparePositions> {
  constructor(
    private readonly reading: Reading,
    private readonly entries: Entries,
    private readonly changed: ChangedPairs,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({ dossier, at, known, limit, cursor }: ComparePositions): Promise<Comparison> {
    const now = this.surroundings.now();
    const newest = await this.reading.view(dossier, POSITIONS, undefined);
    const { cast } = newest.dossier;
    const moment = async (side: 0 | 1): Promise<Moment> => ({
      at: at[side] ?? at[0] ?? now,
      known: await this.reading.known(newest.dossier, known[side] ?? known[0]),
    });
    const [before, after] = await Promise.all([moment(0), moment(1)]);
    const one = { ...newest, known: before.known };
    const other = { ...newest, known: after.known };
    const changed = before.at === after.at ? await this.changedBetween(one, other) : null;
    const { items, last } = await collect(
      (filter, most) =>
        changed === null
          ? this.entries.ofPairsTwice(one, other, filter, most)
          : some(changed, filter, most, (pairs) => this.entries.ofEachTwice(one, other, pairs)),
      readPairFilter(cast, { cursor }),
      limit,
      (pair) => difference(pair, before, after, cast),
    );
    return { before, after, items, next: pairCursor(last) };
  }

  /** The pairs that can differ between two states of knowledge. Null: possibly all. */
  private changedBetween(one: View, other: View): Promise<Pair[] | null> {
    const [earlier, later] = one.known.sequence <= other.known.sequence ? [one, other] : [other, one];
    return this.changed.inEntries(later, earlier.known.sequence);
  }
}

function difference(pair: PairEntriesTwice, before: Moment, after: Moment, cast: Cast): Difference | null {
  const one = viewPosition(pair, pair.entries, Date.parse(before.at), cast);
  const other = viewPosition(pair, pair.later, Date.parse(after.at), cast);
  if (same(one, other)) return null;
  return {
    party: cast.name('party', pair.party),
    topic: cast.name('topic', pair.topic),
    before: one,
    after: other,
  };
}

/** The same position: stance, conditions, and since when. */
function same(one: PositionView | null, other: PositionView | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.stance === other.stance &&
    one.since === other.since &&
    sameConditions(one.conditions, other.conditions)
  );
}
