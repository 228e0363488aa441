import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProjectionState } from '../../src/operating/projection-status.js';
import { Chance } from '../support/crash-chance.js';
import { positionsOf, readLog } from '../support/crash-check.js';
import { CrashClient } from '../support/crash-client.js';
import { CAST, statement } from '../support/crash-writes.js';
import { OpenImport } from '../support/http-import.js';
import { query } from '../support/queries.js';
import { killAll, Service } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/test-folder.js';
import { buildWithNewRules } from './new-build.js';
import { Attentive } from './attentive.js';

/**
 * Two processes of one service, of which one has new rules for positions. To see red:
 * - ledger/projection-runner.ts, `served`: without `live.checkpoint >= sequence`: stale answers;
 * - ledger/projector.ts, `step`: without the filter by version, and `lock` without `version = $4`: either alone keeps new rules out of the old build;
 * - ledger/projection-builds.ts, `serve`: without the first UPDATE, or `cancel`: without `status = 'building'`;
 * - ledger/projector.ts, `take`: serving a build before it has read a page that is not full.
 */
const chance = Chance.ofThisRun('old and new');

/** So many statements that a build takes several steps, each of which takes so many milliseconds longer. */
const STATEMENTS = 2_500;
const PAUSE = 600;

let folder: string;
let database: TestDatabase;
let program: string;
let old: Service;
let dossier: string;
let numbers = 0;
const attentive: Attentive[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standpoint-new-'));
  program = await buildWithNewRules(folder, PAUSE);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function begin(): Promise<void> {
  database = await createTestDatabase();
  old = await Service.start({ database });
  dossier = `together-${numbers++}`;
  await old.write('/dossiers', { slug: dossier, title: dossier });
  for (const [kind, body] of CAST) await old.write(`/dossiers/${dossier}/${kind}`, body);
  const lines = Array.from({ length: STATEMENTS }, () => statement(chance, `Said ${numbers++}`));
  const importing = new OpenImport(old, dossier);
  await importing.send(...lines);
  expect((await importing.end()).every(({ status }) => status === 201)).toBe(true);
  await old.read(`/dossiers/${dossier}/positions`);
}

afterEach(async () => {
  await Promise.all(attentive.splice(0).map((each) => each.stop()));
  await killAll();
  await database?.drop();
});

const startNew = (): Promise<Service> => Service.start({ database, program, token: old.token });

function attend(...services: Service[]): Attentive {
  const made = new Attentive(services, dossier, () => statement(chance, `Said ${numbers++}`));
  attentive.push(made);
  return made;
}

async function state(service: Service): Promise<ProjectionState | undefined> {
  const { items } = await service.read<{ items: ProjectionState[] }>('/admin/projections');
  return items.find(({ name }) => name === 'positions');
}

const isGrowing = async (service: Service): Promise<boolean> => {
  const { building = null } = (await state(service)) ?? {};
  return building !== null && building.progress > 0;
};

/** By which rules the positions that are served were made. */
async function rules(): Promise<number | undefined> {
  const [live] = (await query(
    database.superuserUrl,
    `SELECT version / 10000 AS rules FROM projection_build WHERE name = 'positions' AND status = 'live'`,
  )) as { rules: number }[]; // holds: by the query
  return live?.rules;
}

/** What a process serves when nobody writes is what follows from the whole log. */
async function expectWhole(service: Service): Promise<void> {
  const client = new CrashClient(() => service.url, service.token);
  const { served, folded } = await positionsOf(client, dossier, await readLog(client, dossier));
  client.close();
  expect(served).toEqual(folded);
}

describe('old and new code together', () => {
  it('tell nobody anything stale or wrong, while the new build grows, after a kill, and when it is served', async () => {
    await begin();
    let young = await startNew();
    const { token } = old;
    const users = attend(old, young);
    await eventually(() => isGrowing(young), 60_000);
    expect(await rules()).toBe(1);
    await users.stop();
    await young.process.stop('SIGKILL');
    young = await Service.start({ database, program, token });
    const again = attend(old, young);
    await eventually(async () => (await rules()) === 2, 120_000);
    await again.goOn(20);
    await again.stop();
    for (const { faults, refused } of [users, again])
      expect({ faults, refused }).toEqual({ faults: [], refused: 0 });
    await expectWhole(young);
    await expectWhole(old);
    expect((await young.get('/health/ready')).status).toBe(200);
    expect((await old.get('/health/ready')).status).toBe(200);
    expect(await old.stop()).toBe(0);
    const alone = attend(young);
    await alone.goOn(10);
    await alone.stop();
    expect(alone.faults).toEqual([]);
    await expectWhole(young);
  }, 300_000);
});

describe('a rebuild', () => {
  it('under write load is cancelled, begun anew and served, and nobody notices', async () => {
    await begin();
    const young = await startNew();
    await eventually(async () => (await rules()) === 2, 120_000);
    await expectWhole(young);
    const users = attend(young);
    expect((await young.post('/admin/projections/positions/rebuild')).body).toEqual({
      name: 'positions',
      dossiers: 1,
    });
    await eventually(() => isGrowing(young), 60_000);
    const cancelled = await young.request('DELETE', '/admin/projections/positions/rebuild');
    expect(cancelled).toMatchObject({ status: 200, body: { name: 'positions', dossiers: 1 } });
    expect((await state(young))?.building).toBeNull();
    const none = await young.request('DELETE', '/admin/projections/positions/rebuild');
    expect(none.body).toEqual({ name: 'positions', dossiers: 0 });
    expect((await young.request('DELETE', '/admin/projections/moods/rebuild')).status).toBe(404);
    await young.post('/admin/projections/positions/rebuild');
    await eventually(async () => (await state(young))?.building === null, 120_000);
    await users.goOn(20);
    await users.stop();
    expect(users.faults).toEqual([]);
    await expectWhole(young);
  }, 300_000);
});
