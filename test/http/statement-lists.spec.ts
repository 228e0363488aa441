import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from '../../src/http/paging.js';
import type { Problem } from '../../src/http/problem.js';
import type { StatementReceipt } from '../../src/recording/statements/drafting.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { openRiver, Recorder } from '../support/http-cast.js';
import { startService, type FreshService, type Service } from '../support/service.js';

let running: FreshService;
let service: Service;
let river: Recorder;
/** By slug. */
const recorded = new Map<string, StatementReceipt>();

beforeAll(async () => {
  running = await startService();
  service = running.service;
  river = new Recorder(service, 'river');
  await openRiver(service, 'river');
  await record('first', {
    saidAt: '2025-03-01',
    speaker: 'ada',
    source: 'paper',
    passage: { exact: 'Build the bridge 🌉 now.' },
  });
  await record('second', {
    saidAt: '2025-01-01',
    party: 'south',
    act: 'OppositionExpressed',
    summary: 'Striking against bridges.',
  });
  await record('third', {
    saidAt: '2025-02-01',
    topic: 'ferry',
    source: 'radio',
    note: 'Zelenskyy heard it',
    act: 'ProposalMade',
  });
  await record('fourth', {
    saidAt: '2025-03-01',
    party: 'south',
    act: 'ProposalAccepted',
    topic: null,
    refersTo: 'third',
  });
  await record('fifth', {
    saidAt: '../2025-02-15',
    speaker: 'di',
    party: null,
    summary: 'Die Brücken sind schön.',
    language: 'de',
  });
  await record('sixth', { saidAt: '2025-04-01', party: 'union', translation: 'They talked about a tunnel.' });
  recorded.set('sixth voided', await river.change('sixth', 'void', { reason: 'Wrong.' }));
  recorded.set(
    'second moved',
    await river.change('second', 'correct', {
      changes: { saidAt: '2025-05-01', topic: 'ferry' },
      reason: 'Wrong.',
    }),
  );
});

afterAll(() => running?.end());

async function record(slug: string, fields: object): Promise<void> {
  recorded.set(slug, await river.record({ slug, summary: 'Said.', ...fields }));
}

const listed = async (search: string): Promise<(string | null)[]> =>
  (await service.read<Page<StatementView>>(`${river.address}?${search}`)).items.map(({ slug }) => slug);

const sequence = (slug: string): number => recorded.get(slug)?.sequence ?? 0;

describe('Statements', () => {
  it('are listed in said-order, ties by when they were first recorded', async () => {
    expect(await listed('')).toEqual(['third', 'fifth', 'first', 'fourth', 'second']);
  });

  it.each([
    ['party', 'party=south', ['fourth', 'second']],
    ['party by alias', 'party=the%20South', ['fourth', 'second']],
    ['speaker', 'speaker=ada', ['first']],
    ['speaker without a party', 'speaker=Di', ['fifth']],
    ['topic, as corrected and as resolved', 'topic=ferry', ['third', 'fourth', 'second']],
    ['source', 'source=radio', ['third']],
    ['source by title', 'source=the%20paper', ['first']],
    ['act', 'act=ProposalAccepted', ['fourth']],
    ['recorder', 'recorder=administrator', ['third', 'fifth', 'first', 'fourth', 'second']],
    ['another recorder', 'recorder=somebody', []],
    ['the day from which', 'from=2025-03-01', ['first', 'fourth', 'second']],
    ['the day until which, included', 'to=2025-03-01', ['third', 'fifth', 'first', 'fourth']],
    [
      'the instants between which',
      'from=2025-02-15T23:59:59.999Z&to=2025-03-01T00:00:00Z',
      ['fifth', 'first', 'fourth'],
    ],
    ['an offset', 'from=2025-03-01T02:00:00%2B02:00&to=2025-03-01', ['first', 'fourth']],
    ['several at once', 'party=south&topic=ferry&from=2025-04-01', ['second']],
    ['voided ones as well', 'include=voided&from=2025-03-31', ['sixth', 'second']],
  ])('are found by %s', async (_, search, slugs) => {
    expect(await listed(search)).toEqual(slugs);
  });

  it.each(['party=Atlantis', 'speaker=Nobody', 'topic=nothing', 'source=nowhere'])(
    'are refused by %s',
    async (search) => {
      const { body } = await service.get<Problem>(`${river.address}?${search}`);
      expect(body).toMatchObject({
        status: 422,
        code: 'unknown-reference',
        errors: [{ path: search.split('=')[0] }],
      });
    },
  );

  it('are told with every unknown name at once', async () => {
    const { body } = await service.get<Problem>(`${river.address}?party=Atlantis&topic=nothing`);
    expect(body.errors?.map(({ path }) => path)).toEqual(['party', 'topic']);
  });

  it('are paged to the end, each once, whatever the limit', async () => {
    const whole = await service.all<StatementView>(`${river.address}?include=voided`);
    for (const limit of [1, 2, 3, 6, 7])
      expect(await service.all<StatementView>(`${river.address}?include=voided`, limit)).toEqual(whole);
  });

  it('are paged steadily while others are recorded', async () => {
    const page = await service.read<Page<StatementView>>(
      `${river.address}?limit=2&known=${sequence('sixth voided')}`,
    );
    await river.record({ slug: 'late', saidAt: '2025-02-02' });
    const rest = await service.read<Page<StatementView>>(
      `${river.address}?known=${sequence('sixth voided')}&cursor=${page.next}`,
    );
    expect([...page.items, ...rest.items].map(({ slug }) => slug)).toEqual([
      'second',
      'third',
      'fifth',
      'first',
      'fourth',
    ]);
    await river.change('late', 'void', { reason: 'A test.' });
  });
});

