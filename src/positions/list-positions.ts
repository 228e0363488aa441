import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Named } from '../domain/rejection.js';
import { Reading, type Known, type KnownInput } from '../dossiers/reading.js';
import { SURROUNDINGS, type Surroundings } from '../dossiers/surroundings.js';
import { positions } from './board.js';
import { Entries } from '../entries/entries.js';
import { pairCursor, readPairFilter, requirePair } from '../entries/pairs.js';
import { viewPosition, type PositionView } from './position-view.js';
import { POSITIONS } from '../entries/positions-projection.js';

/** Positions at an instant of said-time, as known. */
export interface Board {
  readonly known: Known;
  readonly at: string;
  readonly positions: readonly PositionView[];
  readonly next: string | null;
}

/** One pair's position. Without one, `stance`, `level` and `since` are null: that is not the same as noncommittal. */
export type PositionAt = { readonly known: Known; readonly at: string } & (PositionView | NoPosition);

export interface NoPosition extends Omit<PositionView, 'stance' | 'level' | 'since'> {
  readonly stance: null;
  readonly level: null;
  readonly since: null;
}

export class ListPositions extends Query<Board> {
  constructor(
    readonly dossier: string,
    readonly filter: {
      readonly party?: string | undefined;
      readonly topic?: string | undefined;
      readonly cursor?: string | undefined;
    },
    /** RFC 3339; left out: now. */
    readonly at: string | undefined,
    readonly known: KnownInput,
    readonly limit: number,
  ) {
    super();
  }
}

export class ShowPosition extends Query<PositionAt> {
  constructor(
    readonly dossier: string,
    readonly party: string,
    readonly topic: string,
    readonly at: string | undefined,
    readonly known: KnownInput,
  ) {
    super();
  }
}

@QueryHandler(ListPositions)
export class ListPositionsHandler implements IQueryHandler<ListPositions> {
  constructor(
    private readonly reading: Reading,
    private readonly entries: Entries,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({
    dossier,
    filter,
    at = this.surroundings.now(),
    known,
    limit,
  }: ListPositions): Promise<Board> {
    const view = await this.reading.view(dossier, POSITIONS, known);
    const pairs = readPairFilter(view.dossier.cast, filter);
    const { items, last } = await positions(this.entries, view, Date.parse(at), pairs, limit);
    return { known: view.known, at, positions: items, next: pairCursor(last) };
  }
}

@QueryHandler(ShowPosition)
export class ShowPositionHandler implements IQueryHandler<ShowPosition> {
  constructor(
    private readonly reading: Reading,
    private readonly entries: Entries,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({
    dossier,
    party,
    topic,
    at = this.surroundings.now(),
    known,
  }: ShowPosition): Promise<PositionAt> {
    const view = await this.reading.view(dossier, POSITIONS, known);
    const { cast } = view.dossier;
    const pair = requirePair(cast, party, topic);
    const position = viewPosition(pair, await this.entries.ofPair(view, pair), Date.parse(at), cast);
    return {
      known: view.known,
      at,
      ...(position ?? noPosition(cast.name('party', pair.party), cast.name('topic', pair.topic))),
    };
  }
}

function noPosition(party: Named, topic: Named): NoPosition {
  return {
    party,
    topic,
    stance: null,
    level: null,
    conditions: [],
    since: null,
    basis: [],
    statements: 0,
    voices: [],
    divided: false,
  };
}
