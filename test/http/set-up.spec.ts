import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventView } from '../../src/http/event-view.js';
import type { Page } from '../../src/http/paging.js';
import type { Problem } from '../../src/http/problem.js';
import type { ThingReceipt } from '../../src/recording/cast/add-thing.js';
import type { PartyView, SourceView, SpeakerView } from '../../src/recording/cast/thing-view.js';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import type { OpenedDossier } from '../../src/recording/dossiers/open-dossier.js';
import { open } from '../support/http-talks.js';
import { startService, type FreshService, type Service } from '../support/service.js';

const KINDS = ['parties', 'speakers', 'topics', 'sources'] as const;

/** What a new thing of each kind is called. */
const named = (kind: (typeof KINDS)[number], name: string): object =>
  kind === 'sources' ? { title: name } : { name };

let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  await open(service, 'river');
});

afterAll(() => running?.end());

const head = async (): Promise<number> => (await service.read<DossierView>('/dossiers/river')).sequence;

async function eventsAfter(sequence: number): Promise<EventView[]> {
  return (await service.read<Page<EventView>>(`/dossiers/river/events?after=${sequence}`)).items;
}

describe('A dossier', () => {
  it('is opened by the first event of its log, and read by id and slug', async () => {
    const { status, body } = await service.post<OpenedDossier>('/dossiers', {
      slug: 'lake',
      title: 'The lake',
      description: 'Its shores.',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ sequence: 1, slug: 'lake', title: 'The lake', description: 'Its shores.' });
    const expected = {
      id: body.id,
      slug: 'lake',
      title: 'The lake',
      description: 'Its shores.',
      openedAt: body.recordedAt,
      sequence: 1,
      counts: { parties: 0, speakers: 0, topics: 0, sources: 0, statements: 0 },
    };
    for (const reference of [body.id, 'lake', body.id.toUpperCase()])
      expect(await service.read(`/dossiers/${reference}`)).toEqual(expected);
    const { items } = await service.read<Page<EventView>>('/dossiers/lake/events');
    expect(items).toMatchObject([
      { sequence: 1, type: 'DossierOpened', stream: `dossier/${body.id}`, streamVersion: 1 },
    ]);
  });

  it('may do without slug and description', async () => {
    const { id } = await service.write<OpenedDossier>('/dossiers', { title: 'Nameless' });
    expect(await service.read(`/dossiers/${id}`)).toMatchObject({ slug: null, description: null });
  });

  it('is listed in the order of opening, page by page', async () => {
    for (const title of ['One', 'Two', 'Three']) await service.write('/dossiers', { title });
    const whole = await service.all<DossierView>('/dossiers');
    expect(whole.map(({ title }) => title)).toEqual([
      'Dossier river',
      'The lake',
      'Nameless',
      'One',
      'Two',
      'Three',
    ]);
    for (const limit of [1, 4]) expect(await service.all('/dossiers', limit)).toEqual(whole);
  });

  it('has a slug that no other has, also among twenty opened at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.post<Problem>('/dossiers', { slug: 'delta', title: 'Delta' })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'slug-taken',
      errors: [{ path: 'slug' }],
    });
    expect((await service.all<DossierView>('/dossiers')).filter(({ slug }) => slug === 'delta')).toHaveLength(
      1,
    );
  });

  it('keeps what is in it from other dossiers', async () => {
    await service.write('/dossiers/lake/parties', { slug: 'shore', name: 'Shore' });
    expect((await service.get('/dossiers/river/parties/shore')).status).toBe(404);
    await service.write('/dossiers/river/parties', { slug: 'shore', name: 'Another shore' });
  });
});

