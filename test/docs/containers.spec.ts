import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSettings } from '../../src/settings.js';

/** The YAML parser that `@nestjs/swagger` brings. */
const { load } = createRequire(createRequire(import.meta.url).resolve('@nestjs/swagger'))('js-yaml') as {
  readonly load: (text: string) => unknown;
};

interface Compose {
  readonly services: Readonly<
    Record<
      'standpoint' | 'database',
      { readonly environment: Record<string, string>; readonly volumes: string[] }
    >
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const text = await readFile(resolve('docker-compose.yml'), 'utf8');
const { services, volumes } = load(text) as Compose;

describe('docker-compose.yml', () => {
  it('starts the service with settings that it accepts', () => {
    const environment = Object.fromEntries(
      Object.entries(services.standpoint.environment).map(([name, value]) => [name, byDefault(value)]),
    );
    expect(readSettings(environment)).toMatchObject({
      databaseUrl: expect.stringContaining('//standpoint:'),
      migrationUrl: expect.stringContaining('//standpoint_owner:'),
      adminToken: null,
      example: true,
    });
  });

  it('gives the roles the passwords that the service comes with', () => {
    const { DATABASE_URL, DATABASE_MIGRATION_URL } = services.standpoint.environment;
    const { SERVICE_PASSWORD, OWNER_PASSWORD } = services.database.environment;
    expect(DATABASE_URL).toContain(`:${SERVICE_PASSWORD}@`);
    expect(DATABASE_MIGRATION_URL).toContain(`:${OWNER_PASSWORD}@`);
  });

  it('mounts volumes that it declares and files that are there', async () => {
    const sources = Object.values(services).flatMap(({ volumes: mounts }) =>
      mounts.map((each) => each.split(':')[0] ?? ''),
    );
    const files = sources.filter((source) => source.startsWith('./'));
    await Promise.all(files.map((file) => expect(stat(resolve(file))).resolves.toBeDefined()));
    expect(sources.filter((source) => !files.includes(source)).toSorted()).toEqual(
      Object.keys(volumes).toSorted(),
    );
  });

  it('can be set as docs/operations.md says', async () => {
    const page = await readFile(resolve('docs/operations.md'), 'utf8');
    const variables = new Map(
      [...text.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const rows = [...page.matchAll(/^\| `(\w+)` +\| `?([^|`]*?)`? +\|/gm)].map(
      ([, name = '', value = '']) => [name, value],
    );
    const said = new Map(rows.filter(([name = '']) => variables.has(name)) as [string, string][]); // holds: rows are pairs
    expect(said).toEqual(
      new Map([...variables].map(([name, value]) => [name, value === '' ? 'generated' : value])),
    );
  });
});

describe('Dockerfile', () => {
  it('copies only what is there and not ignored', async () => {
    const dockerfile = await readFile(resolve('Dockerfile'), 'utf8');
    const kept = (await readFile(resolve('.dockerignore'), 'utf8'))
      .split('\n')
      .flatMap((line) => /^!(.+)/.exec(line)?.[1] ?? []);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
      sources.split(' '),
    );
    expect([...new Set(copied)].toSorted()).toEqual(kept.toSorted());
    await Promise.all(copied.map((path) => expect(stat(resolve(path))).resolves.toBeDefined()));
  });
});

/** What compose makes of `${NAME:-default}` where nothing is set. */
function byDefault(value: string): string {
  return value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
}
