import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Named } from '../domain/rejection.js';
import { foldPositions } from '../domain/position.js';
import { shiftsOf } from '../domain/shift.js';
import { Reading, type Known, type KnownInput } from '../dossiers/reading.js';
import { Entries } from '../entries/entries.js';
import { requirePair } from '../entries/pairs.js';
import { viewShift, type ShiftView } from '../entries/shift-view.js';
import { viewHistoryPosition, type HistoryPositionView } from './position-view.js';
import { POSITIONS } from '../entries/positions-projection.js';

/** How a party came to where it stands on a topic, as known. */
export interface PositionHistory {
  readonly known: Known;
  readonly party: Named;
  readonly topic: Named;
  readonly positions: readonly HistoryPositionView[];
  readonly shifts: readonly ShiftView[];
}

export class ShowHistory extends Query<PositionHistory> {
  constructor(
    readonly dossier: string,
    readonly party: string,
    readonly topic: string,
    readonly known: KnownInput,
  ) {
    super();
  }
}

@QueryHandler(ShowHistory)
export class ShowHistoryHandler implements IQueryHandler<ShowHistory> {
  constructor(
    private readonly reading: Reading,
    private readonly entries: Entries,
  ) {}

  async execute({ dossier, party, topic, known }: ShowHistory): Promise<PositionHistory> {
    const view = await this.reading.view(dossier, POSITIONS, known);
    const { cast } = view.dossier;
    const pair = requirePair(cast, party, topic);
    const history = foldPositions(await this.entries.ofPair(view, pair));
    return {
      known: view.known,
      party: cast.name('party', pair.party),
      topic: cast.name('topic', pair.topic),
      positions: history.map(viewHistoryPosition),
      shifts: shiftsOf(history).map(viewShift),
    };
  }
}
