import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startService, type FreshService, type Service } from '../support/service.js';

let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService();
  service = running.service;
});

afterAll(() => running?.end());

/** Asked as a browser that goes there, and is nobody yet. */
const visit = (path: string, method = 'GET'): Promise<Response> =>
  fetch(service.url + path, { method, headers: { accept: 'text/html' } });

const assetsOf = (page: string): string[] =>
  [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);

describe('The service', () => {
  it.each(['/', '/d/talks', '/d/talks/positions/ukraine/truce', '/users', '/not-logged-in'])(
    'answers %s with the page that draws it, which is asked for again each time',
    async (path) => {
      const answer = await visit(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect((await visit(path, 'HEAD')).status).toBe(200);
    },
  );

  // Break: 'unsafe-inline' in POLICY of protection.ts.
  it('lets its pages use nothing that is inline and nothing of others', async () => {
    const answer = await visit('/');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).not.toContain('unsafe');
    const page = await answer.text();
    expect(page).not.toMatch(/<style|<script>| style=| on\w+=|https?:/);
  });

  // Break: `immutable` in serveDesk.
  it('has browsers keep what pages are made of, for its names say what is in it', async () => {
    const paths = assetsOf(await (await visit('/')).text());
    expect(paths.length).toBeGreaterThan(2);
    for (const path of paths) {
      const { status, headers } = await visit(path);
      expect([path, status, headers.get('cache-control')]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
      ]);
    }
  });

  // Break: add '/*' to PAGES of desk.ts.
  it.each([
    '/api/v1/nothing',
    '/api',
    '/docs/nothing',
    '/nothing',
    '/assets/nothing.js',
    '/assets/../package.json',
  ])('refuses %s, where there is neither a page nor anything else', async (path) => {
    const answer = await visit(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});
