import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/http/problem.js';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { openRiver, saying } from '../support/http-cast.js';
import { OpenImport } from '../support/http-import.js';
import { importLines } from '../support/http-talks.js';
import { startService, type FreshService, type Service } from '../support/service.js';

let running: FreshService;
let service: Service;
let dossier = '';
let opened = 0;

beforeAll(async () => {
  running = await startService();
  service = running.service;
});

afterAll(() => running?.end());

beforeEach(async () => {
  dossier = `river-${opened++}`;
  await openRiver(service, dossier);
});

const show = (): Promise<DossierView> => service.read(`/dossiers/${dossier}`);
const key = (name: string): Record<string, string> => ({ 'idempotency-key': name });
const line = (fields: object = {}): string => JSON.stringify(saying(fields));
const slugs = async (): Promise<(string | null)[]> =>
  (await service.all<StatementView>(`/dossiers/${dossier}/statements`)).map(({ slug }) => slug).toSorted();

describe('An import', () => {
  it('answers each line while the request is still being sent', async () => {
    const stream = new OpenImport(service, dossier);
    for (let index = 0; index < 5; index++) {
      await stream.send(saying({ slug: `s-${index}` }));
      await stream.received(index + 1);
      expect(stream.results[index]).toMatchObject({ line: index + 1, status: 201, kind: 'statement' });
      expect(await slugs()).toHaveLength(index + 1);
    }
    expect(await stream.end()).toHaveLength(5);
  });

  it('answers in order with what each line made', async () => {
    const before = (await show()).sequence;
    const results = await importLines(
      service,
      dossier,
      [
        '{"kind": "party", "slug": "east", "name": "East Bank"}',
        '{"kind": "topic", "slug": "dam", "name": "Dam"}',
        '{"kind": "speaker", "slug": "eve", "name": "Eve", "affiliations": [{"party": "East Bank"}]}',
        '{"kind": "source", "slug": "book", "title": "Book", "text": "Eve: dam it."}',
        line({
          party: undefined,
          slug: 'proposal',
          act: 'ProposalMade',
          topic: 'dam',
          speaker: 'Eve',
          source: 'book',
          passage: { exact: 'dam it' },
        }),
        line({ kind: 'statement', act: 'ProposalAccepted', topic: null, refersTo: 'proposal' }),
      ].join('\n'),
    );
    expect(
      results.map((result) =>
        'kind' in result ? [result.line, result.kind, result.sequence - before] : result,
      ),
    ).toEqual([
      [1, 'party', 1],
      [2, 'topic', 2],
      [3, 'speaker', 3],
      [4, 'source', 5],
      [5, 'statement', 6],
      [6, 'statement', 7],
    ]);
    expect(await service.read(`/dossiers/${dossier}/statements/proposal`)).toMatchObject({
      anchor: { status: 'exact' },
      resolved: { party: { slug: 'east' } },
    });
  });

  it('goes on after bad lines, and says of each what is wrong', async () => {
    const lines = [
      line({ slug: 'good-1' }),
      'no json',
      line({ party: 'Atlantis' }),
      '[]',
      'null',
      '{"kind": "planet", "name": "Mars"}',
      line({ saidAt: 'soon', colour: 'red' }),
      '{"kind": "party"}',
      line({ slug: 'good-1' }),
      line({ act: 'UltimatumIssued' }),
      String.raw`{"kind": "party", "name": "a\u0000b"}`,
      line({ kind: 'statement', note: 'a\u0000b' }),
      line({ note: 'a\ud800b' }),
      line({ slug: 'good-2' }),
    ];
    const results = await importLines(service, dossier, lines.join('\n'));
    const told = results.map((result) =>
      'problem' in result
        ? [
            result.status,
            result.problem.code,
            result.problem.errors?.map(({ path }) => path).toSorted() ?? [],
          ]
        : result.status,
    );
    expect(results.map((result) => result.line)).toEqual(lines.map((_, index) => index + 1));
    expect(told).toEqual([
      201,
      [400, 'validation-failed', []],
      [422, 'unknown-reference', ['party']],
      [400, 'validation-failed', ['']],
      [400, 'validation-failed', ['']],
      [400, 'validation-failed', ['kind']],
      [400, 'validation-failed', ['colour', 'saidAt']],
      [400, 'validation-failed', ['name']],
      [409, 'slug-taken', ['slug']],
      [422, 'requirement-missing', ['against', 'conditions']],
      [422, 'unstorable-value', ['name']],
      [422, 'unstorable-value', ['note']],
      [422, 'unstorable-value', ['note']],
      201,
    ]);
    expect(await slugs()).toEqual(['good-1', 'good-2']);
  });

  it('stops at the first bad line where that is asked for', async () => {
    const lines = [
      line({ slug: 'a' }),
      line({ slug: 'b' }),
      line({ party: 'Atlantis' }),
      line({ slug: 'c' }),
    ].join('\n');
    const { text } = await service.request<string>('POST', `/dossiers/${dossier}/import?stopOnError=true`, {
      body: lines,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const statuses = text
      .trimEnd()
      .split('\n')
      .map((each) => (JSON.parse(each) as { status: number }).status); // holds: every answer is held against its schema
    expect(statuses).toEqual([201, 201, 422]);
    expect(await slugs()).toEqual(['a', 'b']);
  });

  it('passes over blank lines, counts them, and takes any line end and none', async () => {
    const body = `\n${line({ slug: 'a' })}\r\n\r\n   \n${line({ slug: 'b' })}\n\n${line({ slug: 'c' })}`;
    const results = await importLines(service, dossier, body);
    expect(results.map((result) => [result.line, result.status])).toEqual([
      [2, 201],
      [5, 201],
      [7, 201],
    ]);
    expect(await importLines(service, dossier, '')).toEqual([]);
    expect(await importLines(service, dossier, '\n\n')).toEqual([]);
  });

  it('puts a character together that arrives in pieces', async () => {
    const bytes = Buffer.from(`${line({ slug: 'split', summary: 'Brücke 🌉' })}\n`);
    const middle = bytes.indexOf(Buffer.from('🌉')) + 2;
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(bytes.subarray(0, middle));
        await delay(30);
        controller.enqueue(bytes.subarray(middle));
        controller.close();
      },
    });
    const answer = await fetch(`${service.url}/api/v1/dossiers/${dossier}/import`, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { ...service.credentials, 'content-type': 'application/x-ndjson' },
    });
    expect(answer.status).toBe(200);
    await answer.text();
    expect(await service.read(`/dossiers/${dossier}/statements/split`)).toMatchObject({
      summary: 'Brücke 🌉',
    });
  });

  it('refuses a line beyond any bounds and goes on', async () => {
    const results = await importLines(
      service,
      dossier,
      `${line({ slug: 'a' })}\n${'x'.repeat(13_000_000)}\n${line({ slug: 'b' })}\n`,
    );
    expect(results.map((result) => [result.line, result.status])).toEqual([
      [1, 201],
      [2, 400],
      [3, 201],
    ]);
  });

  it('is of another type only to be refused', async () => {
    const send = (type: string) =>
      service.request<Problem>('POST', `/dossiers/${dossier}/import`, {
        body: line(),
        headers: { 'content-type': type },
      });
    for (const type of ['application/json', 'text/plain', 'application/octet-stream'])
      expect((await send(type)).body).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    expect((await service.post<Problem>(`/dossiers/${dossier}/import`)).body).toMatchObject({ status: 415 });
    expect((await show()).counts.statements).toBe(0);
  });

  it('of a dossier that is not there is refused before a line is read', async () => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const { body } = await service.request<Problem>('POST', '/dossiers/nothing/import', {
      body: line(),
      headers,
    });
    expect(body).toMatchObject({ status: 404, code: 'not-found' });
  });
});

