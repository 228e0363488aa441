import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventView } from '../../src/http/event-view.js';
import type { Problem } from '../../src/http/problem.js';
import { startService, type FreshService, type Service } from '../support/service.js';
import { as, grant, introduce, show, type Person } from './people.js';

let running: FreshService;
let service: Service;
let ana: Person;
let ben: Person;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  ana = await introduce(service, 'ana', 'recorder');
  ben = await introduce(service, 'ben');
  await service.write('/dossiers', { slug: 'talks', title: 'Talks' });
});

afterAll(() => running?.end());

interface Member {
  readonly user: { readonly slug: string };
  readonly role: string;
}

const membersOf = async (dossier: string): Promise<string[]> =>
  (await service.all<Member>(`/dossiers/${dossier}/members`, 1)).map(
    ({ user, role }) => `${user.slug}: ${role}`,
  );

const slugsFor = async ({ token }: Person, limit = 1): Promise<string[]> => {
  const slugs: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path: string = `/dossiers?limit=${limit}${cursor && `&cursor=${cursor}`}`;
    const { body } = await service.get<{ items: { slug: string }[]; next: string | null }>(path, as(token));
    slugs.push(...body.items.map(({ slug }) => slug));
    cursor = body.next;
  }
  return slugs;
};

describe('Whoever opens a dossier', () => {
  // Break: the call of `grant` in OpenDossierHandler.attempt.
  it('is its recorder from the first moment on', async () => {
    const opened = await service.post('/dossiers', { slug: 'anas', title: 'Ana’s' }, as(ana.token));
    expect(opened.status).toBe(201);
    const party = await service.post('/dossiers/anas/parties', { name: 'Union' }, as(ana.token));
    expect(party.status).toBe(201);
    expect(await membersOf('anas')).toEqual(['ana: recorder']);
  });

  it('is so once, also if the request is repeated, and nobody else gets its answer', async () => {
    const body = { slug: 'repeated', title: 'Repeated' };
    const key = { 'idempotency-key': 'opens-once' };
    const first = await service.post('/dossiers', body, { ...as(ana.token), ...key });
    const again = await service.post('/dossiers', body, { ...as(ana.token), ...key });
    expect(again.body).toEqual(first.body);
    expect(await membersOf('repeated')).toEqual(['ana: recorder']);
    const other = await introduce(service, 'other', 'recorder');
    const theirs = await service.post<Problem>('/dossiers', body, { ...as(other.token), ...key });
    expect(theirs.body).toMatchObject({ status: 409, code: 'idempotency-mismatch' });
  });

  it('is not where the dossier could not be opened', async () => {
    const before = await service.all<EventView>('/admin/access/events');
    const taken = await service.post('/dossiers', { slug: 'anas', title: 'Again' }, as(ana.token));
    expect(taken.status).toBe(409);
    expect(await service.all('/admin/access/events')).toEqual(before);
  });
});

describe('A member', () => {
  it('has one role, which another one takes the place of', async () => {
    await grant(service, 'talks', 'ben', 'reader');
    await grant(service, 'talks', ana.id, 'recorder');
    expect(await membersOf('talks')).toEqual(['ana: recorder', 'ben: reader']);
    await grant(service, 'talks', 'ben', 'auditor');
    await grant(service, 'talks', 'ben', 'auditor');
    expect(await membersOf('talks')).toEqual(['ana: recorder', 'ben: auditor']);
    const log = await service.all<EventView>('/dossiers/talks/access/events', 1);
    expect(log.map(({ type, data }) => `${type} ${(data as { role?: string }).role}`)).toEqual([
      'RoleGranted reader',
      'RoleGranted recorder',
      'RoleGranted auditor',
      'RoleGranted auditor',
    ]);
  });

  it('is none from the moment in which they are taken out', async () => {
    expect((await service.get('/dossiers/talks', as(ben.token))).status).toBe(200);
    const gone = await service.request<Member>('DELETE', '/dossiers/talks/members/ben?reason=Moved+on.');
    expect(gone.body).toMatchObject({ user: { slug: 'ben' }, role: 'auditor' });
    expect((await service.get('/dossiers/talks', as(ben.token))).status).toBe(403);
    const again = await service.request<Problem>('DELETE', '/dossiers/talks/members/ben');
    expect(again.body).toMatchObject({ status: 404, code: 'not-found' });
    const log = await service.all<EventView>('/dossiers/talks/access/events');
    expect(log.at(-1)).toMatchObject({ type: 'RoleRevoked', data: { user: ben.id, reason: 'Moved on.' } });
  });

  it('cannot make members: only administrators can', async () => {
    const body = { role: 'reader' };
    const answer = await service.request('PUT', '/dossiers/talks/members/ben', {
      body,
      headers: as(ana.token),
    });
    expect(answer.status).toBe(403);
  });
});

