import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/http/problem.js';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import type { OpenedDossier } from '../../src/recording/dossiers/open-dossier.js';
import type { StatementReceipt } from '../../src/recording/statements/drafting.js';
import type { Route } from '../support/http-contract.js';
import { openRiver, saying } from '../support/http-cast.js';
import { Samples } from '../support/http-samples.js';
import { open } from '../support/http-talks.js';
import { Service, startService, type Answer, type FreshService } from '../support/service.js';

let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  await openRiver(service, 'river');
});

afterAll(async () => {
  if (!service?.process.hasEnded) await service?.stop();
  await running?.end();
});

const head = async (dossier: string): Promise<number> =>
  (await service.read<DossierView>(`/dossiers/${dossier}`)).sequence;

const key = (name: string): Record<string, string> => ({ 'idempotency-key': name });

/** A token is shown once, and kept nowhere: a repetition is answered without it. */
const withoutSecret = (answer: string): string => answer.replace(/"token":"sp_[^"]+"/, '"token":null');

const STATEMENTS = '/dossiers/river/statements';

describe('A repeated write', () => {
  it('gets its first answer again, byte for byte, on every route that takes a key', async () => {
    const samples = await Samples.prepare(service);
    const writes = service.contract.routes.filter(
      (route) => takesKey(route) && samples.bodyOf(route) !== undefined,
    );
    expect(writes.length).toBeGreaterThanOrEqual(18);
    for (const route of writes) {
      const options = { body: samples.bodyOf(route), headers: key(`again-${route.operation.operationId}`) };
      const ask = (): Promise<Answer<unknown>> =>
        service.request(route.method, samples.addressOf(route), options);
      const first = await ask();
      expect([200, 201]).toContain(first.status);
      const stands = await head(samples.dossier);
      const again = [await ask(), await ask()];
      for (const { status, text, headers } of again) {
        expect({ status, text }).toEqual({ status: first.status, text: withoutSecret(first.text) });
        expect(headers.get('etag')).toBe(first.headers.get('etag'));
      }
      expect(await head(samples.dossier)).toBe(stands);
    }
    for (const route of writes) {
      const changed = await service.request<Problem>(route.method, samples.addressOf(route), {
        body: otherwise(samples.bodyOf(route)),
        headers: key(`again-${route.operation.operationId}`),
      });
      expect({ route: route.operation.operationId, ...changed.body }).toMatchObject({
        status: 409,
        code: 'idempotency-mismatch',
      });
    }
  });

  it('is the same whatever the order of its fields and its white space', async () => {
    const first = await service.post<StatementReceipt>(
      STATEMENTS,
      saying({ summary: 'Once.' }),
      key('order'),
    );
    const turned = JSON.stringify(
      Object.fromEntries(Object.entries(saying({ summary: 'Once.' })).toReversed()),
      null,
      3,
    );
    const again = await service.post(STATEMENTS, turned, {
      ...key('order'),
      'content-type': 'application/json',
    });
    expect(again.text).toBe(first.text);
  });

  it('is recorded once however many ask at the same time', async () => {
    const before = await head('river');
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => service.post(STATEMENTS, saying({ slug: 'raced' }), key('race'))),
    );
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(await head('river')).toBe(before + 1);
  });

  it('opens one dossier however many ask at the same time', async () => {
    for (const opening of [{ slug: 'race', title: 'Race' }, { title: 'Race without a slug' }]) {
      const before = (await service.all<DossierView>('/dossiers')).length;
      const answers = await Promise.all(
        Array.from({ length: 30 }, () =>
          service.post('/dossiers', opening, key(`open ${opening.slug}`.replace(' ', '-'))),
        ),
      );
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(answers[0]?.status).toBe(201);
      expect((await service.all<DossierView>('/dossiers')).length).toBe(before + 1);
    }
  });

  it('is told from another write under the same key', async () => {
    await service.write(STATEMENTS, saying(), key('mine'));
    const before = await head('river');
    const others: [string, unknown][] = [
      [STATEMENTS, saying({ summary: 'Other words.' })],
      [`${STATEMENTS}/batch`, { statements: [saying()] }],
      ['/dossiers/river/parties', { name: 'A party' }],
    ];
    for (const [path, body] of others)
      expect((await service.post<Problem>(path, body, key('mine'))).body).toMatchObject({
        status: 409,
        code: 'idempotency-mismatch',
      });
    expect(await head('river')).toBe(before);
  });

  it('in another dossier is another write', async () => {
    await openRiver(service, 'brook');
    const here = await service.write<StatementReceipt>(STATEMENTS, saying(), key('both'));
    const there = await service.write<StatementReceipt>('/dossiers/brook/statements', saying(), key('both'));
    expect(there.id).not.toBe(here.id);
  });

  it('that was refused may be mended under the same key', async () => {
    expect((await service.post(STATEMENTS, saying({ party: 'Atlantis' }), key('mended'))).status).toBe(422);
    expect((await service.post(STATEMENTS, saying({ saidAt: 'soon' }), key('mended'))).status).toBe(400);
    expect((await service.post(STATEMENTS, saying(), key('mended'))).status).toBe(201);
  });

  it('gets its first answer although the statement has changed since', async () => {
    const first = await service.post<StatementReceipt>(STATEMENTS, saying(), key('changed'));
    await service.write(`${STATEMENTS}/${first.body.id}/void`, { reason: 'Wrong.' });
    expect((await service.post(STATEMENTS, saying(), key('changed'))).text).toBe(first.text);
  });

  it('is refused with a key that is none', async () => {
    for (const bad of ['', 'x'.repeat(256), 'a b'])
      expect((await service.post<Problem>(STATEMENTS, saying(), key(bad))).body).toMatchObject({
        status: 400,
        errors: [{ path: 'Idempotency-Key' }],
      });
    expect((await service.post(STATEMENTS, saying(), key('x'.repeat(255)))).status).toBe(201);
  });

  it('is remembered after a restart, by another process, and by both at once', async () => {
    const opened = await service.post<OpenedDossier>('/dossiers', { title: 'Kept' }, key('kept'));
    const first = await service.post(STATEMENTS, saying(), key('kept'));
    await open(service, 'shared');
    const other = await Service.start({ database: running.database, token: service.token });
    expect((await other.post(STATEMENTS, saying(), key('kept'))).text).toBe(first.text);
    const party = { name: 'Both' };
    const both = await Promise.all(
      [service, other, service, other, service, other].map((each) =>
        each.post('/dossiers/shared/parties', party, key('both')),
      ),
    );
    expect(new Set(both.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await head('shared')).toBe(2);
    await service.stop();
    service = await Service.start({ database: running.database, token: service.token });
    expect((await service.post(STATEMENTS, saying(), key('kept'))).text).toBe(first.text);
    expect((await service.post('/dossiers', { title: 'Kept' }, key('kept'))).text).toBe(opened.text);
    await other.stop();
  });
});

function takesKey({ operation }: Route): boolean {
  return operation.parameters?.some(({ name }) => name === 'Idempotency-Key') ?? false;
}

/** Another valid body for the same route. */
function otherwise(body: object | undefined): object {
  const words = ['title', 'name', 'summary', 'rationale', 'reason', 'label'].find(
    (name) => body !== undefined && name in body,
  );
  return words === undefined
    ? { statements: [saying({ party: 'russia', topic: 'direct-talks' })] }
    : { ...body, [words]: 'Otherwise.' };
}
