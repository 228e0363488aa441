import { expect } from '@jest/globals';
import type { Board } from '../../src/positions/list-positions.js';
import type { PositionHistory } from '../../src/positions/show-history.js';
import type { ExpectedPosition } from './http-talks.js';
import type { Service } from './service.js';

/** The board at the expected instant, told in slugs: what each position's history says of its evidence included. */
export async function positionsBySlug(
  service: Service,
  dossier: string,
  at: string,
  ids: ReadonlyMap<string, string>,
): Promise<ExpectedPosition[]> {
  const slugs = new Map([...ids].map(([name, id]) => [id, name.split(' ')[1] ?? '']));
  const board = await service.read<Board>(`/dossiers/${dossier}/positions?at=${at}`);
  return Promise.all(
    board.positions.map(async ({ party, topic, stance, conditions, since, statements }) => {
      const address = `/dossiers/${dossier}/positions/${party.slug}/${topic.slug}/history`;
      const history = await service.read<PositionHistory>(address);
      const position = history.positions.find(({ from }) => from === since);
      expect(position).toMatchObject({ stance, conditions, to: null });
      expect(position?.evidence).toHaveLength(statements);
      const evidence = position?.evidence.map(({ statement }) => slugs.get(statement) ?? statement) ?? [];
      return {
        party: party.slug ?? '',
        topic: topic.slug ?? '',
        stance,
        conditions,
        since,
        statements: evidence,
      };
    }),
  );
}

export const byPair = (positions: readonly ExpectedPosition[]): ExpectedPosition[] =>
  positions.toSorted((one, other) =>
    `${one.party} ${one.topic}` < `${other.party} ${other.topic}` ? -1 : 1,
  );
