import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/http/problem.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { value } from '../support/queries.js';
import { startService, type FreshService, type Service } from '../support/service.js';

/** Strings that broke others. Here they are words: kept as they are, found as they are, and nothing else happens. */
const STRINGS = [
  `'; DROP TABLE event; --`,
  `' OR '1'='1`,
  `\\'; SELECT pg_sleep(10); --`,
  `$1; COPY event TO '/tmp/x'`,
  '${7*7}',
  '{{constructor.constructor("return process")()}}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '=HYPERLINK("http://evil.example","x")',
  '+1+cmd|" /C calc"!A0',
  '@SUM(1+1)',
  '-2+3',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  'file:///etc/passwd',
  'x\r\nSet-Cookie: admin=1',
  '__proto__',
  'constructor.prototype.polluted',
  '%s%s%n',
  '‮evil‬',
  '()&|!<->:*',
];

let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService();
  ({ service } = running);
  await service.write('/dossiers', { slug: 'river', title: 'River' });
  await service.write('/dossiers/river/parties', { slug: 'north', name: 'North' });
});

afterAll(() => running?.end());

const saying = (fields: object): object => ({
  act: 'AllegationMade',
  party: 'north',
  against: 'north',
  saidAt: '2025-04-21',
  attribution: 'reported',
  summary: 'Said.',
  ...fields,
});

describe('An attack string', () => {
  it.each(STRINGS)('is kept as words: %j', async (text) => {
    const { id } = await service.write<StatementView>(
      '/dossiers/river/statements',
      saying({ summary: text }),
    );
    const read = await service.get<StatementView>(`/dossiers/river/statements/${id}`);
    expect(read.body.summary).toBe(text);
    expect(read.headers.get('content-type')).toMatch(/^application\/json/);
    expect(read.headers.get('set-cookie')).toBeNull();
  });

  it.each(STRINGS)('is searched for as words: %j', async (text) => {
    const q = encodeURIComponent(text);
    expect((await service.get(`/dossiers/river/statements?q=${q}`)).status).toBe(200);
    for (const [parameter, status] of [
      ['recorder', 200],
      ['party', 422],
      ['act', 400],
      ['cursor', 400],
      ['known', 400],
    ] as const)
      expect([parameter, (await service.get(`/dossiers/river/statements?${parameter}=${q}`)).status]).toEqual(
        [parameter, status],
      );
  });

  it.each(STRINGS)('is no address: %j', async (text) => {
    const part = encodeURIComponent(text);
    for (const path of [
      `/dossiers/${part}`,
      `/dossiers/river/statements/${part}`,
      `/dossiers/river/parties/${part}`,
    ])
      expect((await service.get<Problem>(path)).status).toBe(404);
    expect((await fetch(`${service.url}/docs/${part}`)).status).toBeGreaterThanOrEqual(400);
  });

  it.each(STRINGS)('is no name of a field: %j', async (text) => {
    const body = JSON.stringify(saying({})).replace(/}$/, `,${JSON.stringify(text)}:1}`);
    expect((await service.post<Problem>('/dossiers/river/statements', body)).status).toBe(400);
  });

  it('has changed nothing but what was recorded', async () => {
    const events = await service.all<{ type: string }>('/dossiers/river/events');
    expect(events.filter(({ type }) => type === 'AllegationMade')).toHaveLength(STRINGS.length);
    expect(await value(running.database.serviceUrl, 'SELECT count(*)::int FROM event')).toBeGreaterThan(
      STRINGS.length,
    );
  });
});

describe('What is not the client’s to say', () => {
  it.each(['recordedBy', 'recordedAt', 'sequence', 'id', 'version', 'resolved', 'dossier', 'anchor'])(
    'is not taken from the body: %s',
    async (field) => {
      const { status, body } = await service.post<Problem>(
        '/dossiers/river/statements',
        saying({ [field]: 'mallory' }),
      );
      expect({ status, paths: body.errors?.map(({ path }) => path) }).toEqual({
        status: 400,
        paths: [field],
      });
    },
  );

  it.each(['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}'])(
    'is no prototype: %s',
    async (body) => {
      expect((await service.post<Problem>('/dossiers', body)).status).toBe(400);
    },
  );
});

/** Milliseconds within which even the worst is answered; what is measured is that nothing takes longer than it is long. */
const AT_ONCE = 1_000;

describe('A text made to take long', () => {
  const answered = async (ask: () => Promise<{ status: number }>): Promise<number> => {
    const began = performance.now();
    expect((await ask()).status).toBeLessThan(500);
    return performance.now() - began;
  };

  it('is refused at once: a query of a million characters', async () => {
    const ask = () =>
      fetch(`${service.url}/api/v1/dossiers/river/statements?q=${'a'.repeat(1_000_000)}`, {
        headers: service.credentials,
      }).catch(() => ({ status: 431 })); // the connection may be closed before all of it is sent
    expect(await answered(ask)).toBeLessThan(AT_ONCE);
  });

  it.each([
    ['q', '"a '.repeat(600)],
    ['q', 'a or '.repeat(400)],
    ['q', `${'-'.repeat(1_900)}a`],
    ['cursor', 'e'.repeat(2_000)],
    ['known', '9'.repeat(2_000)],
    ['from', `2025-${'0'.repeat(1_900)}`],
  ])('is answered at once: %s', async (parameter, text) => {
    const path = `/dossiers/river/statements?${parameter}=${encodeURIComponent(text)}`;
    expect(await answered(() => service.get(path))).toBeLessThan(AT_ONCE);
  });

  it.each([
    '2025-'.repeat(20_000),
    `${'['.repeat(50_000)}2025`,
    '2025-04-2'.padEnd(100_000, '1'),
    `2025${'~'.repeat(100_000)}`,
  ])('is no date, and refused at once (%#)', async (saidAt) => {
    expect(await answered(() => service.post('/dossiers/river/statements', saying({ saidAt })))).toBeLessThan(
      AT_ONCE,
    );
  });
});
