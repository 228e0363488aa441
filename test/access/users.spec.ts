import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Me } from '../../src/access/me.controller.js';
import type { TokenView, UserView } from '../../src/access/users/views.js';
import type { EventView } from '../../src/http/event-view.js';
import type { Problem } from '../../src/http/problem.js';
import { query } from '../support/queries.js';
import { killAll, Service, startService, type FreshService } from '../support/service.js';
import { eventually } from '../support/test-folder.js';
import { as, grant, introduce, issue, revoke, type Person } from './people.js';

let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService();
  service = running.service;
});

afterAll(async () => {
  await killAll();
  await running?.end();
});

const meOf = async (token: string): Promise<number> => (await service.get('/me', as(token))).status;

const events = (): Promise<EventView[]> => service.all<EventView>('/admin/access/events');

describe('A user', () => {
  it('is created once under a slug, and is who is recorded', async () => {
    await introduce(service, 'ana', 'recorder');
    const { body } = await service.post<Problem>('/users', { slug: 'ana' });
    expect(body).toMatchObject({ status: 409, code: 'slug-taken' });
    const { token } = await issue(service, 'ana');
    const opening = { slug: 'anas', title: 'Ana’s' };
    expect((await service.post('/dossiers', opening, as(token))).status).toBe(201);
    const mass = { slug: 'union', name: 'Union', recordedBy: 'administrator' };
    expect((await service.post('/dossiers/anas/parties', mass, as(token))).status).toBe(400);
    const party = { slug: 'union', name: 'Union' };
    expect((await service.post('/dossiers/anas/parties', party, as(token))).status).toBe(201);
    const log = await service.all<EventView>('/dossiers/anas/events');
    expect(log.map(({ type, recordedBy }) => `${type} by ${recordedBy}`)).toEqual([
      'DossierOpened by ana',
      'PartyAdded by ana',
    ]);
  });

  it.each(['administrator', 'example', 'standpoint'])('is not called %s, as others are', async (slug) => {
    const { body } = await service.post<Problem>('/users', { slug });
    expect(body).toMatchObject({ status: 409, code: 'slug-taken' });
  });

  it('is created by one of two who try at the same time', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => service.post('/users', { slug: 'race' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
  });

  it('is created once however often the request is repeated under its key', async () => {
    const key = { 'idempotency-key': 'create-cem' };
    const [first, again] = [
      await service.post<UserView>('/users', { slug: 'cem' }, key),
      await service.post<UserView>('/users', { slug: 'cem' }, key),
    ];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
  });

  it('is listed page by page', async () => {
    const slugs = (await service.all<UserView>('/users', 2)).map(({ slug }) => slug);
    expect(slugs).toEqual(['administrator', 'ana', 'race', 'cem']);
  });

  // Break: `token.user.disabled` in Authenticator.byDigest.
  it('is kept out at once, and let in again', async () => {
    const { token } = await introduce(service, 'dan');
    const out = await service.write<UserView>('/users/dan/disable', { reason: 'On leave.' });
    expect(out.disabled).toEqual({ reason: 'On leave.' });
    expect(await meOf(token)).toBe(401);
    await service.write('/users/dan/enable', { reason: 'Back.' });
    expect(await meOf(token)).toBe(200);
  });

  it('has no right in advance of what an administrator gives them, and none after it is taken', async () => {
    const { token } = await introduce(service, 'eve');
    const open = async (slug: string): Promise<number> =>
      (await service.post('/dossiers', { slug, title: slug }, as(token))).status;
    expect(await open('eves-1')).toBe(403);
    await service.request('PUT', '/users/eve/role', {
      body: { role: 'recorder', reason: 'Joins the desk.' },
    });
    expect(await open('eves-2')).toBe(201);
    await service.request('PUT', '/users/eve/role', { body: { role: 'none' } });
    expect(await open('eves-3')).toBe(403);
  });

  it('cannot be the first administrator and be kept out, or be less', async () => {
    const disabled = await service.post<Problem>('/users/administrator/disable', { reason: 'No.' });
    expect(disabled.body).toMatchObject({ status: 409, code: 'first-administrator' });
    const less = await service.request<Problem>('PUT', '/users/administrator/role', {
      body: { role: 'none' },
    });
    expect(less.body).toMatchObject({ status: 409, code: 'first-administrator' });
  });
});

describe('A token', () => {
  let fay: Person;

  beforeAll(async () => {
    fay = await introduce(service, 'fay');
  });

  it('is random, and is known by how it begins', async () => {
    const issued = await Promise.all([1, 2, 3].map(() => issue(service, 'fay', { label: 'laptop' })));
    for (const { token } of issued) expect(token).toMatch(/^sp_[\w-]{8}_[\w-]{43}$/);
    const listed = await service.all<TokenView>('/users/fay/tokens', 2);
    expect(listed).toHaveLength(4);
    for (const { token, id } of issued) {
      const shown = listed.find((each) => each.id === id);
      expect(shown).toMatchObject({ label: 'laptop', prefix: token.slice(0, 11), revoked: null });
    }
  });

  it('is shown once, also to whoever repeats the request', async () => {
    const key = { 'idempotency-key': 'token-of-fay' };
    const body = { label: 'once' };
    const first = await service.post<{ id: string; token: string }>('/users/fay/tokens', body, key);
    const again = await service.post<{ id: string; token: null }>('/users/fay/tokens', body, key);
    expect(await meOf(first.body.token)).toBe(200);
    expect(again.body).toEqual({ ...first.body, token: null });
  });

  // Break: `revoked` tokens staying in AccessState.tokens.
  it('is worth nothing from the moment in which it is revoked, and the others still are', async () => {
    const other = await issue(service, 'fay');
    expect(await meOf(fay.token)).toBe(200);
    const gone = await service.request<TokenView>(
      'DELETE',
      `/users/fay/tokens/${fay.tokenId}?reason=The+laptop+is+lost.`,
    );
    expect(gone.body.revoked).toEqual({ at: expect.anything(), reason: 'The laptop is lost.' });
    expect(await meOf(fay.token)).toBe(401);
    expect(await meOf(other.token)).toBe(200);
    const again = await service.request<TokenView>('DELETE', `/users/fay/tokens/${fay.tokenId}`);
    expect(again.body.revoked).toEqual(gone.body.revoked);
  });

  // Break: the comparison with `now()` in Authenticator.byDigest.
  it('is worth nothing once it has expired', async () => {
    const expiresAt = new Date(Date.now() + 1_000).toISOString();
    const { token } = await issue(service, 'fay', { expiresAt });
    await eventually(async () => (await meOf(token)) === 401, 20_000);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    const past = await service.post<Problem>('/users/fay/tokens', { expiresAt });
    expect(past.body).toMatchObject({ status: 400, errors: [{ path: 'expiresAt' }] });
  });

  it('is known for when it was last used', async () => {
    const { token, id } = await issue(service, 'fay');
    const lastUsed = async (): Promise<string | null | undefined> =>
      (await service.all<TokenView>('/users/fay/tokens')).find((each) => each.id === id)?.lastUsedAt;
    expect(await lastUsed()).toBeNull();
    const began = Date.now();
    for (let use = 0; use < 5; use++) await meOf(token);
    expect(Date.parse((await lastUsed()) ?? '')).toBeGreaterThanOrEqual(began - 1);
    const written = async (): Promise<unknown[]> =>
      query(running.database.ownerUrl, `SELECT used_at FROM token_use WHERE token_id = '${id}'`);
    await eventually(async () => (await written()).length === 1, 20_000);
  });

  // Break: the secret in the answer of issueToken, which is kept for repetitions; the secret in the event.
  it('is nowhere in the database, and no part of its secret is', async () => {
    const key = { 'idempotency-key': 'searched-for' };
    const { token } = await service.write<{ token: string }>('/users/fay/tokens', {}, key);
    await service.post('/session', { token });
    const secret = token.slice(12);
    const inBytes = Buffer.from(secret).toString('hex');
    const tables = await query(
      running.database.superuserUrl,
      `SELECT relname::text AS table FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { table } of tables as { table: string }[]) {
      const rows = await query(
        running.database.superuserUrl,
        `SELECT count(*)::text AS found FROM "${table}" AS t WHERE t::text LIKE '%${secret}%' OR t::text LIKE '%${inBytes}%'`,
      );
      expect([table, rows[0]?.found]).toEqual([table, '0']);
    }
    expect(service.process.output).not.toContain(secret);
  });

  it('may be the first administrator’s own, among others', async () => {
    const { token } = await issue(service, 'administrator');
    const { body } = await service.get<Me>('/me', as(token));
    expect(body).toMatchObject({ slug: 'administrator', role: 'administrator' });
    expect(body.token?.prefix).toBe(token.slice(0, 11));
  });
});

describe('The log of access', () => {
  it('holds who did what, to whom, and why, without gaps', async () => {
    const all = await events();
    expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
    expect(all.every(({ recordedBy }) => ['administrator', 'ana', 'eve'].includes(recordedBy))).toBe(true);
    const types = new Set(all.map(({ type }) => type));
    for (const type of [
      'UserCreated',
      'UserDisabled',
      'UserEnabled',
      'TokenIssued',
      'TokenRevoked',
      'RoleGranted',
      'RoleRevoked',
    ])
      expect(types).toContain(type);
    expect(all.find(({ type }) => type === 'UserDisabled')?.data).toEqual({ reason: 'On leave.' });
  });

  it('is read by type and from a sequence on', async () => {
    const page = await service.read<{ items: EventView[] }>(
      '/admin/access/events?after=3&limit=2&type=UserCreated',
    );
    expect(page.items.every(({ type, sequence }) => type === 'UserCreated' && sequence > 3)).toBe(true);
  });

  it('is no dossier: not by its id, not in lists, not in the numbers', async () => {
    const id = '00000000-0000-7000-8000-000000000000';
    for (const path of ['', '/events', '/members', '/access/events'])
      expect((await service.get<Problem>(`/dossiers/${id}${path}`)).body.code).toBe('not-found');
    const dossiers = await service.all<{ id: string }>('/dossiers');
    expect(dossiers.map((each) => each.id)).not.toContain(id);
    for (const dossier of dossiers)
      for (const read of ['positions', 'statements', 'statements?q=word', 'ledger/checkpoint'])
        await service.get(`/dossiers/${dossier.id}/${read}`); // what nobody has read may not have been projected yet
    const { items } = await service.read<{ items: { dossiers: number }[] }>('/admin/projections');
    expect(items.map((each) => each.dossiers)).toEqual(items.map(() => dossiers.length));
    const started = await service.request<{ dossiers: number }>(
      'POST',
      '/admin/projections/positions/rebuild',
    );
    expect(started.body.dossiers).toBe(dossiers.length);
  });
});

describe('Of two processes on one database', () => {
  let second: Service;

  beforeAll(async () => {
    second = await Service.start({ database: running.database, token: service.token });
  });

  // Break: the call of `follow` in AccessLog.start.
  it('each learns by itself what the other was told: users, tokens, roles, and that they are no more', async () => {
    const gus = await introduce(service, 'gus');
    const statusOf = async (path: string): Promise<number> => (await second.get(path, as(gus.token))).status;
    await eventually(async () => (await statusOf('/me')) === 200, 20_000);
    expect(await statusOf('/dossiers/anas')).toBe(403);
    await grant(service, 'anas', 'gus', 'reader');
    await eventually(async () => (await statusOf('/dossiers/anas')) === 200, 20_000);
    await revoke(service, gus);
    await eventually(async () => (await statusOf('/me')) === 401, 20_000);
  });

  it('both decide on the newest state, whichever is asked', async () => {
    await service.write('/users', { slug: 'hal' });
    const roles = ['recorder', 'administrator', 'none', 'recorder'] as const;
    for (const [index, role] of roles.entries()) {
      const { status } = await (index % 2 === 0 ? service : second).request('PUT', '/users/hal/role', {
        body: { role },
      });
      expect(status).toBe(200);
    }
    expect((await second.read<UserView>('/users/hal')).role).toBe('recorder');
    expect((await service.read<UserView>('/users/hal')).role).toBe('recorder');
  });

  it('what was granted outlives them', async () => {
    const { token } = await introduce(service, 'ida');
    expect(await second.stop()).toBe(0);
    second = await Service.start({ database: running.database, token: service.token });
    expect((await second.get('/me', as(token))).status).toBe(200);
  });
});