describe.each(KINDS)('Of %s', (kind) => {
  const address = `/dossiers/river/${kind}`;

  it('each is added by an event, and read by id and slug', async () => {
    const { status, headers, body } = await service.post<ThingReceipt>(address, {
      slug: 'one',
      ...named(kind, 'Number one'),
    });
    expect(status).toBe(201);
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toMatchObject({
      slug: 'one',
      version: 1,
      sequence: await head(),
      ...named(kind, 'Number one'),
    });
    for (const reference of ['one', body.id]) {
      const read = await service.get<ThingReceipt>(`${address}/${reference}`);
      const { sequence: _sequence, recordedAt: _recordedAt, ...thing } = body;
      expect(read.body).toMatchObject(thing);
      expect(read.headers.get('etag')).toBe('"1"');
    }
  });

  it('all are listed in the order in which they were added, page by page', async () => {
    for (let index = 0; index < 7; index++) await service.write(address, named(kind, `Listed ${index}`));
    const whole = await service.all<{ id: string; name?: string; title?: string }>(address);
    expect(whole.map(({ name, title }) => name ?? title).slice(-7)).toEqual(
      Array.from({ length: 7 }, (_, index) => `Listed ${index}`),
    );
    for (const limit of [1, 3, whole.length]) expect(await service.all(address, limit)).toEqual(whole);
  });

  it('those are found whose name contains what is asked, whatever its case', async () => {
    const names = async (q: string): Promise<unknown[]> =>
      (await service.all<{ name?: string; title?: string }>(`${address}?q=${encodeURIComponent(q)}`, 2)).map(
        ({ name, title }) => name ?? title,
      );
    expect(await names('LISTED 3')).toEqual(['Listed 3']);
    expect(await names('listed')).toHaveLength(7);
    expect(await names('nothing like it')).toEqual([]);
  });

  it('exactly one of twenty added at once gets a slug', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        service.post<Problem>(address, { slug: 'raced', ...named(kind, `Racer ${index}`) }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'slug-taken',
      errors: [{ path: 'slug' }],
    });
    const all = await service.all<{ slug: string }>(address);
    expect(all.filter(({ slug }) => slug === 'raced')).toHaveLength(1);
  });

  it('a change is guarded by If-Match', async () => {
    const patch = (name: string, tag: string | undefined) =>
      service.patch<Problem>(`${address}/one`, named(kind, name), { 'if-match': tag });
    expect((await patch('Renamed', '"2"')).body).toMatchObject({ status: 412, code: 'precondition-failed' });
    const first = await patch('Renamed', '"1"');
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await patch('Renamed again', '*')).status).toBe(200);
    expect((await patch('Renamed again', undefined)).body).toMatchObject({
      status: 422,
      code: 'nothing-changed',
    });
    expect((await patch('Number one', '"3", "9"')).headers.get('etag')).toBe('"4"');
  });
});

