import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { foldPositions } from '../domain/position.js';
import { Reading } from '../dossiers/reading.js';
import {
  ServedHistories,
  type ServedHistoriesPage,
  type ServedHistory,
} from '../dossiers/served-histories.js';
import { Entries, type PairEntries } from '../entries/entries.js';
import { iso } from '../entries/shift-view.js';
import { POSITIONS } from '../entries/positions-projection.js';

@QueryHandler(ServedHistories)
export class ServeHistoriesHandler implements IQueryHandler<ServedHistories> {
  constructor(
    private readonly reading: Reading,
    private readonly entries: Entries,
  ) {}

  async execute({ dossier, known, after, limit }: ServedHistories): Promise<ServedHistoriesPage> {
    const view = await this.reading.view(dossier, POSITIONS, { sequence: known });
    const { pairs, last, more } = await this.entries.ofPairs(
      view,
      { party: null, topic: null, after },
      limit,
    );
    return { histories: pairs.flatMap((pair) => history(pair) ?? []), last: more ? last : null };
  }
}

function history({ party, topic, entries }: PairEntries): ServedHistory | null {
  const positions = foldPositions(entries).map(({ stance, conditions, from, evidence }) => ({
    stance,
    conditions,
    from: iso(from),
    entries: evidence.length,
  }));
  return positions.length === 0 ? null : { party, topic, positions };
}