describe('A search', () => {
  it.each([
    ['a word of the quote', 'bridge', ['first', 'second']],
    ['another form of a word', 'strikes', ['second']],
    ['a name as it stands', 'zelenskyy', ['third']],
    ['a word of the translation', 'tunnel&include=voided', ['sixth']],
    ['both of two words', 'striking bridges', ['second']],
    ['either of two words', 'zelenskyy or striking', ['third', 'second']],
    ['a phrase', '"build the bridge"', ['first']],
    ['no phrase that is not there', '"bridge the build"', []],
    ['all but a word', 'bridge -striking', ['first']],
    ['a word in its own language', 'Brücke&language=de', ['fifth']],
    ['nothing in particular', '!@ (( &', []],
  ])('finds %s', async (_, q, slugs) => {
    const [words = '', ...more] = q.split(/&(?=\w)/);
    expect(await listed([`q=${encodeURIComponent(words)}`, ...more].join('&'))).toEqual(slugs);
  });
});

describe('What was known', () => {
  it('is asked by a sequence: before a statement, before its voiding, before its correction', async () => {
    expect(await listed(`known=${sequence('second')}`)).toEqual(['second', 'first']);
    expect(await listed(`known=${sequence('sixth')}`)).toEqual([
      'second',
      'third',
      'fifth',
      'first',
      'fourth',
      'sixth',
    ]);
    expect(await listed(`known=${sequence('sixth voided')}&topic=ferry`)).toEqual(['third', 'fourth']);
    expect(await listed('known=0')).toEqual([]);
    expect(await listed('known=999999999999999')).toEqual(await listed(''));
  });

  it('is asked by an instant', async () => {
    const at = recorded.get('third')?.recordedAt ?? '';
    const slugs = await listed(`known=${at}`);
    expect(slugs).toContain('third');
    expect(slugs).not.toContain('sixth');
    expect(await listed('known=2000-01-01')).toEqual([]);
    expect(await listed('known=2999-01-01')).toEqual(await listed(''));
  });

  it('of one statement is how it read then', async () => {
    const then = await service.read<StatementView>(`${river.address}/second?known=${sequence('second')}`);
    expect(then).toMatchObject({ version: 1, saidAt: '2025-01-01', topic: { slug: 'bridge' } });
    const early = await service.get<Problem>(`${river.address}/second?known=${sequence('second') - 1}`);
    expect(early.body).toMatchObject({ status: 404, code: 'not-found' });
  });
});

describe('Replies', () => {
  it('are what refers to a statement, in said-order, as long as they stand', async () => {
    const slugs = async (): Promise<(string | null)[]> =>
      (await service.all<StatementView>(`${river.address}/third/replies`, 1)).map(({ slug }) => slug);
    await record('seventh', { act: 'ClarificationIssued', saidAt: '2025-02-20', refersTo: 'third' });
    expect(await slugs()).toEqual(['seventh', 'fourth']);
    await river.change('seventh', 'void', { reason: 'A test.' });
    expect(await slugs()).toEqual(['fourth']);
    expect(await service.read(`${river.address}/first/replies`)).toEqual({ items: [], next: null });
  });
});
