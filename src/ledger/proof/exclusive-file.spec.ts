import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ignoreMissing, replaceDurably, syncFolder, writeExclusively } from './exclusive-file.js';

let parent: string;
let path: string;
const draft = (name: number | string = 0): string => join(parent, `draft-${name}`);

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'standpoint-file-'));
  path = join(parent, 'folder', 'file');
});

afterEach(() => rm(parent, { recursive: true }));

const drafts = async (): Promise<string[]> =>
  (await readdir(parent)).filter((name) => name.startsWith('draft'));

describe('a file that must not be there yet', () => {
  test('is written whole, for its owner alone', async () => {
    expect(await writeExclusively(path, draft(), 'content')).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('content');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(parent, 'folder'))).mode & 0o777).toBe(0o700);
    expect(await drafts()).toEqual([]);
  });

  test('is written by one of many who try at once, and the others are told', async () => {
    const tries = Array.from({ length: 20 }, (_, index) =>
      writeExclusively(path, draft(index), String(index)),
    );
    const won = (await Promise.all(tries)).flatMap((has, index) => (has ? [index] : []));
    expect(won).toHaveLength(1);
    expect(await readFile(path, 'utf8')).toBe(String(won[0]));
    expect(await drafts()).toEqual([]);
  });

  test('that cannot be written is an error, and leaves no draft', async () => {
    const tooLong = join(parent, 'x'.repeat(300));
    await expect(writeExclusively(tooLong, draft(), 'content')).rejects.toThrow('ENAMETOOLONG');
    expect(await drafts()).toEqual([]);
  });
});

test('a file that is replaced is the new one, and leaves no draft', async () => {
  await writeExclusively(path, draft(), 'old and long');
  await replaceDurably(path, draft(), 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await drafts()).toEqual([]);
});

test('a folder that is not there cannot be made durable', async () => {
  await expect(syncFolder(join(parent, 'nowhere'))).rejects.toThrow('ENOENT');
});

test('what is missing is ignored, and nothing else', async () => {
  expect(await readFile(path, 'utf8').catch(ignoreMissing)).toBeUndefined();
  await writeFile(draft(), '');
  await expect(readFile(join(draft(), 'below'), 'utf8').catch(ignoreMissing)).rejects.toThrow('ENOTDIR');
});
