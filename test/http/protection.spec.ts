import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startService, type FreshService } from '../support/service.js';

/** Each directive or header that http/protection.ts leaves out makes a test here fail, and so does registering CORS without origins. */
const FRIEND = 'https://newsroom.example';

let closed: FreshService;
let opened: FreshService;

beforeAll(async () => {
  [closed, opened] = await Promise.all([
    startService({ example: 'on' }),
    startService({ environment: { STANDPOINT_ALLOWED_ORIGINS: `${FRIEND}, https://other.example:8443` } }),
  ]);
});

afterAll(() => Promise.all([closed?.end(), opened?.end()]));

const PAGES = [
  '/docs',
  '/api/v1/acts',
  '/api/v1/dossiers/april-2025-talks/positions',
  '/nowhere',
  '/health/live',
];

describe('Every answer', () => {
  it.each(PAGES)('tells browsers to trust nothing but ourselves: %s', async (path) => {
    const { headers } = await fetch(closed.service.url + path, { headers: closed.service.credentials });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    for (const part of [
      "default-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ])
      expect(policy).toContain(part);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  it('bears the id of its request', async () => {
    const ids = await Promise.all(
      PAGES.map(async (path) => (await fetch(closed.service.url + path)).headers.get('x-request-id')),
    );
    expect(new Set(ids).size).toBe(PAGES.length);
  });
});

describe('The page of the API', () => {
  it('brings no script of its own in the page', async () => {
    const text = await (await fetch(`${closed.service.url}/docs`)).text();
    for (const [, script] of text.matchAll(/<script[^>]*>([^<]*)/g)) expect(script?.trim()).toBe('');
    expect(text).not.toMatch(/\son\w+=/);
  });

  it('brings from a file the style that it may not bring inline', async () => {
    const { status, headers } = await fetch(`${closed.service.url}/docs/page.css`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  });
});

describe('Pages of other sites', () => {
  const preflight = ({ service }: FreshService, origin: string): Promise<Response> =>
    fetch(`${service.url}/api/v1/dossiers`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
  const allowed = (answer: Response): string | null => answer.headers.get('access-control-allow-origin');

  it('are let in by no header unless they are named', async () => {
    expect(allowed(await preflight(closed, FRIEND))).toBeNull();
    expect(
      allowed(await fetch(`${closed.service.url}/health/live`, { headers: { origin: FRIEND } })),
    ).toBeNull();
  });

  it('that are named may ask with a token, never with a cookie', async () => {
    const answer = await preflight(opened, FRIEND);
    expect([answer.status, allowed(answer)]).toEqual([204, FRIEND]);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const read = await opened.service.get('/dossiers', { origin: FRIEND });
    expect(read.headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(read.headers.get('access-control-expose-headers')).toContain('ETag');
  });

  it.each([
    'https://evil.example',
    'https://newsroom.example.evil.example',
    'http://newsroom.example',
    'null',
  ])('that are not named are not let in because others are: %s', async (origin) => {
    expect([FRIEND, null]).toContain(allowed(await preflight(opened, origin)));
    expect(allowed(await preflight(opened, origin))).not.toBe(origin);
  });
});