describe('A change', () => {
  it.each([
    ['parties', { name: 'Uno' }, { name: 'Uno' }, 'PartyRenamed'],
    ['parties', { aliases: ['One', 'Eins'] }, { aliases: ['One', 'Eins'] }, 'PartyAliasesChanged'],
    ['parties', { aliases: null }, { aliases: [] }, 'PartyAliasesChanged'],
    ['parties', { kind: 'state' }, { kind: 'state' }, 'PartyKindChanged'],
    ['parties', { kind: null }, { kind: 'other' }, 'PartyKindChanged'],
    ['speakers', { name: 'Ada' }, { name: 'Ada' }, 'SpeakerRenamed'],
    ['speakers', { aliases: ['A.'] }, { aliases: ['A.'] }, 'SpeakerAliasesChanged'],
    [
      'speakers',
      { affiliations: [{ party: 'one', from: '2020' }] },
      { affiliations: [{ party: { slug: 'one' }, role: null, from: '2020', to: null }] },
      'SpeakerAffiliationsChanged',
    ],
    ['topics', { name: 'Bridge' }, { name: 'Bridge' }, 'TopicRenamed'],
    ['topics', { proposition: 'A bridge is built' }, { proposition: 'A bridge is built' }, 'TopicReworded'],
    ['topics', { proposition: null }, { proposition: null }, 'TopicReworded'],
    ['sources', { title: 'Paper' }, { title: 'Paper' }, 'SourceRetitled'],
    ['sources', { url: 'https://example.org/' }, { url: 'https://example.org/' }, 'SourceMoved'],
    ['sources', { outlet: 'The Paper' }, { outlet: 'The Paper' }, 'SourceOutletChanged'],
    ['sources', { publishedAt: '2025-04' }, { publishedAt: '2025-04' }, 'SourceRedated'],
    ['sources', { language: 'en' }, { language: 'en' }, 'SourceLanguageChanged'],
  ] as const)('of %s to %j is an event of its own', async (kind, changes, expected, type) => {
    const before = await head();
    const answer = await service.patch<ThingReceipt>(`/dossiers/river/${kind}/one`, changes);
    expect(answer.body).toMatchObject({ ...expected, sequence: before + 1 });
    expect(await service.read(`/dossiers/river/${kind}/one`)).toMatchObject(expected);
    const [event, ...others] = await eventsAfter(before);
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type, streamVersion: answer.body.version });
    expect(Object.keys(event?.data as object)).toEqual(['from', 'to']);
  });

  it('of several fields is an event for each that differs', async () => {
    const before = await head();
    const { body } = await service.patch<ThingReceipt>('/dossiers/river/parties/one', {
      name: 'One',
      aliases: ['Uno'],
      kind: 'other',
    });
    expect((await eventsAfter(before)).map(({ type }) => type)).toEqual([
      'PartyRenamed',
      'PartyAliasesChanged',
    ]);
    expect(body.sequence).toBe(before + 2);
  });

  it('of the text of a source changes its digest, and the text can be taken away', async () => {
    const text = 'A text — with “quotes” and 🌉.';
    const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
    const added = await service.write<ThingReceipt<'source'>>('/dossiers/river/sources', {
      title: 'With text',
      slug: 'text',
      text,
    });
    expect(added).toMatchObject({ textSha256: sha256, sequence: await head() });
    expect(await service.read('/dossiers/river/sources/text')).toMatchObject({ text, textSha256: sha256 });
    const changed = await service.patch<SourceView>('/dossiers/river/sources/text', { text: 'Another.' });
    const textSha256 = createHash('sha256').update('Another.').digest('hex');
    expect(changed.body).toMatchObject({ textSha256, sequence: await head() });
    expect(
      (await service.patch<Problem>('/dossiers/river/sources/text', { text: 'Another.' })).body.code,
    ).toBe('nothing-changed');
    expect(
      (await service.patch<SourceView>('/dossiers/river/sources/text', { text: null })).body.textSha256,
    ).toBeNull();
    expect(await service.read('/dossiers/river/sources/text')).toMatchObject({
      text: null,
      textSha256: null,
    });
    const list = await service.all<object>('/dossiers/river/sources');
    expect(list.filter((source) => 'text' in source)).toEqual([]);
  });
});

describe('A name', () => {
  beforeAll(async () => {
    await service.write('/dossiers/river/parties', {
      slug: 'north',
      name: 'North Bank',
      aliases: ['The Bank', 'Le Nord'],
    });
    await service.write('/dossiers/river/parties', {
      slug: 'south',
      name: 'South Bank',
      aliases: ['the  bank'],
    });
  });

  const speaker = (party: string) =>
    service.post<SpeakerView & Problem>('/dossiers/river/speakers', {
      name: 'Bo',
      affiliations: [{ party }],
    });

  it.each(['north', 'North Bank', 'NORTH  BANK', 'le nord', ' Le Nord '])(
    'is understood where one thing bears it: %j',
    async (name) => {
      expect((await speaker(name)).body.affiliations).toMatchObject([{ party: { slug: 'north' } }]);
    },
  );

  it('is refused where more than one thing bears it, and says which', async () => {
    const { body } = await speaker('the bank');
    expect(body).toMatchObject({ status: 422, code: 'ambiguous-reference' });
    expect(body.errors).toMatchObject([
      {
        path: 'affiliations.0.party',
        candidates: [{ slug: 'north', name: 'North Bank' }, { slug: 'south' }],
      },
    ]);
  });

  it('is refused where nothing bears it', async () => {
    const { body } = await speaker('Atlantis');
    expect(body).toMatchObject({
      status: 422,
      code: 'unknown-reference',
      errors: [{ path: 'affiliations.0.party', candidates: [] }],
    });
  });

  it('follows renaming at once', async () => {
    await service.patch('/dossiers/river/parties/south', { name: 'Southern Bank', aliases: [] });
    expect((await speaker('the bank')).body.affiliations).toMatchObject([{ party: { slug: 'north' } }]);
    expect((await speaker('South Bank')).body.code).toBe('unknown-reference');
    const found = await service.all<PartyView>('/dossiers/river/parties?q=southern');
    expect(found.map(({ slug }) => slug)).toEqual(['south']);
  });
});