describe('An import under a key', () => {
  it('that broke half-way is completed by sending it again: nothing twice, the same ids', async () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => line({ slug: `s-${index}` }));
    const broken = new OpenImport(service, dossier, key('broken'));
    await broken.send(...lines.slice(0, 1_200));
    await broken.received(600);
    broken.kill();
    const whole = await importLines(service, dossier, lines.join('\n'), key('broken'));
    expect(whole.map(({ status }) => status)).toEqual(lines.map(() => 201));
    expect(broken.results.length).toBeGreaterThanOrEqual(600);
    expect(whole.slice(0, broken.results.length)).toEqual(broken.results);
    expect(await show()).toMatchObject({ counts: { statements: 2_000 } });
    expect(await importLines(service, dossier, lines.join('\n'), key('broken'))).toEqual(whole);
  });

  it('knows each line by its number and words', async () => {
    const first = await importLines(
      service,
      dossier,
      `${line({ slug: 'a' })}\n${line({ slug: 'b' })}`,
      key('lines'),
    );
    const other = await importLines(
      service,
      dossier,
      `${line({ slug: 'a' })}\n${line({ slug: 'c' })}`,
      key('lines'),
    );
    expect(other[0]).toEqual(first[0]);
    expect(other[1]).toMatchObject({ line: 2, status: 409, problem: { code: 'idempotency-mismatch' } });
    expect(await slugs()).toEqual(['a', 'b']);
  });

  it('is recorded once although it is sent twice at the same time', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => line({ summary: `Words ${index}.` })).join('\n');
    const [one, two] = await Promise.all(
      [1, 2].map(() => importLines(service, dossier, lines, key('twice'))),
    );
    expect(two).toEqual(one);
    expect(await show()).toMatchObject({ counts: { statements: 300 } });
  });
});

