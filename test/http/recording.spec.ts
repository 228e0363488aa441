import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACT_NAMES, ACTS } from '../../src/domain/acts.js';
import type { Problem } from '../../src/http/problem.js';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import type { StatementReceipt } from '../../src/recording/statements/drafting.js';
import type { BatchReceipt } from '../../src/recording/statements/record-statements.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { openRiver, Recorder, saying } from '../support/http-cast.js';
import { startService, type FreshService, type Service } from '../support/service.js';

let running: FreshService;
let service: Service;
let river: Recorder;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  river = new Recorder(service, 'river');
  await openRiver(service, 'river');
});

afterAll(() => running?.end());

const head = async (): Promise<number> => (await service.read<DossierView>('/dossiers/river')).sequence;

describe('A statement', () => {
  it('is answered as it will be read, by id and by slug, with its version as the tag', async () => {
    const before = await head();
    const full = saying({
      slug: 'full',
      speaker: 'ada',
      source: 'paper',
      attribution: 'direct',
      passage: { exact: 'Build the bridge', prefix: 'said: “', suffix: '' },
      addressees: ['the South', 'union'],
      against: 'south',
      conditions: ['it is cheap'],
      stance: 'open',
      language: 'en',
      translation: 'Baut die Brücke',
      note: 'On air.',
      saidAt: '2025-04~',
    });
    const answer = await service.post<StatementReceipt>(river.address, full);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.body).toMatchObject({
      slug: 'full',
      version: 1,
      sequence: before + 1,
      recordedBy: 'administrator',
      act: 'SupportExpressed',
      party: { slug: 'north', name: 'North Bank' },
      speaker: { slug: 'ada', name: 'Ada' },
      topic: { slug: 'bridge', name: 'Bridge' },
      source: { slug: 'paper', title: 'The Paper' },
      saidAt: '2025-04~',
      attribution: 'direct',
      summary: 'For the bridge.',
      note: 'On air.',
      language: 'en',
      passage: { exact: 'Build the bridge', prefix: 'said: “', suffix: '' },
      translation: 'Baut die Brücke',
      addressees: [{ slug: 'south' }, { slug: 'union' }],
      against: { slug: 'south' },
      refersTo: null,
      stance: 'open',
      conditions: ['it is cheap'],
      voided: null,
      codes: [
        { scheme: 'CAMEO', code: '051' },
        { scheme: 'PLOVER', code: 'SUPPORT' },
      ],
      resolved: {
        party: { slug: 'north' },
        topic: { slug: 'bridge' },
        stance: 'open',
        conditions: ['it is cheap'],
      },
    });
    for (const reference of [answer.body.id, 'full', answer.body.id.toUpperCase()]) {
      const read = await service.get<StatementView>(`${river.address}/${reference}`);
      expect(read.body).toEqual(answer.body);
      expect(read.headers.get('etag')).toBe('"1"');
    }
  });

  it.each([
    ['whole days and open ends', '../2025-04-21'],
    ['months', '2025-04'],
    ['spans', '2025-04-19/2025-04-20'],
    ['times', '2025-04-21T18:00Z'],
    ['seasons', '2025-21'],
    ['uncertainty', '2025-04-21?'],
  ])('is dated by %s and keeps the date as it was given', async (_, saidAt) => {
    expect((await river.record({ saidAt })).saidAt).toBe(saidAt);
  });

  it('may have every text as long as it may be, and is found all the same', async () => {
    const whole = (length: number): string => `${'🌉 '.repeat(length / 2 - 1)}xy`;
    const { id } = await river.record({
      passage: { exact: whole(20_000), prefix: whole(2_000), suffix: whole(2_000) },
      summary: whole(20_000),
      note: Array.from({ length: 4_000 }, (_, index) => `w${index % 999}`).join(' '),
      translation: whole(20_000),
      source: 'paper',
      conditions: Array.from({ length: 50 }, () => whole(2_000)),
    });
    const found = await service.read<{ items: StatementView[] }>(`${river.address}?q=w998`);
    expect(found.items.map((each) => each.id)).toEqual([id]);
  });

  it('has a slug that no other statement has', async () => {
    await river.record({ slug: 'once' });
    const again = await service.post<Problem>(river.address, saying({ slug: 'once' }));
    expect(again.body).toMatchObject({ status: 409, code: 'slug-taken', errors: [{ path: 'slug' }] });
  });

  it('gives the stance of its act unless its recorder states one', async () => {
    const first = await river.record({
      slug: 'allegation',
      act: 'AllegationMade',
      party: 'south',
      against: 'north',
    });
    expect(first.resolved.stance).toBeNull();
    const rule = (act: (typeof ACT_NAMES)[number]): boolean => ACTS[act].refersTo === undefined;
    for (const act of ACT_NAMES.filter(rule)) {
      const needed = { act, conditions: ['it is cheap'], against: 'south' };
      expect((await river.record(needed)).resolved.stance).toBe(ACTS[act].stance);
      expect((await river.record({ ...needed, stance: 'noncommittal' })).resolved.stance).toBe(
        'noncommittal',
      );
    }
  });
});

