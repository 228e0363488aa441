import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { Admission } from '../../src/access/admission.js';
import { Authenticator } from '../../src/access/authenticator.js';
import { Door } from '../../src/access/door.js';
import { AccessLog } from '../../src/access/log/access-log.js';
import type { Permission } from '../../src/access/roles.js';
import { Sessions } from '../../src/access/sessions/sessions.js';
import { TokenUses } from '../../src/access/token-uses.js';
import { newToken } from '../../src/access/tokens.js';
import { createPool } from '../../src/database/data-source.js';
import { ACCESS_LOG } from '../../src/dossiers/access-log-id.js';
import { Casts } from '../../src/dossiers/casts.js';
import { Dossiers, slugName } from '../../src/dossiers/dossiers.js';
import { problemOf } from '../../src/http/problem.js';
import { EventLog } from '../../src/ledger/event-log.js';
import { Proxy } from '../ledger/proxy.js';
import { anAppend, anEvent, PROVENANCE, TestLedger } from '../ledger/test-ledger.js';

/** The parts of a process that let people in, on a database of their own, reached through a proxy that can be cut. */
let ledger: TestLedger;
let proxy: Proxy;
let access: AccessLog;
let dossiers: Dossiers;
let server: FastifyInstance;
let address: string;
let milliseconds = 0;
let queries: string[] = [];

const FIRST = 'first-administrators-token';
const member = newToken();
const stranger = newToken();
const talks = { slug: 'talks', id: '' };
const absent = { slug: 'tolks', id: uuidv7() };
let userIds: string[] = [];

beforeAll(async () => {
  ledger = await TestLedger.open();
  proxy = await Proxy.open(ledger.database.serviceUrl, 'nothing is marked');
  const pool = createPool(proxy.url);
  const counted = Object.assign(Object.create(pool) as typeof pool, {
    query: (config: { text: string }, ...rest: unknown[]) => {
      queries.push(config.text);
      return Reflect.apply(pool.query.bind(pool), pool, [config, ...rest]) as unknown;
    },
  });
  await setUp();
  const log = new EventLog(pool);
  access = new AccessLog({ log, clock: () => milliseconds, complain: () => undefined });
  await access.refresh();
  const { now } = ledger.clock;
  dossiers = new Dossiers(counted, new Casts(log));
  const uses = new TokenUses(pool, () => milliseconds, now);
  const authenticator = new Authenticator({
    access,
    uses,
    firstAdministratorsToken: FIRST,
    issued: null,
    now,
  });
  const admission = new Admission(access, authenticator, dossiers, now);
  server = doorless();
  new Door(authenticator, new Sessions(pool, now), admission).guard(server);
  route('/open', 'nothing');
  route('/entered', 'enter');
  route('/:dossier/read', 'read');
  server.addHook('onClose', () => pool.end());
  address = await server.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await server?.close();
  await proxy?.close();
  await ledger?.close();
});

/** A hidden dossier with one member, and a user who is none. */
async function setUp(): Promise<void> {
  talks.id = await ledger.newDossier();
  await ledger.pool.query('INSERT INTO dossier_name (name, dossier_id) VALUES ($1, $2)', [
    slugName(talks.slug),
    talks.id,
  ]);
  const appender = ledger.appender();
  await appender.append(talks.id, anAppend(talks.id, 1));
  userIds = [uuidv7(), uuidv7()];
  for (const [index, { digest, prefix }] of [member, stranger].entries()) {
    const id = userIds[index] ?? '';
    const token = { token: uuidv7(), digest, prefix, label: null, expiresAt: null };
    const slug = `user-${index}`;
    await record('user', id, 1, 'UserCreated', { slug, name: slug });
    await record('user', id, 2, 'TokenIssued', token);
  }
  const granted = { dossier: talks.id, user: userIds[0], role: 'reader', reason: null };
  await record('dossier', talks.id, 1, 'RoleGranted', granted);
  const settings = { dossier: talks.id, visibility: 'hidden', audits: 'readers', reason: null };
  await record('dossier', talks.id, 2, 'DossierVisibilitySet', settings);
}

async function record(
  streamKind: string,
  id: string,
  version: number,
  type: string,
  data: unknown,
): Promise<void> {
  const event = anEvent(id, version, { type, data, streamKind });
  await ledger.appender().append(ACCESS_LOG, { events: [event], provenance: PROVENANCE });
}

