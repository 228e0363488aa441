import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSettings } from '../../src/settings.js';
import { comparable, run, shellBlocks } from './pages.js';
import { startService, type RunningService } from './running-service.js';

const manifest = JSON.parse(await readFile(resolve('package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
};
const readme = await readFile(resolve('README.md'), 'utf8');

describe('the start', () => {
  it('is the two commands that package.json knows', async () => {
    const commands = (await shellBlocks('README.md', 'Start')).map(({ command }) => command.trim());
    expect(commands).toEqual(['npm ci && npm start', 'npm ci && npm test']);
    expect(manifest.scripts).toMatchObject({
      start: 'node --max-semi-space-size=64 dist/src/main.js',
      prestart: expect.stringContaining('build'),
    });
  });

  it('is what has to pass before a change is taken in', async () => {
    const [, test] = await shellBlocks('README.md', 'Start');
    expect(await readFile(resolve('.ci/run'), 'utf8')).toContain(`\n${test?.command.trim()} || exit\n`);
    expect((await stat(resolve('.ci/run'))).mode & 0o111).toBe(0o111);
  });

  it('needs the Node that package.json asks for', () => {
    expect(readme).toContain(`Node ${manifest.engines.node.replace('>=', '≥ ')}`);
  });
});

describe('the tour', () => {
  const blocks = shellBlocks('README.md', 'A tour');
  let folder: string;
  let service: RunningService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'standpoint-tour-'));
    service = await startService(resolve('.'), { STANDPOINT_DATA: folder });
  }, 120_000);

  afterAll(async () => {
    await service?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('prints what it says', async () => {
    const told = (await blocks).map(({ output }) => output);
    const printed = await run(await blocks, { url: service.url, folder });
    expect(told.length).toBeGreaterThan(8);
    expect(printed.map((text) => comparable(text))).toEqual(told.map((text) => comparable(text ?? '')));
  });
});

describe('the configuration', () => {
  it('has a line for every variable that the service reads', () => {
    const asked = new Set<string>();
    const environment = new Proxy<Record<string, string>>(
      {},
      { get: (_, name) => void asked.add(String(name)) },
    );
    readSettings(environment);
    const [, table = ''] = /\n## Configuration\n(.*?)\n## /s.exec(readme) ?? [];
    const firstCells = table.split('\n').flatMap((line) => /^\| (`[^|]+)\|/.exec(line)?.[1] ?? []);
    const listed = firstCells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(listed.toSorted()).toEqual([...asked].toSorted());
  });
});
