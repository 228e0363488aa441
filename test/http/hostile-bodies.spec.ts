import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/http/problem.js';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import { openRiver, Recorder, saying } from '../support/http-cast.js';
import { importLines } from '../support/http-talks.js';
import { Service, startService, type Answer, type FreshService } from '../support/service.js';

/**
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - http/content-types: no hook for `content-encoding`: 400 instead of 415;
 * - access/write-context.decorator, `isCanonical`: true for every body: 500 for half of a surrogate pair under a key;
 * - http/json, `parseJson`: not asking `refuseRepeatedNames`: the last of two is recorded;
 * - http/json-size, `sizeOf`: not throwing `tooMany`: a million names are read;
 * - http/body-checker, `errors`: not looking at MOST_EXPLAINED; `cutLists`: the body as it is: everything is told, in minutes;
 * - http/field-path, `within`: paths of any length;
 * - http/list-items, `nameItems`: what was explained, as it is: the list is named, not its item;
 * - recording/statements/record-statements, `together`: claims without their path.
 */
let running: FreshService;
let service: Service;
let recorder: Recorder;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  await openRiver(service, 'river');
  recorder = new Recorder(service, 'river');
});

afterAll(() => running?.end());

const STATEMENTS = '/dossiers/river/statements';

const JSON_TYPE = { 'content-type': 'application/json' };

const head = async (): Promise<number> => (await service.read<DossierView>('/dossiers/river')).sequence;

const send = (body: unknown, headers = {}): Promise<Answer<Problem>> =>
  service.post(STATEMENTS, body, { ...JSON_TYPE, ...headers });

const batch = (body: string): Promise<Answer<Problem>> =>
  service.post(`${STATEMENTS}/batch`, body, JSON_TYPE);

const names = (count: number): string =>
  Array.from({ length: count }, (_, number) => `"x${number}":1`).join(',');

/** What is refused before it is parsed. */
const TOO_MUCH = { status: 400, code: 'validation-failed', errors: [{ path: '' }] };

const paths = ({ body }: Answer<Problem>): string[] => body.errors?.map(({ path }) => path) ?? [];

