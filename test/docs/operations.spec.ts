import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { query, value } from '../support/queries.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { comparable, run, shellBlocks } from './pages.js';
import { startService, type RunningService } from './running-service.js';

/** Roles belong to the whole cluster, so those of this test have names of their own. */
const NAME = `docs_${randomBytes(4).toString('hex')}`;

let folder: string;
let database: TestDatabase;
let service: RunningService;
let serviceUrl: string;
let ownerUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standpoint-operations-'));
  database = await createTestDatabase();
  for (const statement of await rolesFile()) await query(database.superuserUrl, statement);
  serviceUrl = urlOf(NAME, 'of-service');
  ownerUrl = urlOf(`${NAME}_owner`, 'of-owner');
  service = await startService(resolve('.'), {
    DATABASE_URL: serviceUrl,
    DATABASE_MIGRATION_URL: ownerUrl,
    STANDPOINT_DATA: folder,
  });
}, 120_000);

afterAll(async () => {
  await service?.stop();
  for (const statement of [
    `DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`,
    `DROP ROLE IF EXISTS ${NAME}_owner`,
    `DROP ROLE IF EXISTS ${NAME}`,
  ])
    await query(database.superuserUrl, statement);
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe('docs/roles.sql', () => {
  it('makes a role for the service that owns nothing', async () => {
    const owned = await value(
      database.superuserUrl.replace(/\/test_\w+/, `/${NAME}`),
      `SELECT count(*)::int FROM pg_class JOIN pg_roles ON relowner = pg_roles.oid WHERE rolname = '${NAME}'`,
    );
    expect(owned).toBe(0);
  });

  it.each(['UPDATE event SET type = type', 'DELETE FROM event', 'TRUNCATE event'])(
    'makes a role for the service that may not %s',
    async (sql) => {
      await expect(query(serviceUrl, sql)).rejects.toThrow('permission denied');
    },
  );

  it('makes an owner that cannot change the log by accident', async () => {
    await expect(query(ownerUrl, 'DELETE FROM event')).rejects.toThrow('permission denied');
  });
});

describe('docs/operations.md', () => {
  it('shows what its commands print', async () => {
    const blocks = await shellBlocks('docs/operations.md');
    await caughtUp();
    const printed = await run(blocks, { url: service.url, folder });
    expect(blocks.length).toBeGreaterThan(3);
    expect(printed.map((text) => comparable(text))).toEqual(
      blocks.map(({ output }) => comparable(output ?? '')),
    );
  });

  it('names every metric of ours', async () => {
    const page = await readFile(resolve('docs/operations.md'), 'utf8');
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    const ours = [...metrics.matchAll(/^# TYPE (standpoint_\w+)/gm)].map(([, name = '']) => name);
    expect(ours).not.toEqual([]);
    expect(ours.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

/** The statements of the file, with this test's names and passwords for psql's variables. */
async function rolesFile(): Promise<string[]> {
  const text = await readFile(resolve('docs/roles.sql'), 'utf8');
  return text
    .replaceAll(/^(--|\\getenv).*$/gm, '')
    .replaceAll(/:'(\w+)_password'/g, `'of-$1'`)
    .replaceAll(/\bstandpoint(?=\b|_owner)/g, NAME)
    .split(';')
    .filter((statement) => statement.trim() !== '');
}

function urlOf(role: string, password: string): string {
  const url = new URL(database.superuserUrl);
  return Object.assign(url, { pathname: `/${NAME}`, username: role, password }).href;
}

/** A read waits for its projection. */
async function caughtUp(): Promise<void> {
  const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
  const views = ['statements?q=strikes', 'positions', 'ledger/checkpoint'];
  for (const path of ['dossiers', ...views.map((view) => `dossiers/april-2025-talks/${view}`)])
    await fetch(`${service.url}/api/v1/${path}`, { headers: { Authorization: `Bearer ${token}` } });
}
