import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Board } from '../../src/positions/list-positions.js';
import type { PositionHistory } from '../../src/positions/show-history.js';
import type { Overview } from '../../src/positions/show-overview.js';
import { startService, type FreshService, type Service } from '../support/service.js';

let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService({ example: 'on' });
  service = running.service;
  for (const [speaker, act, saidAt] of [
    ['zelenskyy', 'OppositionExpressed', '2025-04-22'],
    [null, 'DoubtVoiced', '2025-04-23'],
    [null, 'CommitmentMade', '2025-05-01'],
  ])
    await service.write('/dossiers/april-2025-talks/statements', {
      ...{ act, speaker, saidAt, party: 'ukraine', topic: 'direct-talks' },
      ...{ attribution: 'reported', summary: 'What was heard of it.', conditions: ['a truce holds'] },
    });
});

afterAll(() => running?.end());

const read = <Body>(path: string): Promise<Body> => service.read<Body>(`/dossiers/april-2025-talks/${path}`);

const MOMENTS = ['', 'at=2025-04-20', 'at=2025-04-22&known=25', 'at=2025-04-30', 'known=22'];

describe('The overview', () => {
  // Break: hand positionsUntil `Infinity` for `at`.
  it.each(MOMENTS)(
    'says of every pair what the positions and their histories say, with %p',
    async (moment) => {
      const board = await read<Board>(`positions?${moment}`);
      const { parties, topics, cells, next } = await read<Overview>(`overview?${moment}`);
      expect(next).toBe(null);
      const expected = await Promise.all(
        board.positions.map(
          async ({ party, topic, stance, conditions, since, statements, divided, voices }) => {
            const known = /known=\d+/.exec(moment)?.[0] ?? '';
            const history = await read<PositionHistory>(`positions/${party.id}/${topic.id}/history?${known}`);
            const until = history.positions.filter(({ from }) => from <= board.at);
            return {
              ...{ party, topic, stance, conditions, since, statements },
              voices: divided ? voices.map(({ speaker, stance: own }) => ({ speaker, stance: own })) : [],
              recent: until.slice(-12).map(({ from, level }) => ({ from, level })),
            };
          },
        ),
      );
      expect(
        cells.map((cell) => ({ ...cell, party: parties[cell.party], topic: topics[cell.topic] })),
      ).toEqual(expected);
    },
  );

  // Break: pairCursor(null) in the handler.
  it('comes in pages of any size, each pair once', async () => {
    const whole = await read<Overview>('overview');
    const named = ({ parties, topics, cells }: Overview): (string | undefined)[][] =>
      cells.map(({ party, topic, stance }) => [parties[party]?.name, topics[topic]?.name, stance]);
    const seen: (string | undefined)[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Overview = await read(`overview?limit=5${cursor && `&cursor=${cursor}`}`);
      expect(page.cells.length).toBeLessThanOrEqual(5);
      seen.push(...named(page));
      cursor = page.next;
    }
    expect(seen).toEqual(named(whole));
  });
});
