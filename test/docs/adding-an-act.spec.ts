import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startService, type RunningService } from './running-service.js';

const CATALOGUE = 'src/domain/acts.ts';
const END_OF_CATALOGUE = '} as const satisfies Record<string, ActRule>;';
const TOKEN = 'token-of-the-administrator';

/** What a build reads. Everything but the catalogue stays as it is. */
const PROJECT = [
  'src',
  'verify',
  'migrations',
  'docs/write-acts.mjs',
  'package.json',
  'nest-cli.json',
  '.swcrc',
  'tsconfig.json',
  'tsconfig.build.json',
];

let project: string;
let database: TestDatabase;
let service: RunningService;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'standpoint-act-'));
  await Promise.all(PROJECT.map((path) => cp(resolve(path), join(project, path), { recursive: true })));
  await symlink(resolve('node_modules'), join(project, 'node_modules'));
  await addEntry(join(project, CATALOGUE), await entryOfThePage());
  await run('node_modules/@nestjs/cli/bin/nest.js', 'build');
  database = await createTestDatabase();
  service = await startService(project, {
    DATABASE_URL: database.serviceUrl,
    DATABASE_MIGRATION_URL: database.ownerUrl,
    STANDPOINT_ADMIN_TOKEN: TOKEN,
    STANDPOINT_DATA: join(project, 'data'),
    STANDPOINT_EXAMPLE: 'off',
  });
  await call('POST', 'dossiers', { slug: 'amnesty', title: 'Amnesty' });
  await call('POST', 'dossiers/amnesty/parties', { slug: 'government', name: 'Government' });
  await call('POST', 'dossiers/amnesty/topics', { slug: 'prisoners', name: 'Prisoners go free' });
}, 240_000);

afterAll(async () => {
  await service?.stop();
  await database?.drop();
  await rm(project, { recursive: true, force: true });
});

describe('an act that was added to the catalogue and nowhere else', () => {
  const statement = {
    act: 'AmnestyOffered',
    party: 'government',
    saidAt: '2025-04-21',
    attribution: 'reported',
    summary: 'The government offered an amnesty.',
  };

  it('is refused without what it requires', async () => {
    const { status, body } = await call('POST', 'dossiers/amnesty/statements', statement);
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { code: 'requirement-missing', errors: [{ path: 'topic' }] },
    });
  });

  it('is recorded with its stance and its codes', async () => {
    const { status, body } = await call('POST', 'dossiers/amnesty/statements', {
      ...statement,
      topic: 'prisoners',
    });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        act: 'AmnestyOffered',
        resolved: { party: { slug: 'government' }, topic: { slug: 'prisoners' }, stance: 'open' },
        codes: [
          { scheme: 'CAMEO', code: '0353' },
          { scheme: 'PLOVER', code: 'CONCEDE' },
        ],
      },
    });
  });

  it('is the type of an event of the log', async () => {
    const { body } = await call('GET', 'dossiers/amnesty/events?type=AmnestyOffered');
    expect(body).toMatchObject({ items: [{ type: 'AmnestyOffered' }] });
  });

  it('gives its party a position', async () => {
    const { body } = await call('GET', 'dossiers/amnesty/positions/government/prisoners');
    expect(body).toMatchObject({ stance: 'open', since: '2025-04-21T00:00:00.000Z', statements: 1 });
  });

  it('is among the acts that forms offer', async () => {
    const { body } = await call('GET', 'acts');
    expect(body).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ act: 'AmnestyOffered', requires: ['topic'], stance: 'open' }),
      ]),
    });
  });

  it('is in the document of the API', async () => {
    const { body } = await call('GET', 'openapi.json');
    expect(body).toMatchObject({
      components: { schemas: { Act: { enum: expect.arrayContaining(['AmnestyOffered']) } } },
    });
  });

  it('is in the table of acts', async () => {
    await run('docs/write-acts.mjs');
    expect(await readFile(join(project, 'docs/acts.md'), 'utf8')).toContain(
      '| `AmnestyOffered` | Offers an amnesty. |  | topic | open | 0353 | CONCEDE |\n',
    );
  });
});

/** The entry that docs/adding-an-act.md shows. */
async function entryOfThePage(): Promise<string> {
  const page = await readFile(resolve('docs/adding-an-act.md'), 'utf8');
  const entry = /```ts\n(.*?)```/s.exec(page)?.[1];
  if (entry === undefined) throw new Error('The page shows no entry.');
  return entry;
}

async function addEntry(path: string, entry: string): Promise<void> {
  const [before, after, ...more] = (await readFile(path, 'utf8')).split(END_OF_CATALOGUE);
  if (after === undefined || more.length > 0) throw new Error('The catalogue does not end as expected.');
  await writeFile(path, `${before}${entry}${END_OF_CATALOGUE}${after}`);
}

async function run(script: string, ...parameters: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [script, ...parameters], { cwd: project });
}

async function call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${service.url}/api/v1/${path}`, {
    method,
    headers: { Authorization: `Bearer ${TOKEN}`, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}