describe('The party that a statement is made for', () => {
  it.each([
    ['is the one that the speaker speaks for', 'ada', '2025', 'north'],
    ['is the one as of then', 'bo', '2022-05', 'south'],
    ['counts on the first day', 'bo', '2020-01-01', 'south'],
    ['counts on the last day', 'bo', '2024-12-31', 'south'],
    ['is none before', 'bo', '2019-12-31', null],
    ['is none after', 'bo', '2025-01-01', null],
    ['is none where two may be meant', 'cy', '2021-12-15', null],
    ['is the earlier one before both', 'cy', '2021-11', 'north'],
    ['is the later one after both', 'cy', '2022', 'union'],
    ['is none for somebody without any', 'di', '2025', null],
    ['is told by the end of a span without a beginning', 'bo', '../2022', 'south'],
  ])('%s: %s in %s', async (_, speaker, saidAt, party) => {
    const { resolved, party: stated } = await river.record({ party: undefined, speaker, saidAt });
    expect(resolved.party?.slug ?? null).toBe(party);
    expect(stated).toBeNull();
  });

  it('is whom the recorder names, whatever the affiliations say', async () => {
    expect((await river.record({ party: 'union', speaker: 'ada' })).resolved.party?.slug).toBe('union');
  });
});

describe('A reply', () => {
  beforeAll(async () => {
    await river.record({ slug: 'proposal', act: 'ProposalMade', party: 'north', topic: 'ferry' });
    await river.record({
      slug: 'accusation',
      act: 'AllegationMade',
      party: 'north',
      against: 'south',
      topic: null,
    });
    await river.record({ slug: 'private', act: 'DemandMade', party: undefined, speaker: 'di' });
  });

  it('takes the topic of what it answers unless it names one', async () => {
    const accepted = await river.record({
      act: 'ProposalAccepted',
      party: 'south',
      topic: null,
      refersTo: 'proposal',
    });
    expect(accepted).toMatchObject({
      topic: null,
      resolved: { topic: { slug: 'ferry' }, stance: 'supportive' },
    });
    const elsewhere = await river.record({
      act: 'ProposalRejected',
      party: 'south',
      topic: 'bridge',
      refersTo: 'proposal',
    });
    expect(elsewhere.resolved.topic?.slug).toBe('bridge');
  });

  it.each([
    ['withdraws only what its own party proposed', 'ProposalWithdrawn', 'proposal', 'north', 'south'],
    ['denies only what is alleged of its own party', 'AllegationDenied', 'accusation', 'south', 'union'],
  ])('%s', async (_, act, refersTo, own, other) => {
    const said = { act, topic: null, refersTo };
    expect((await river.record({ ...said, party: own })).refersTo).toEqual(expect.any(String));
    const refused = await service.post<Problem>(river.address, saying({ ...said, party: other }));
    expect(refused.body).toMatchObject({
      status: 422,
      code: 'wrong-reference',
      errors: [{ path: 'refersTo' }],
    });
  });

  it('of somebody without a party takes back only what that same person said', async () => {
    const dropped = { act: 'DemandDropped', party: undefined, topic: null, refersTo: 'private' };
    const refused = await service.post<Problem>(
      river.address,
      saying({ ...dropped, speaker: 'bo', saidAt: '2025' }),
    );
    expect(refused.body.code).toBe('wrong-reference');
    expect((await river.record({ ...dropped, speaker: 'di' })).resolved.party).toBeNull();
  });
});