function doorless(): FastifyInstance {
  const instance = Fastify();
  instance.setErrorHandler((error, _request: FastifyRequest, reply: FastifyReply) => {
    const problem = problemOf(error);
    void reply.status(problem.status).send(problem);
  });
  return instance;
}

function route(url: string, needs: Permission): void {
  server.route({ method: ['GET', 'POST'], url, config: { needs }, handler: () => ({ in: true }) });
}

async function ask(url: string, token?: string, body?: string): Promise<{ status: number; code?: string }> {
  queries = [];
  const answer = await fetch(address + url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  });
  return { status: answer.status, ...((await answer.json()) as { code?: string }) };
}

describe('A route', () => {
  // Break: the hook onRoute in Door.guard.
  it('that does not say what it needs stops the start', () => {
    const another = doorless();
    const door = new Door({} as Authenticator, {} as Sessions, {} as Admission);
    door.guard(another);
    const handler = (): object => ({});
    expect(() => another.get('/forgotten', handler)).toThrow('GET /forgotten does not say what it needs');
    expect(() => another.get('/told', { config: { needs: 'read' } }, handler)).not.toThrow();
  });

  // Break: 'preHandler' for 'onRequest' in Door.guard.
  it('looks at nothing of a body before it knows who sends it', async () => {
    const large = JSON.stringify('x'.repeat(2_000_000));
    for (const body of ['{', large, '']) {
      expect(await ask('/entered', undefined, body)).toMatchObject({ status: 401 });
      expect(await ask('/entered', 'nobodys', body)).toMatchObject({ status: 401 });
    }
    expect((await ask('/entered', FIRST, '{')).status).toBe(400);
    expect((await ask('/entered', FIRST, large)).status).toBe(413);
  });
});

describe('To let somebody in', () => {
  it('costs a member no query, but for the first time that a slug is used', async () => {
    expect(await ask('/talks/read', member.secret)).toMatchObject({ status: 200 });
    expect(queries).toHaveLength(1);
    await dossiers.current(talks.slug); // as every route that was let in does
    for (const name of [talks.slug, talks.id, talks.id.toUpperCase()]) {
      expect(await ask(`/${name}/read`, member.secret)).toMatchObject({ status: 200 });
      expect(queries).toEqual([]);
    }
    expect(await ask('/entered', member.secret)).toMatchObject({ status: 200 });
    expect(queries).toEqual([]);
  });

  it('costs nobody’s token no query at all', async () => {
    expect(await ask('/talks/read', 'nobodys-token')).toMatchObject({ status: 401 });
    expect(queries).toEqual([]);
  });

  // Break: Dossiers.find asking `this.ids` first, or leaving out the query for what is no slug.
  it('costs a stranger as much for a hidden dossier as for one that is not there', async () => {
    for (const token of [stranger.secret, undefined])
      for (const kind of ['slug', 'id'] as const) {
        const hidden = await ask(`/${talks[kind]}/read`, token);
        const first = queries;
        const none = await ask(`/${absent[kind]}/read`, token);
        expect({ ...none, detail: '' }).toEqual({ ...hidden, detail: '' });
        expect(none.status).toBe(token === undefined ? 401 : 404);
        expect(queries).toEqual(first);
        expect(queries).toHaveLength(1);
      }
    expect(await ask('/%00/read', stranger.secret)).toMatchObject({ status: 404, code: 'not-found' });
  });
});

describe('While the log of access cannot be read', () => {
  // Break: `isReliable` in Authenticator.byDigest; RELIABLE being for ever.
  it('what was read lately holds for a while; then nobody is let in whose rights it tells', async () => {
    await proxy.close();
    await expect(access.refresh()).rejects.toBeInstanceOf(Error);
    milliseconds += 9_999;
    expect(await ask('/entered', member.secret)).toMatchObject({ status: 200 });
    milliseconds += 1;
    for (const token of [member.secret, stranger.secret, 'nobodys-token'])
      expect(await ask('/entered', token)).toMatchObject({ status: 503, code: 'database-unavailable' });
    expect(await ask('/talks/read')).toMatchObject({ status: 503 });
    expect(await ask('/entered', FIRST)).toMatchObject({ status: 200 });
    expect(await ask('/open')).toMatchObject({ status: 200 });
  });
});