describe('A body', () => {
  const text = JSON.stringify(saying({ summary: 'Café' }));

  it.each([
    ['in UTF-16', Buffer.from(text, 'utf16le'), {}, 400],
    ['in UTF-16 with its mark', Buffer.from(`\uFEFF${text}`, 'utf16le'), {}, 400],
    ['in Latin-1', Buffer.from(text, 'latin1'), {}, 400],
    [
      'with an overlong form',
      Buffer.concat([Buffer.from('{"act":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
      {},
      400,
    ],
    [
      'with a surrogate in UTF-8',
      Buffer.concat([Buffer.from('{"act":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
      {},
      400,
    ],
    ['that is compressed and says so', gzipSync(text), { 'content-encoding': 'gzip' }, 415],
    ['that is compressed and does not', gzipSync(text), {}, 400],
    ['that only says that it is compressed', text, { 'content-encoding': 'br' }, 415],
    ['nested 10,000 deep', `{"act":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`, {}, 400],
    ['with a text of a mebibyte', JSON.stringify(saying({ note: 'x'.repeat(1_000_000) })), {}, 400],
    [
      'with a hundred thousand unknown fields',
      `{${Array.from({ length: 100_000 }, (_, n) => `"${n}":1`).join(',')}}`,
      {},
      400,
    ],
    ['cut off', text.slice(0, -1), {}, 400],
    ['with a raw line break in a text', text.replace('Café', 'a\nb'), {}, 400],
    ['with a comment', `${text.slice(0, -1)} /* so */}`, {}, 400],
    ['with half of a surrogate pair', text.replace('Café', String.raw`\ud800`), {}, 422],
    ['with a number beyond all bounds', text.replace('"Café"', '1e400'), {}, 422],
    ['with NaN', text.replace('"Café"', 'NaN'), {}, 400],
  ])('%s is refused', async (_, body, headers, status) => {
    const before = await head();
    for (const key of [{}, { 'idempotency-key': 'hostile' }])
      expect((await send(body, { ...headers, ...key })).status).toBe(status);
    expect(await head()).toBe(before);
  });

  it('with a million names is refused where it may be so large, and unread', async () => {
    expect(await batch(`{${names(1_000_000)}}`)).toMatchObject({ body: TOO_MUCH });
    expect(await batch(`{"statements":[${'{},'.repeat(1_000_000)}{}]}`)).toMatchObject({ body: TOO_MUCH });
    expect(await batch(`{"statements":[${'1,'.repeat(1_000_000)}1]}`)).toMatchObject({ body: TOO_MUCH });
  });

  it('that is bad in nine thousand fields is told of each, and one that is bad in more of ten thousand', async () => {
    expect((await send(`{${names(9_000)}}`)).body.errors).toHaveLength(9_005);
    const { body } = await batch(`{"statements":[{${names(150_000)}}]}`);
    expect(body).toMatchObject({ status: 400, code: 'validation-failed' });
    expect(body.errors).toHaveLength(10_001);
    expect(body.errors?.at(-1)?.message).toMatch(/^and 1400\d\d more/);
  });

  it('with a list that is far too long is told so, not of all that is wrong with its items', async () => {
    const { body } = await batch(`{"statements":[${Array(50_000).fill('{}').join(',')}]}`);
    expect(body.errors?.[0]).toEqual({ path: 'statements', message: 'must hold at most 1000' });
    expect(body.errors?.filter(({ path }) => path.startsWith('statements.1001'))).toEqual([]);
  });

  it('may be as large as the largest batch there can be', async () => {
    const full = saying({ addressees: Array(100).fill('south'), conditions: Array(50).fill('c') });
    const fields = (): object => ({ ...full, passage: { exact: 'a', prefix: 'b', suffix: 'c' } });
    expect((await batch(JSON.stringify({ statements: Array.from({ length: 1_000 }, fields) }))).status).toBe(
      201,
    );
  });

  it('whose long name holds many bad fields is answered in less than all their paths', async () => {
    const inner = Array(4_000).fill('{"toString":1}').join(',');
    const answer = await send(`{"${'x'.repeat(500_000)}":[${inner}]}`);
    expect(answer.status).toBe(400);
    expect(Math.max(...paths(answer).map(({ length }) => length))).toBeLessThan(600_000);
    const twice = Array.from({ length: 4_000 }, (_, number) => `"${number % 2_000}":1`).join(',');
    expect(paths(await send(`{"${'x'.repeat(500_000)}":{${twice}}}`))[0]).toHaveLength(201);
  });

  it('is bounded as a line of an import as well; the other lines go on', async () => {
    const [bad, good] = await importLines(service, 'river', `{${names(20_000)}}\n${text}\n`);
    expect([bad, good]).toMatchObject([{ status: 400, problem: TOO_MUCH }, { status: 201 }]);
  });

  it('may begin with a byte order mark, as RFC 8259 allows', async () => {
    expect((await send(`\uFEFF${text}`)).status).toBe(201);
  });

  it('that names a field twice is refused, the field named, in an import and in a batch as well', async () => {
    const before = await head();
    const twice = text.replace('{', '{"act":"DemandMade",');
    expect(await send(twice)).toMatchObject({
      body: { status: 400, code: 'validation-failed', errors: [{ path: 'act' }] },
    });
    const escaped = text.replace('{', String.raw`{"\u0061ct" : "DemandMade",`);
    expect(paths(await send(escaped))).toEqual(['act']);
    const inner = `${text.slice(0, -1)},"passage":{"exact":"a","exact":"b"}}`;
    expect(paths(await send(inner))).toEqual(['passage.exact']);
    expect(paths(await batch(`{"statements":[${text},${inner}]}`))).toEqual(['statements.1.passage.exact']);
    const [line] = await importLines(service, 'river', `${twice}\n`);
    expect(line).toMatchObject({ status: 400, problem: { errors: [{ path: 'act' }] } });
    expect(await head()).toBe(before);
  });

  it('whose texts only look like names is none that names anything twice', async () => {
    const note = String.raw`he said "act": "act": and "act" :`;
    expect((await send(JSON.stringify(saying({ note })))).status).toBe(201);
  });

  it('with a bad text in a list is told which, and a taken slug in a batch is told whose', async () => {
    const answer = await service.post<Problem>('/dossiers/river/parties', {
      name: 'P',
      aliases: ['a', ' ', 'b', 7],
    });
    expect(answer.body.errors).toEqual([
      { path: 'aliases.1', message: 'must not be blank' },
      { path: 'aliases.3', message: 'must be text' },
    ]);
    await recorder.record({ slug: 'taken' });
    const slugged = ['free', 'taken'].map((slug) => saying({ slug }));
    const together = (statements: object[]): Promise<Answer<Problem>> =>
      batch(JSON.stringify({ statements }));
    const taken = await together(slugged);
    expect(taken.body).toMatchObject({ code: 'slug-taken', errors: [{ path: 'statements.1.slug' }] });
    const doubled = await together([saying({ slug: 'same' }), saying(), saying({ slug: 'same' })]);
    expect(doubled.body).toMatchObject({ code: 'slug-taken', errors: [{ path: 'statements.2.slug' }] });
  });
});