describe('A connection that breaks', () => {
  it('in the middle of an import, wherever that is, harms nobody else', async () => {
    const lines = Array.from({ length: 1_001 }, () => line());
    for (const [count, wait] of [
      [1, 0],
      [499, 0],
      [500, 0],
      [500, 3],
      [500, 15],
      [501, 0],
      [1_000, 5],
      [1_000, 40],
      [1_001, 10],
    ] as const) {
      const stream = new OpenImport(service, dossier);
      await stream.send(...lines.slice(0, count));
      await delay(wait);
      stream.kill();
    }
    for (const count of [1, 499, 500, 1_001]) {
      const stream = new OpenImport(service, dossier, {}, '?stopOnError=true');
      await stream.send(line({ party: 'Atlantis' }), ...lines.slice(0, count));
      await stream.received(1);
      stream.kill();
    }
    await delay(300);
    expect(service.process.output).not.toMatch(/Error|abort/);
    expect(service.process.hasEnded).toBe(false);
    expect(
      (await importLines(service, dossier, line({ slug: 'after' }))).map(({ status }) => status),
    ).toEqual([201]);
  });
});

describe('A long import', () => {
  it('of twenty thousand lines is recorded, line by line', async () => {
    const COUNT = 20_000;
    const stream = new OpenImport(service, dossier);
    const most = await mostMemory(async () => {
      for (let index = 0; index < COUNT; index += 100)
        await stream.send(
          ...Array.from({ length: 100 }, (_, each) => saying({ summary: `Line ${index + each}.` })),
        );
      await stream.end();
    });
    expect(stream.results.map(({ status }) => status)).toEqual(Array.from({ length: COUNT }, () => 201));
    expect(await patiently()).toMatchObject({ counts: { statements: COUNT } });
    expect(most).toBeLessThan(150);
  });

  it('of 400 megabytes is not kept in memory', async () => {
    const stream = new OpenImport(service, dossier);
    const lines = Array.from({ length: 100 }, () => saying({ party: 'Atlantis', note: 'x'.repeat(20_000) }));
    const most = await mostMemory(async () => {
      for (let index = 0; index < 20_000; index += 100) await stream.send(...lines);
      await stream.end();
    });
    expect(stream.results).toHaveLength(20_000);
    expect(most).toBeLessThan(280); // megabytes by which a collected heap swings with lines as long as these
  });

  /** By how many megabytes the service is larger meanwhile, at the most. */
  async function mostMemory(task: () => Promise<void>): Promise<number> {
    const before = await megabytes();
    let most = before;
    const watch = setInterval(() => void megabytes().then((now) => (most = Math.max(most, now))), 50);
    await task().finally(() => clearInterval(watch));
    return most - before;
  }

  async function megabytes(): Promise<number> {
    const status = await readFile(`/proc/${service.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
  }

  /** A read that waited too long for the projections may be asked again: the answer says so. */
  async function patiently(): Promise<DossierView> {
    for (let tries = 0; tries < 10; tries++) {
      const answer = await service.get<DossierView>(`/dossiers/${dossier}`);
      if (answer.status === 200) return answer.body;
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    return show();
  }
});
