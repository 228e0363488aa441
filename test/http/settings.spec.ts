import { createServer } from 'node:net';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import { LIMITS } from '../../src/access/limits/limits.js';
import { readSettings, SettingError } from '../../src/settings.js';
import { value } from '../support/queries.js';
import { killAll, Service, ServiceProcess } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'standpoint-settings-'));
});

afterAll(async () => {
  await killAll();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const usual = (): Record<string, string> => ({
  PORT: '0',
  DATABASE_URL: database.serviceUrl,
  DATABASE_MIGRATION_URL: database.ownerUrl,
  STANDPOINT_EXAMPLE: 'off',
  STANDPOINT_ADMIN_TOKEN: 'a-token-of-this-test',
  STANDPOINT_DATA: folder,
});

/** What a start with these settings says, and the code with which it ends. */
async function refusal(
  settings: Record<string, string>,
  options: { readonly program?: string } = {},
): Promise<{ code: number | null; lines: string[] }> {
  const child = new ServiceProcess({ ...options, environment: { ...usual(), ...settings } });
  const code = await child.ended();
  return { code, lines: child.output.trimEnd().split('\n') };
}

it.each(Object.values(LIMITS))(
  '$variable must be a whole number within its bounds',
  ({ variable, least, most, ...bounds }) => {
    for (const text of [String(least - 1), String(most + 1), '1.5', '1e3', '-1', 'many'])
      expect(() => readSettings({ [variable]: text })).toThrow(new RegExp(`^${variable} `));
    const { limits } = readSettings({ [variable]: String(least) });
    expect(Object.values(limits)).toContain(least);
    expect(Object.values(readSettings({}).limits)).toContain(bounds.usual);
  },
);

describe('A start', () => {
  it.each([
    ['PORT', 'http'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_MIGRATION_URL', 'nonsense'],
    ['STANDPOINT_EXAMPLE', 'yes'],
    ['STANDPOINT_ALLOWED_ORIGINS', 'example.org'],
    ['STANDPOINT_LOG_LEVEL', 'loud'],
    ['STANDPOINT_LIMIT_STREAMS', 'many'],
    ['STANDPOINT_ADMIN_TOKEN', 'short'],
    ['STANDPOINT_TRUSTED_PROXIES', 'everybody'],
  ])('with a wrong %s, %j, ends with one line that names it', async (name, text) => {
    const { code, lines } = await refusal({ [name]: text });
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^standpoint: ${name} `));
  });

  it.each([
    ['PORT', ['-1', '65536', '80.5', '0x50', '1e3', '8080 8081']],
    ['DATABASE_URL', ['localhost', 'postgresql://a b/', 'postgres:/x', 'http://localhost/']],
    ['DATABASE_MIGRATION_URL', ['localhost', 'mysql://localhost/x']],
    ['STANDPOINT_EXAMPLE', ['ON', 'true', '1']],
    [
      'STANDPOINT_TRUSTED_PROXIES',
      ['true', '*', '10.0.0.1/33', '::1/129', '10.0.0', 'loopback', '10.0.0.1 10.0.0.2'],
    ],
    ['STANDPOINT_ADMIN_TOKEN', ['with spaces in it, long enough', 'x'.repeat(15), 'x'.repeat(201)]],
  ])('refuses every wrong %s', (name, texts) => {
    for (const text of texts) {
      expect(() => readSettings({ [name]: text })).toThrow(SettingError);
      expect(() => readSettings({ [name]: text })).toThrow(new RegExp(`^${name} `));
    }
  });

  // Break: an import of service.ts or open-database.ts at the top of main.ts.
  it('with a wrong setting needs no package and nothing of the service to say so', async () => {
    const alone = join(folder, 'alone');
    await cp('dist/src', join(alone, 'dist/src'), { recursive: true });
    await writeFile(join(alone, 'package.json'), '{"type": "module"}');
    const { code, lines } = await refusal({ PORT: 'http' }, { program: join(alone, 'dist/src/main.js') });
    expect([code, lines]).toEqual([1, [expect.stringMatching(/^standpoint: PORT /)]]);
  });

  it('takes an empty variable for one that is not there', () => {
    const empty = {
      PORT: '',
      HOST: ' ',
      DATABASE_URL: '',
      STANDPOINT_EXAMPLE: '',
      STANDPOINT_ADMIN_TOKEN: '',
    };
    expect(readSettings(empty)).toEqual(readSettings({}));
    expect(readSettings({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      adminToken: null,
    });
  });

  it.each([
    ['that nobody listens at', 'postgresql://nobody@127.0.0.1:1/none'],
    ['of a host that is not there', 'postgresql://nobody@nowhere.invalid/none'],
  ])('with a DATABASE_URL %s ends with one line that names it', async (_, url) => {
    const { code, lines } = await refusal({ DATABASE_URL: url, DATABASE_MIGRATION_URL: url });
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^standpoint: DATABASE_URL\b/);
  });

  it('with a DATABASE_URL whose password or database is wrong ends with one line that names it', async () => {
    const wrong = new URL(database.serviceUrl);
    wrong.password = 'wrong';
    const none = new URL(database.serviceUrl);
    none.pathname = '/there_is_none';
    for (const { href } of [wrong, none]) {
      const { code, lines } = await refusal({ DATABASE_URL: href, DATABASE_MIGRATION_URL: href });
      expect(code).toBe(1);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/^standpoint: DATABASE_URL\b/);
      expect(lines[0]).not.toContain(wrong.password);
    }
  });

  it('with a PORT that another program holds ends with one line that names it', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, lines } = await refusal({ PORT: String(port) });
    holder.close();
    const told = lines.filter((line) => !line.startsWith('{')); // beside them the log, which comes when it comes
    expect([code, told]).toEqual([1, ['standpoint: PORT: another program is listening there.']]);
  });

  it('without a token makes one, keeps it for itself, and takes it again next time', async () => {
    const { STANDPOINT_ADMIN_TOKEN: _token, ...environment } = usual();
    const tokens: string[] = [];
    for (let start = 0; start < 2; start++) {
      const child = new ServiceProcess({ environment });
      const url = await child.listening();
      const path = join(folder, 'admin-token');
      const token = (await readFile(path, 'utf8')).trim();
      tokens.push(token);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(child.output).not.toContain(token);
      const answer = await fetch(`${url}/api/v1/dossiers`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(200);
      expect(await child.stop()).toBe(0);
    }
    expect(tokens[0]).toMatch(/^[\w-]{43}$/);
    expect(tokens[1]).toBe(tokens[0]);
  });
});

describe('Processes that start at the same time on an empty database', () => {
  it.each([2, 3])('all %s of them come up, on one schema and one example', async (count) => {
    const empty = await createTestDatabase();
    const services = await Promise.all(
      Array.from({ length: count }, () =>
        Service.start({ database: empty, example: 'on', token: 'a-token-of-this-test' }),
      ),
    );
    for (const service of services) {
      const dossiers = await service.all<DossierView>('/dossiers');
      expect(dossiers.map(({ slug, sequence }) => ({ slug, sequence }))).toEqual([
        { slug: 'april-2025-talks', sequence: 36 },
      ]);
    }
    expect(Number(await value(empty.ownerUrl, 'SELECT count(*) FROM migration'))).toBe(
      Number(await value(empty.ownerUrl, 'SELECT count(DISTINCT name) FROM migration')),
    );
    expect(await Promise.all(services.map((service) => service.stop()))).toEqual(services.map(() => 0));
    await empty.drop();
  });
});
