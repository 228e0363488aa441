import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from '../../src/http/paging.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import type { Timeline } from '../../src/recording/statements/show-timeline.js';
import { openRiver, Recorder } from '../support/http-cast.js';
import { connect } from '../support/queries.js';
import { startService, type FreshService, type Service } from '../support/service.js';

let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService({ example: 'on' });
  service = running.service;
  await openRiver(service, 'river');
  const river = new Recorder(service, 'river');
  await river.record({ slug: 'one', saidAt: '2025-01' });
  await river.record({ slug: 'two', saidAt: '../2025-02-01', party: null, speaker: 'di' });
  await river.change('one', 'correct', { changes: { topic: 'ferry' }, reason: 'Slip.' });
  await river.change('two', 'void', { reason: 'Slip.' });
});

afterAll(() => running?.end());

/** A timeline as the rows that its columns are of. */
function rows({ marks, parties, speakers, topics, acts, dates }: Timeline): object[] {
  const name = (things: readonly { readonly id: string }[], place: number | null | undefined) =>
    place === null || place === undefined ? null : things[place]?.id;
  return marks.id.map((id, index) => ({
    id,
    said: marks.said[index],
    saidAt: dates[marks.date[index] ?? -1]?.saidAt,
    act: acts[marks.act[index] ?? -1],
    party: name(parties, marks.party[index]),
    speaker: name(speakers, marks.speaker[index]),
    topic: name(topics, marks.topic[index]),
    refersTo: marks.refersTo[index],
  }));
}

/** The same rows, from the list of statements; where they stand in said-order is not in it. */
const listed = ({ items }: Page<StatementView>): object[] =>
  items.map(({ id, act, speaker, resolved, refersTo, saidAt }) => ({
    id,
    said: expect.any(Number),
    saidAt,
    act,
    party: resolved.party?.id ?? null,
    speaker: speaker?.id ?? null,
    topic: resolved.topic?.id ?? null,
    refersTo,
  }));

const timeline = (query: string, dossier = 'april-2025-talks'): Promise<Timeline> =>
  service.read(`/dossiers/${dossier}/timeline?${query}`);

const FILTERS = [
  '',
  'party=Kyiv',
  'speaker=Putin',
  'topic=direct-talks',
  'act=DemandMade',
  'from=2025-04-21',
  'to=2025-04-20&party=russia',
  'known=25',
];

describe('The timeline', () => {
  // Break: leave `narrow` out of ShowTimeline, or take `places.topic` for speakers.
  it.each(FILTERS)('has the statements that the list has, in its order, with %p', async (filter) => {
    const list = await service.read<Page<StatementView>>(
      `/dossiers/april-2025-talks/statements?limit=500&${filter}`,
    );
    expect(list.items.length).toBeGreaterThan(1);
    expect(rows(await timeline(filter))).toEqual(listed(list));
  });

  it('says where in said-order each stands', async () => {
    const { marks } = await timeline('');
    expect(marks.said).toEqual(marks.said.toSorted((one, other) => one - other));
    expect(marks.said[0]).toBe(Date.parse('2025-04-20T23:59:59.999Z'));
  });

  it('says of each date between which instants it lies, and which of them is open', async () => {
    const { sequence } = await service.read<{ sequence: number }>('/dossiers/river');
    const { dates } = await timeline(`known=${sequence - 1}`, 'river');
    expect(dates).toEqual([
      {
        saidAt: '2025-01',
        earliest: Date.parse('2025-01-01T00:00:00.000Z'),
        latest: Date.parse('2025-01-31T23:59:59.999Z'),
      },
      { saidAt: '../2025-02-01', earliest: null, latest: Date.parse('2025-02-01T23:59:59.999Z') },
    ]);
  });

  // Break: ask the log for nothing in `saidAt` of ShowTimeline.
  it('knows dates as they were given also where rows of the first release do not tell them', async () => {
    const before = await timeline('');
    const client = await connect(running.database.superuserUrl);
    await client.query('UPDATE statement_version SET said_at = NULL');
    await client.end();
    expect(await timeline('')).toEqual(before);
  });

  it('comes in pages that together are the whole', async () => {
    const whole = rows(await timeline(''));
    const paged: object[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Timeline = await timeline(`limit=7${cursor && `&cursor=${cursor}`}`);
      paged.push(...rows(page));
      cursor = page.next;
    }
    expect(paged).toEqual(whole);
    expect((await service.get('/dossiers/river/timeline?cursor=x')).status).toBe(400);
  });

  it('shows statements as they were known: corrected, and without those voided', async () => {
    const ferry = async (query: string): Promise<string[]> => {
      const { marks, topics } = await timeline(query, 'river');
      return marks.topic.flatMap((place) => topics[place ?? -1]?.slug ?? []);
    };
    const { sequence } = await service.read<{ sequence: number }>('/dossiers/river');
    expect(await ferry('')).toEqual(['ferry']);
    expect(await ferry(`known=${sequence - 1}`)).toEqual(['ferry', 'bridge']);
    expect(await ferry(`known=${sequence - 2}`)).toEqual(['bridge', 'bridge']);
  });
});