describe('The list of dossiers', () => {
  // Break: `readableBy` without the public ones; `among` null for everybody.
  it('has what somebody may read and nothing else, page by page', async () => {
    expect(await slugsFor(ben)).toEqual([]);
    await grant(service, 'repeated', 'ben', 'reader');
    await show(service, 'talks', 'public');
    expect(await slugsFor(ben)).toEqual(['talks', 'repeated']);
    await show(service, 'repeated', 'hidden');
    await show(service, 'talks', 'members');
    expect(await slugsFor(ben)).toEqual(['repeated']);
    expect(await slugsFor(ana)).toEqual(['talks', 'anas', 'repeated']);
  });

  it('cannot be made to show more by its cursor', async () => {
    const [cursor] = ['00000000-0000-0000-0000-000000000000'].map((id) =>
      Buffer.from(JSON.stringify([id])).toString('base64url'),
    );
    const { body } = await service.get<{ items: { slug: string }[] }>(
      `/dossiers?cursor=${cursor}`,
      as(ben.token),
    );
    expect(body.items.map(({ slug }) => slug)).toEqual(['repeated']);
  });
});

describe('A public dossier', () => {
  beforeAll(() => show(service, 'talks', 'public', 'auditors'));

  it('is read by anyone, and its log only by those whom it is for', async () => {
    expect((await service.get('/dossiers/talks', as(undefined))).status).toBe(200);
    expect((await service.get('/dossiers/talks/events', as(undefined))).status).toBe(401);
    expect((await service.get('/dossiers/talks/events', as(ben.token))).status).toBe(403);
    expect((await service.get('/dossiers/talks/events', as(ana.token))).status).toBe(200);
    await show(service, 'talks', 'public', 'readers');
    expect((await service.get('/dossiers/talks/events', as(undefined))).status).toBe(200);
  });

  it('keeps whom its log is for when only its visibility is set', async () => {
    await show(service, 'talks', 'public', 'auditors');
    await service.request('PUT', '/dossiers/talks/visibility', { body: { visibility: 'members' } });
    const settings = await service.read('/dossiers/talks/visibility');
    expect(settings).toEqual({ visibility: 'members', audits: 'auditors' });
  });
});

const fail = (): never => {
  throw new Error('The stream ended before its first event.');
};

describe('What takes long', () => {
  // Break: `if (!may()) return` in src/audit/log.controller.ts.
  it('ends when the right to it does: a stream of events', async () => {
    const cem = await introduce(service, 'cem');
    await grant(service, 'talks', 'cem', 'auditor');
    const url = `${service.url}/api/v1/dossiers/talks/events/stream`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${cem.token}` } });
    expect(answer.status).toBe(200);
    const chunks = answer.body?.pipeThrough(new TextDecoderStream()).values();
    let received = '';
    while (!received.includes('id: 1\n')) received += (await chunks?.next())?.value ?? fail();
    await service.request('DELETE', '/dossiers/talks/members/cem');
    while (!(await chunks?.next())?.done); // else it goes on for ever
  });

  // Break: `if (!may()) throw` in src/recording/import/import.controller.ts.
  it('breaks off when the right to it does: an import', async () => {
    const dan = await introduce(service, 'dan');
    await grant(service, 'anas', 'dan', 'recorder');
    let isSending = true;
    async function* lines(): AsyncGenerator<Uint8Array> {
      for (let line = 0; isSending; line++) {
        yield Buffer.from(`{"kind": "topic", "name": "Topic ${line}"}\n`);
        await delay(1);
      }
    }
    const importing = fetch(`${service.url}/api/v1/dossiers/anas/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${dan.token}`, 'content-type': 'application/x-ndjson' },
      body: ReadableStream.from(lines()),
      duplex: 'half',
    } as RequestInit)
      .then((answer) => answer.text())
      .catch(() => 'broken off');
    await service.request('DELETE', '/dossiers/anas/members/dan');
    expect(await importing).toMatch(/^broken off$|"code":"unauthenticated"/); // the latter where nothing had been answered yet
    isSending = false;
  });
});

describe('What one may do in a dossier', () => {
  interface Told {
    readonly role: string | null;
    readonly may: Readonly<Record<string, boolean>>;
  }
  const told = async (token: string | undefined): Promise<[string | null, string[]]> => {
    const { body } = await service.get<Told>('/dossiers/told/me', as(token));
    return [body.role, Object.keys(body.may).filter((each) => body.may[each])];
  };

  // Break: `administer ||` in MeInDossierController.show, or hand mayInDossier `null` for the role.
  it('is told to whoever may read it, so that pages show nothing that would be refused', async () => {
    await service.write('/dossiers', { slug: 'told', title: 'Told' });
    await show(service, 'told', 'public', 'auditors');
    await grant(service, 'told', 'ana', 'recorder');
    expect(await told(undefined)).toEqual([null, ['read']]);
    expect(await told(ben.token)).toEqual([null, ['read']]);
    expect(await told(ana.token)).toEqual(['recorder', ['read', 'audit', 'oversee', 'record']]);
    expect(await told(service.token)).toEqual([null, ['read', 'audit', 'oversee', 'record', 'administer']]);
  });
});