describe('A passage', () => {
  const text = [
    ...'On Monday Ada said: “Build the bridge 🌉 now.” Bo said “no”. Ada said: “Build the bridge 🌉 now.”',
  ];
  const quoted = (start: number, end: number): string => text.slice(start, end).join('');
  const anchorOf = async (
    exact: string,
    rest: object = {},
    source = 'paper',
  ): Promise<StatementView['anchor']> => (await river.record({ source, passage: { exact, ...rest } })).anchor;

  it('is found letter for letter, counted in code points', async () => {
    const anchor = await anchorOf('bridge 🌉 now');
    expect(anchor).toMatchObject({ status: 'exact', score: 1 });
    expect(quoted(anchor?.start ?? 0, anchor?.end ?? 0)).toBe('bridge 🌉 now');
  });

  it('is told from another by what stands around it', async () => {
    const second = await anchorOf('now.”', { prefix: '“no”. Ada said: “Build the bridge 🌉 ' });
    expect(second?.end).toBe(text.length);
    expect((await anchorOf('now.”', { suffix: ' Bo said' }))?.end).toBeLessThan(50);
  });

  it('is found approximately', async () => {
    const anchor = await anchorOf('Build the brigde now');
    expect(anchor).toMatchObject({ status: 'approximate' });
    expect(anchor?.score).toBeLessThan(1);
    expect(quoted(anchor?.start ?? 0, anchor?.end ?? 0)).toContain('bridge');
  });

  it('is said not to be there, and nothing is said where there is no text', async () => {
    expect(await anchorOf('Something altogether different was never printed here')).toEqual({
      status: 'not-found',
      start: null,
      end: null,
      score: 0,
    });
    expect(await anchorOf('Build', {}, 'radio')).toBeNull();
  });
});

describe('A batch', () => {
  const send = (statements: object[]) =>
    service.post<BatchReceipt & Problem>(`${river.address}/batch`, { statements });

  it('is recorded in order, each able to answer those before it', async () => {
    const before = await head();
    const { status, body } = await send([
      saying({ slug: 'offer', act: 'ProposalMade' }),
      saying({
        slug: 'counter',
        act: 'CounterProposalMade',
        party: 'south',
        refersTo: 'offer',
        topic: 'ferry',
      }),
      saying({ act: 'ProposalAccepted', topic: null, refersTo: 'counter' }),
    ]);
    expect(status).toBe(201);
    expect(body.statements.map(({ sequence }) => sequence - before)).toEqual([1, 2, 3]);
    expect(body).toMatchObject({ sequence: before + 3 });
    expect(body.statements[2]).toMatchObject({
      refersTo: body.statements[1]?.id,
      resolved: { topic: { slug: 'ferry' } },
    });
    for (const statement of body.statements)
      expect(await service.read(`${river.address}/${statement.id}`)).toEqual(statement);
  });

  it('is recorded wholly or not at all', async () => {
    const before = await head();
    const refused = await send([saying({ slug: 'lonely' }), saying({ party: 'Atlantis' })]);
    expect(refused.body).toMatchObject({ status: 422, errors: [{ path: 'statements.1.party' }] });
    expect(await head()).toBe(before);
    expect((await service.get(`${river.address}/lonely`)).status).toBe(404);
  });

  it('cannot answer what comes after, nor use a slug twice, nor one that is taken', async () => {
    const before = await head();
    const early = await send([
      saying({ act: 'ProposalAccepted', topic: null, refersTo: 'later' }),
      saying({ slug: 'later', act: 'ProposalMade' }),
    ]);
    expect(early.body).toMatchObject({
      code: 'unknown-reference',
      errors: [{ path: 'statements.0.refersTo' }],
    });
    for (const slugs of [
      ['twice', 'twice'],
      ['fresh', 'once'],
    ])
      expect((await send(slugs.map((slug) => saying({ slug })))).body).toMatchObject({
        status: 409,
        code: 'slug-taken',
      });
    expect(await head()).toBe(before);
  });

  it('holds a thousand, and neither none nor one more', async () => {
    const before = await head();
    for (const count of [0, 1_001]) {
      const refused = await send(Array.from({ length: count }, () => saying()));
      expect(refused.body).toMatchObject({ status: 400, errors: [{ path: 'statements' }] });
    }
    expect(await head()).toBe(before);
    const { body } = await send(
      Array.from({ length: 1_000 }, (_, index) => saying({ slug: `many-${index}` })),
    );
    expect(body.statements.map(({ slug }) => slug)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => `many-${index}`),
    );
    expect(await head()).toBe(before + 1_000);
  });
});
