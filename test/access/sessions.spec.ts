import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Me } from '../../src/access/me.controller.js';
import type { Problem } from '../../src/http/problem.js';
import { query } from '../support/queries.js';
import { startService, type FreshService, type Service } from '../support/service.js';
import { as, introduce, issue, revoke, type Person } from './people.js';

type Headers = Readonly<Record<string, string | undefined>>;

let running: FreshService;
let service: Service;
let ana: Person;

beforeAll(async () => {
  running = await startService({ environment: { STANDPOINT_TRUSTED_PROXIES: '127.0.0.1, ::1' } });
  service = running.service;
  ana = await introduce(service, 'ana', 'recorder');
});

afterAll(() => running?.end());

/** What a page of ours sends with what it asks. */
const OURS = { 'sec-fetch-site': 'same-origin' };
const TLS = { 'x-forwarded-proto': 'https' };

/** The name, value and attributes of the cookie that an answer sets. */
function cookieOf(headers: globalThis.Headers): { name: string; value: string; attributes: string[] } {
  const [pair = '', ...attributes] = (headers.get('set-cookie') ?? '').split('; ');
  const at = pair.indexOf('=');
  return { name: pair.slice(0, at), value: pair.slice(at + 1), attributes };
}

async function logIn(token: string, headers: Headers = {}): Promise<string> {
  const answer = await service.post('/session', { token }, { ...as(undefined), ...headers });
  expect(answer.status).toBe(201);
  const { name, value } = cookieOf(answer.headers);
  return `${name}=${value}`;
}

const bySession = (cookie: string, headers: Headers = {}): Headers => ({
  ...as(undefined),
  cookie,
  ...headers,
});

const statusOf = async (cookie: string, headers: Headers = {}): Promise<number> =>
  (await service.get('/me', bySession(cookie, headers))).status;

