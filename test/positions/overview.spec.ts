import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Board } from '../../src/positions/list-positions.js';
import type { PositionHistory } from '../../src/positions/show-history.js';
import type { Overview } from '../../src/positions/show-overview.js';
import { openRiver, Recorder } from '../support/http-cast.js';
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

  // Break: `isMore` or `said` in changed-pairs.ts; `none` in ShowOverview.
  it('tells what came since an answer: put into that answer, it says what the whole says', async () => {
    await openRiver(service, 'river');
    const river = new Recorder(service, 'river');
    const first = (await service.read<{ sequence: number }>('/dossiers/river')).sequence;
    await river.record({ slug: 'one', saidAt: '2025-01-01' });
    await river.record({ slug: 'two', party: 'south', act: 'DoubtVoiced', saidAt: '2025-02-01' });
    await river.change('one', 'correct', { changes: { topic: 'ferry' }, reason: 'Slip.' });
    const now = (query = ''): Promise<Overview> => service.read(`/dossiers/river/overview?${query}`);
    const named = await now();
    await service.request('PATCH', '/dossiers/river/parties/south', { body: { name: 'The South' } });
    expect(put(await now(`since=${named.known.sequence}&sinceAt=${named.at}`), named)).toEqual(
      cellsOf(await now()),
    );
    await river.record({
      ...{ act: 'ClarificationIssued', refersTo: 'two', party: 'south' },
      saidAt: '2025-03-05',
    });
    await river.record({ slug: 'later', party: 'union', saidAt: '2025-03-10' });
    await river.change('two', 'void', { reason: 'Slip.' });
    await service.write('/dossiers/river/sources', { title: 'Another paper' });
    await river.change('two', 'restore', { reason: 'It was none.' });
    const { sequence: last } = await service.read<{ sequence: number }>('/dossiers/river');
    const answers = new Map<string, Promise<Overview>>();
    const ask = (query: string): Promise<Overview> => {
      const answer = answers.get(query) ?? service.read<Overview>(`/dossiers/river/overview?${query}`);
      answers.set(query, answer);
      return answer;
    };
    let parts = 0;
    for (let since = first; since <= last; since++)
      for (let known = since + 1; known <= last; known++)
        for (const [before, at] of [
          ['2025-03-01', '2025-03-01'],
          ['2025-03-01', '2025-04-01'],
          ['2025-04-01', '2025-03-01'],
        ]) {
          const old = await ask(`known=${since}&at=${before}`);
          const part = await ask(`known=${known}&at=${at}&since=${since}&sinceAt=${before}`);
          const whole = await ask(`known=${known}&at=${at}`);
          if (part.since !== null) parts++;
          expect(put(part, old)).toEqual(cellsOf(whole));
        }
    expect(parts).toBeGreaterThan(40); // and not by answering with the whole
  });
});

type Cells = Map<string, object>;

/** Cells by their pairs, with names for places. */
function cellsOf({ cells, parties, topics }: Overview): Cells {
  return new Map(
    cells.map((cell) => {
      const [party, topic] = [parties[cell.party], topics[cell.topic]];
      return [`${party?.id} ${topic?.id}`, { ...cell, party, topic }];
    }),
  );
}

function put(part: Overview, old: Overview): Cells {
  if (part.since === null) return cellsOf(part);
  const cells = new Map([...cellsOf(old), ...cellsOf(part)]);
  for (const { party, topic } of part.none) cells.delete(`${party} ${topic}`);
  return cells;
}
