import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACT_NAMES } from '../../src/domain/acts.js';
import type { EventView } from '../../src/http/event-view.js';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import type { StatementReceipt } from '../../src/recording/statements/drafting.js';
import { positionsOf, readLog } from '../support/crash-check.js';
import { CrashClient } from '../support/crash-client.js';
import { Service } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/test-folder.js';
import {
  FIRST_TOKEN,
  firstAnswers,
  restoreFirstRelease,
  type EventRow,
  type FirstAnswer,
} from './first-release.js';

/**
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - domain/statement, `foldStatement`: another name for a stored field (`resolved`): positions and statements are no longer what they were;
 * - domain/set-up, `CHANGED`: another name for a stored type (`TopicReworded`): the cast is another;
 * - access/write-context.decorator, `idempotencyOf`: another fingerprint: old keys give 409;
 * - migrations: a third one that cannot run where there are events.
 */
let database: TestDatabase;
let service: Service;
let events: EventRow[];
let answers: FirstAnswer[];

beforeAll(async () => {
  database = await createTestDatabase();
  events = await restoreFirstRelease(database.ownerUrl);
  answers = await firstAnswers();
  service = await Service.start({ database, token: FIRST_TOKEN });
});

afterAll(async () => {
  await service?.stop();
  await database?.drop();
});

/** Each read as it was answered then. Fields that have come since do no harm. */
const then = (): object[] => answers.filter(({ method }) => method === 'GET');

const now = async (): Promise<object[]> => {
  const read: object[] = [];
  for (const { method, path } of answers.filter((each) => each.method === 'GET'))
    read.push({ method, path, answer: await service.read(path) });
  return read;
};

describe('A database of the first release', () => {
  it('holds every act and every other type of event that there was', () => {
    const types = new Set(events.map(({ type }) => type));
    expect(ACT_NAMES.slice(0, 34).filter((act) => !types.has(act))).toEqual([]);
    expect(types.size).toBeGreaterThanOrEqual(34 + 20);
  });

  it('is served with the same log', async () => {
    const log = await service.all<EventView>('/dossiers/first/events');
    expect(log.map(({ sequence, id, type, data }) => ({ sequence, id, type, data }))).toMatchObject(
      events.map(({ sequence, id, type, data }) => ({ sequence, id, type, data })),
    );
  });

  it('is read as it was', async () => {
    expect(then().length).toBeGreaterThan(15);
    expect(await now()).toMatchObject(then());
  });

  it('gives repeated writes their first answer', async () => {
    const writes = answers.filter(({ method }) => method !== 'GET');
    expect(writes.length).toBeGreaterThan(5);
    for (const { method, path, body, key, answer } of writes) {
      const again = await service.request(method, path, { body, headers: { 'idempotency-key': key } });
      expect({ path, body: again.body }).toMatchObject({ path, body: answer });
    }
    expect((await service.read<DossierView>('/dossiers/first')).sequence).toBe(events.length);
  });

  it('says after a rebuild what it said before, which is what follows from the log', async () => {
    const { items } = await service.read<{ items: { name: string }[] }>('/admin/projections');
    for (const { name } of items) await service.request('POST', `/admin/projections/${name}/rebuild`);
    await eventually(async () => {
      const built = await service.read<{ items: { building: unknown }[] }>('/admin/projections');
      return built.items.every(({ building }) => building === null);
    });
    expect(await now()).toMatchObject(then());
    const client = new CrashClient(() => service.url, service.token);
    const { served, folded } = await positionsOf(client, 'first', await readLog(client, 'first'));
    client.close();
    expect(served.length).toBeGreaterThan(0);
    expect(served).toEqual(folded);
  });

  it('takes new statements that answer old ones, and changes of old ones', async () => {
    const statements = '/dossiers/first/statements';
    const accepted = await service.write<StatementReceipt>(statements, {
      act: 'ProposalAccepted',
      party: 'South Bank',
      refersTo: 'proposal-made',
      saidAt: '2026-02-01',
      attribution: 'reported',
      summary: 'So be it.',
    });
    expect(accepted).toMatchObject({
      sequence: events.length + 1,
      version: 1,
      resolved: { stance: 'supportive' },
    });
    const voided = await service.write<StatementReceipt>(`${statements}/truce-declared/void`, {
      reason: 'Misheard.',
    });
    expect(voided).toMatchObject({ sequence: events.length + 2, version: 2 });
    const restored = await service.write<StatementReceipt>(`${statements}/appeal-made/restore`, {
      reason: 'Heard.',
    });
    expect(restored).toMatchObject({ sequence: events.length + 3, version: 3 });
    const replies = await service.all<{ id: string }>(`${statements}/proposal-made/replies`);
    expect(replies.map(({ id }) => id)).toContain(accepted.id);
  });
});