describe('A session', () => {
  it('is begun with a token, in a cookie that no script and no other site can use', async () => {
    const answer = await service.post('/session', { token: ana.token }, as(undefined));
    expect(answer.body).toEqual({
      user: { id: ana.id, slug: 'ana', name: 'ana' },
      expiresAt: expect.any(String),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { name, value, attributes } = cookieOf(answer.headers);
    expect(name).toBe('standpoint');
    expect(value).toMatch(/^[\w-]{43}$/);
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Strict']);
    const me = await service.get<Me>('/me', bySession(`standpoint=${value}`));
    expect(me.body).toMatchObject({ slug: 'ana', sessionEnds: expect.any(String) });
  });

  // Break: `isSecure` being false always.
  it('is for TLS alone where it is served over TLS, by a proxy that is trusted', async () => {
    const answer = await service.post('/session', { token: ana.token }, { ...as(undefined), ...TLS });
    const { name, value, attributes } = cookieOf(answer.headers);
    expect(name).toBe('__Host-standpoint');
    expect(attributes).toEqual(expect.arrayContaining(['Secure', 'Path=/', 'HttpOnly', 'SameSite=Strict']));
    expect(attributes.some((each) => each.startsWith('Domain'))).toBe(false);
    expect(await statusOf(`__Host-standpoint=${value}`, TLS)).toBe(200);
    expect(await statusOf(`standpoint=${value}`, TLS)).toBe(401);
  });

  it.each(['nobody’s', 'sp_nobodys8_x', ''])('is not begun with %j', async (token) => {
    const answer = await service.post<Problem>('/session', { token }, as(undefined));
    expect([400, 401]).toContain(answer.status);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  // Break: the end of the session before in SessionController.begin.
  it('is a new one at each login, and ends the one before', async () => {
    const before = await logIn(ana.token);
    const after = await logIn(ana.token, { cookie: before });
    expect(after).not.toBe(before);
    expect([await statusOf(before), await statusOf(after)]).toEqual([401, 200]);
  });

  it('ends when the browser says so', async () => {
    const cookie = await logIn(ana.token);
    const answer = await service.request('DELETE', '/session', { headers: bySession(cookie, OURS) });
    expect(answer.status).toBe(204);
    expect(cookieOf(answer.headers)).toMatchObject({
      value: '',
      attributes: expect.arrayContaining(['Max-Age=0']),
    });
    expect(await statusOf(cookie)).toBe(401);
  });

  // Break: Door.bySession taking the user without asking for the token.
  it('ends with its token', async () => {
    const { token, id } = await issue(service, 'ana');
    const cookie = await logIn(token);
    expect(await statusOf(cookie)).toBe(200);
    await revoke(service, { ...ana, tokenId: id });
    expect(await statusOf(cookie)).toBe(401);
  });

  it('rests while its user is kept out', async () => {
    const cookie = await logIn(ana.token);
    await service.write('/users/ana/disable', { reason: 'On leave.' });
    expect(await statusOf(cookie)).toBe(401);
    await service.write('/users/ana/enable', { reason: 'Back.' });
    expect(await statusOf(cookie)).toBe(200);
  });

  // Break: either comparison in Sessions.find.
  it.each([
    ['an hour without use', `used_at = used_at - interval '61 minutes'`],
    ['half a day', `expires_at = expires_at - interval '12 hours'`],
  ])('ends after %s', async (_, sql) => {
    const cookie = await logIn(ana.token);
    expect(await statusOf(cookie)).toBe(200);
    await query(running.database.superuserUrl, `UPDATE session SET ${sql}`);
    expect(await statusOf(cookie)).toBe(401);
    const again = await logIn(ana.token);
    expect(await query(running.database.superuserUrl, 'SELECT 1 FROM session')).toHaveLength(1);
    expect(await statusOf(again)).toBe(200);
  });

  it('is not what a token is where both are sent: the token counts', async () => {
    const cookie = await logIn(ana.token);
    const { body } = await service.get<Me>('/me', { ...as(service.token), cookie });
    expect(body).toMatchObject({ slug: 'administrator', sessionEnds: null });
    expect((await service.get('/me', { ...as('wrong'), cookie })).status).toBe(401);
  });
});

describe('With a session, a change', () => {
  const opening = (slug: string): { slug: string; title: string } => ({ slug, title: 'Opened by a page' });
  let cookie: string;

  beforeAll(async () => {
    cookie = await logIn(ana.token);
  });

  // Break: the first line of Door.enterBySession.
  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['no page at all', { 'sec-fetch-site': 'none' }],
    ['another origin, in a browser that says no more', { origin: 'https://example.org' }],
    ['an origin that is hidden', { origin: 'null' }],
    ['whoever says nothing', {}],
  ])('is refused that comes from %s', async (_, headers) => {
    const answer = await service.post<Problem>('/dossiers', opening('forged'), bySession(cookie, headers));
    expect(answer.body).toMatchObject({ status: 403, code: 'forbidden' });
    const dossiers = await service.all<{ slug: string }>('/dossiers');
    expect(dossiers.map(({ slug }) => slug)).not.toContain('forged');
  });

  it('is taken that comes from a page of ours', async () => {
    const old = { origin: service.url };
    expect((await service.post('/dossiers', opening('ours-1'), bySession(cookie, OURS))).status).toBe(201);
    expect((await service.post('/dossiers', opening('ours-2'), bySession(cookie, old))).status).toBe(201);
    const [opened] = await service.all<{ recordedBy: string }>('/dossiers/ours-1/events');
    expect(opened?.recordedBy).toBe('ana');
  });

  it('is not needed to log somebody in or out from another site', async () => {
    const cross = { 'sec-fetch-site': 'cross-site' };
    const login = await service.post('/session', { token: ana.token }, { ...as(undefined), ...cross });
    expect(login.status).toBe(403);
    const logout = await service.request('DELETE', '/session', { headers: bySession(cookie, cross) });
    expect(logout.status).toBe(403);
    expect(await statusOf(cookie)).toBe(200);
  });
});

describe('A login link', () => {
  const follow = (url: string): Promise<Response> => fetch(url, { redirect: 'manual' });

  const printed = (): string => {
    const [, link = ''] = /log in, once +(http:\S+)/.exec(service.process.output) ?? [];
    return link;
  };

  // Break: SELECT for DELETE in LoginLinks.take.
  it('is printed by a first start, and lets the administrator in once', async () => {
    const answers = await Promise.all([follow(printed()), follow(printed()), follow(printed())]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 401, 401]);
    const taken = answers.find(({ status }) => status === 303);
    expect(taken?.headers.get('location')).toBe('/');
    expect(taken?.headers.get('referrer-policy')).toBe('no-referrer');
    const { name, value } = cookieOf(taken?.headers ?? new Headers());
    const { body } = await service.get<Me>('/me', bySession(`${name}=${value}`));
    expect(body).toMatchObject({ slug: 'administrator', role: 'administrator' });
  });

  it('is made for whoever asks, lets only them in, and not for long', async () => {
    const link = async (): Promise<string> => {
      const { body } = await service.post<{ path: string }>('/session/links', undefined, as(ana.token));
      return service.url + body.path;
    };
    const answer = await follow(await link());
    const { name, value } = cookieOf(answer.headers);
    const { body } = await service.get<Me>('/me', bySession(`${name}=${value}`));
    expect(body.slug).toBe('ana');
    const late = await link();
    await query(running.database.superuserUrl, `UPDATE login_link SET expires_at = now()`);
    expect((await follow(late)).status).toBe(401);
  });

  it('is not followed from a page of somebody else’s', async () => {
    const { body } = await service.post<{ path: string }>('/session/links', undefined, as(ana.token));
    const headers = { 'sec-fetch-site': 'cross-site' };
    const crossed = await fetch(service.url + body.path, { redirect: 'manual', headers });
    expect([crossed.status, crossed.headers.get('set-cookie')]).toEqual([403, null]);
    expect((await follow(service.url + body.path)).status).toBe(303);
  });

  // Break: in LoginController.login, leave `takesPages` out of either answer.
  it('that does not work leads a browser to a page that says why, and tells others by status', async () => {
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const visit = async (headers: Record<string, string>): Promise<(string | number | null)[]> => {
      const answer = await fetch(`${service.url}/login?once=nonsense`, { redirect: 'manual', headers });
      expect(answer.headers.get('set-cookie')).toBeNull();
      return [answer.status, answer.headers.get('location'), answer.headers.get('cache-control')];
    };
    expect(await visit(browser)).toEqual([303, '/not-logged-in', 'no-store']);
    expect(await visit({ ...browser, 'sec-fetch-site': 'cross-site' })).toEqual([
      303,
      '/not-logged-in?why=elsewhere',
      'no-store',
    ]);
    expect((await visit({}))[0]).toBe(401);
    expect((await visit({ accept: 'application/json', 'sec-fetch-site': 'cross-site' }))[0]).toBe(403);
  });

  it('that nobody made leads nowhere', async () => {
    for (const search of ['', '?once=', '?once=nonsense', '?once=a&once=b', `?once=${'x'.repeat(300)}`]) {
      const answer = await follow(`${service.url}/login${search}`);
      expect([400, 401]).toContain(answer.status);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
  });
});
