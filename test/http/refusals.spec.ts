import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/http/problem.js';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import { recordTalks } from '../support/http-talks.js';
import { startService, type Answer, type FreshService, type Service } from '../support/service.js';

const STATEMENTS = '/dossiers/talks/statements';
const good = {
  act: 'OpennessDeclared',
  party: 'russia',
  topic: 'direct-talks',
  saidAt: '2025-04-23',
  attribution: 'reported',
  summary: 'Open.',
};

let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  await recordTalks(service, 'talks');
  await service.write('/dossiers/talks/parties', {
    slug: 'kyiv-city',
    name: 'City of Kyiv',
    aliases: ['KYIV'],
  });
});

afterAll(() => running?.end());

const head = async (): Promise<number> => (await service.read<DossierView>('/dossiers/talks')).sequence;

const send = (body: unknown, headers = {}): Promise<Answer<Problem>> =>
  service.post(STATEMENTS, body, headers);

describe('A request that cannot be read', () => {
  it.each([
    ['no JSON at all', '{'],
    ['JSON with something after it', '{} {}'],
    ['a trailing comma', '{"act": "OpennessDeclared",}'],
    ['nothing', ''],
    ['a byte order mark alone', '\uFEFF'],
    ['a field that reaches for the prototype', '{"__proto__": {"act": "OpennessDeclared"}}'],
    ['a constructor with a prototype', '{"constructor": {"prototype": {}}}'],
    ['nesting without bounds', `{"act": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
  ])('is malformed with %s', async (_, body) => {
    const before = await head();
    for (const key of [undefined, 'a-key']) {
      const answer = await send(body, { 'content-type': 'application/json', 'idempotency-key': key });
      expect(answer.body).toMatchObject({ status: 400, code: 'malformed-request' });
    }
    expect(await head()).toBe(before);
  });

  it('is malformed where its bytes are not UTF-8', async () => {
    const bytes = Buffer.from(JSON.stringify({ ...good, summary: 'Caf\u00E9' }), 'latin1');
    const answer = await send(bytes, { 'content-type': 'application/json' });
    expect(answer.body).toMatchObject({ status: 400, code: 'malformed-request' });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/x-ndjson',
    'application/jsonx',
    'nonsense',
  ])('is of an unsupported type with %s', async (type) => {
    const before = await head();
    const { body } = await send(JSON.stringify(good), { 'content-type': type });
    expect(body).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    expect(await head()).toBe(before);
  });

  it.each(['application/json; charset=UTF-8', 'Application/JSON'])('may say %s', async (type) => {
    expect((await send(JSON.stringify(good), { 'content-type': type })).status).toBe(201);
  });

  it('is too large beyond a mebibyte, except where documents and batches go', async () => {
    const body = { ...good, note: 'x'.repeat(1_100_000) };
    expect((await send(body)).body).toMatchObject({ status: 413, code: 'too-large' });
    const batch = await service.post<Problem>(`${STATEMENTS}/batch`, { statements: [body] });
    expect(batch.body.errors?.map(({ path }) => path)).toEqual(['statements.0.note']);
    const text = 'A long text. '.repeat(300_000);
    const source = await service.post('/dossiers/talks/sources', { title: 'Long', text });
    expect(source.status).toBe(201);
    const tooLong = await service.post<Problem>('/dossiers/talks/sources', {
      title: 'Long',
      text: 'x'.repeat(34_000_000),
    });
    expect(tooLong.body).toMatchObject({ status: 413, code: 'too-large' });
  });

  it.each([
    '/nothing',
    '/dossiers/talks/nothing',
    '/dossiers/talks/statements/s01/nothing',
    '/api/v2/dossiers',
    '/docs/nothing',
  ])('has no route at %s', async (path) => {
    expect((await service.get<Problem>(path)).body).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('has no route with another method', async () => {
    for (const method of ['DELETE', 'PUT', 'PATCH'])
      expect((await service.request<Problem>(method, STATEMENTS)).body).toMatchObject({ status: 404 });
  });

  it.each(['/dossiers/%zz', '/dossiers/%ff/statements'])(
    'has an address that cannot be decoded: %s',
    async (path) => {
      expect((await service.get<Problem>(path)).body).toMatchObject({
        status: 400,
        code: 'malformed-request',
      });
    },
  );

  it('has an address that is too long', async () => {
    const answer = await service.get<Problem>(`/dossiers/${'x'.repeat(700)}`);
    expect(answer.body).toMatchObject({ status: 414, code: 'uri-too-long' });
  });
});

describe('A value that cannot be stored', () => {
  const text = JSON.stringify(good);

  it.each([
    ['NUL', text.replace('Open.', String.raw`a\u0000b`), 'summary'],
    ['half of a surrogate pair', text.replace('Open.', String.raw`a\ud800b`), 'summary'],
    ['the other half', text.replace('Open.', String.raw`a\uDC00b`), 'summary'],
    ['NUL in an inner field', `${text.slice(0, -1)}, "passage": {"exact": "a\\u0000b"}}`, 'passage.exact'],
    ['NUL in a list', `${text.slice(0, -1)}, "conditions": ["a", "a\\u0000b"]}`, 'conditions.1'],
    ['a number beyond IEEE 754', `${text.slice(0, -1)}, "note": 1e400}`, 'note'],
    ['a long number', `${text.slice(0, -1)}, "note": ${'9'.repeat(400)}}`, 'note'],
    ['NUL in the name of a field', `${text.slice(0, -1)}, "a\\u0000": 1}`, ''],
  ])('is refused and named: %s', async (_, body, path) => {
    const before = await head();
    const answer = await send(body, { 'content-type': 'application/json' });
    expect(answer.body).toMatchObject({ status: 422, code: 'unstorable-value' });
    expect(answer.body.errors?.map((error) => error.path)).toContain(path);
    expect(await head()).toBe(before);
  });

  it('is refused in a query', async () => {
    for (const [path, name] of [
      [`${STATEMENTS}?q=%00`, 'q'],
      [`${STATEMENTS}?recorder=a%00`, 'recorder'],
      ['/dossiers/talks/events?type=%00', 'type'],
      ['/dossiers/talks/parties?q=%00', 'q'],
    ] as const) {
      const answer = await service.get<Problem>(path);
      expect(answer.body).toMatchObject({ status: 422, code: 'unstorable-value', errors: [{ path: name }] });
    }
  });

  it('is not confused with whole pairs and escapes that look like it', async () => {
    const summary = String.raw`\ud83d\ude00 \\u0000 1e400`;
    const answer = await service.post<{ summary: string }>(STATEMENTS, text.replace('Open.', summary), {
      'content-type': 'application/json',
    });
    expect(answer.status).toBe(201);
    expect(answer.body.summary).toBe('😀 \\u0000 1e400');
  });
});

describe('A well-formed statement that the dossier or the catalogue forbids', () => {
  it('is told every name that means nothing here', async () => {
    const { body } = await send({
      ...good,
      party: 'Atlantis',
      speaker: 'Nobody',
      topic: 'nothing',
      source: 'nowhere',
      addressees: ['russia', 'Lemuria', 'Mu'],
      against: 'Nemo',
      refersTo: 's99',
    });
    expect(body).toMatchObject({ status: 422, code: 'unknown-reference' });
    expect(body.errors?.map(({ path }) => path).toSorted()).toEqual([
      'addressees.1',
      'addressees.2',
      'against',
      'party',
      'refersTo',
      'source',
      'speaker',
      'topic',
    ]);
  });

  it('is told whom an ambiguous name may mean', async () => {
    const { body } = await send({ ...good, party: 'kyiv', against: 'Kyiv' });
    expect(body).toMatchObject({ status: 422, code: 'ambiguous-reference' });
    expect(body.errors?.map(({ path }) => path)).toEqual(['party', 'against']);
    for (const { candidates } of body.errors ?? [])
      expect(candidates?.map(({ slug }) => slug).toSorted()).toEqual(['kyiv-city', 'ukraine']);
  });

  it.each([
    [
      'an act that must answer answers nothing',
      { act: 'ProposalAccepted', topic: null },
      'requirement-missing',
      ['refersTo'],
    ],
    [
      'it refers to a statement of another kind',
      { act: 'ProposalAccepted', refersTo: 's01' },
      'wrong-reference',
      ['refersTo'],
    ],
    [
      'it takes back what another party proposed',
      { act: 'ProposalWithdrawn', refersTo: 's11' },
      'wrong-reference',
      ['refersTo'],
    ],
    [
      'it denies what was alleged of another',
      { act: 'AllegationDenied', refersTo: 's02' },
      'wrong-reference',
      ['refersTo'],
    ],
    [
      'it lacks everything that its act requires',
      { act: 'UltimatumIssued', topic: null },
      'requirement-missing',
      ['topic', 'conditions', 'against'],
    ],
    [
      'it has a stance on nothing',
      { act: 'AllegationMade', against: 'ukraine', topic: null, stance: 'open' },
      'requirement-missing',
      ['topic'],
    ],
    [
      'it refers to a party as if it were a statement',
      { act: 'ClarificationIssued', refersTo: 'russia' },
      'unknown-reference',
      ['refersTo'],
    ],
  ])('is refused where %s', async (_, fields, code, paths) => {
    const before = await head();
    const { body } = await send({ ...good, ...fields });
    expect(body).toMatchObject({ status: 422, code });
    expect(body.errors?.map(({ path }) => path)).toEqual(paths);
    expect(await head()).toBe(before);
  });

  it('is refused where nobody speaks or nothing is quoted, malformed fields named as well', async () => {
    const { party: _party, summary: _summary, ...silent } = good;
    const { body } = await send({ ...silent, attribution: 'direct', saidAt: 'soon', colour: 'red' });
    expect(body).toMatchObject({ status: 400, code: 'validation-failed' });
    expect(body.errors?.map(({ path }) => path).toSorted()).toEqual([
      'colour',
      'passage',
      'saidAt',
      'speaker',
    ]);
  });

  it('is told in a batch which statement each fault is in', async () => {
    const before = await head();
    const statements = [good, { ...good, act: 'Said' }, good, { ...good, passage: { exact: '' }, topic: 7 }];
    const malformed = await service.post<Problem>(`${STATEMENTS}/batch`, { statements });
    expect(malformed.body.errors?.map(({ path }) => path).toSorted()).toEqual([
      'statements.1.act',
      'statements.3.passage.exact',
      'statements.3.topic',
    ]);
    const forbidden = await service.post<Problem>(`${STATEMENTS}/batch`, {
      statements: [good, { ...good, party: 'Atlantis' }, { ...good, act: 'UltimatumIssued' }],
    });
    expect(forbidden.status).toBe(422);
    expect(forbidden.body.errors?.map(({ path }) => path)).toEqual([
      'statements.1.party',
      'statements.2.conditions',
      'statements.2.against',
    ]);
    expect(await head()).toBe(before);
  });
});
