import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { KeyFolder, verifierKeyOf, type SigningKey } from './keys.js';
import { isSignedBy, readSignatureLine } from './note.js';

let parent: string;
let folder: string;
const NOW = '2025-04-21T10:00:00.000Z';
/** Another process's. */
const keysOf = (): KeyFolder => new KeyFolder(folder, () => NOW, uuidv7);
const because = (number: number) => ({ reason: `${number}`, recordedBy: 'ada' });
const texts = (keys: readonly SigningKey[]): string[] =>
  keys.map(({ publicKey }) => publicKey.toString('hex'));

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'standpoint-keys-'));
  folder = join(parent, 'ledger');
});

afterEach(() => rm(parent, { recursive: true }));

/** Eleven keys: numbers of one digit, and of two. */
async function elevenKeys(): Promise<string[]> {
  const keys = keysOf();
  const made = [await keys.current()];
  for (let number = 2; number <= 11; number++) made.push(await keys.replace(because(number)));
  return texts(made);
}

describe('the keys of an installation', () => {
  test('are none until one is needed, which is then made and stays', async () => {
    expect(await keysOf().there()).toEqual([]);
    const first = await keysOf().current();
    expect(texts(await keysOf().all())).toEqual(texts([first]));
    expect(first.replacement).toBeNull();
  });

  test('stand in the order in which they were made, and the last one signs', async () => {
    const made = await elevenKeys();
    expect(new Set(made).size).toBe(11);
    const found = await keysOf().all();
    expect(texts(found)).toEqual(made);
    expect(found.map(({ replacement }) => replacement)).toEqual([
      null,
      ...Array.from({ length: 10 }, (_, index) => because(index + 2)),
    ]);
    expect(texts([await keysOf().current()])).toEqual(made.slice(-1));
  });

  test('are one for all processes that make the first at once', async () => {
    const found = await Promise.all(Array.from({ length: 8 }, async () => texts(await keysOf().all())));
    expect(new Set(found.flat()).size).toBe(1);
  });

  test('are not what else lies in the folder', async () => {
    const made = await elevenKeys();
    for (const name of [
      'xkey-1.json',
      'key-2.json.bak',
      'key-.json',
      'key-0.json',
      'key-1234567.json',
      'notes',
    ])
      await writeFile(join(folder, name), 'no key');
    expect(texts(await keysOf().all())).toEqual(made);
  });

  test('are readable by their owner alone, and tell when they were made', async () => {
    await keysOf().current();
    expect(JSON.parse(await readFile(join(folder, 'key-1.json'), 'utf8'))).toEqual({
      format: 1,
      createdAt: NOW,
      replacement: null,
      privateKey: expect.stringContaining('BEGIN PRIVATE KEY'),
    });
  });

  test('that cannot be read are an error, not none', async () => {
    await writeFile(folder, 'a file where the folder should be');
    await expect(keysOf().there()).rejects.toThrow('ENOTDIR');
  });

  test('sign a dossier’s notes under its name', async () => {
    const key = await keysOf().current();
    const line = readSignatureLine(key.line('a-dossier', 'text\n'));
    expect(line && isSignedBy(verifierKeyOf('a-dossier', key.publicKey), 'text\n', line)).toBe(true);
    expect(line && isSignedBy(verifierKeyOf('another', key.publicKey), 'text\n', line)).toBe(false);
  });
});

describe('keys that are barred', () => {
  test('are all that there are, and none that is made later', async () => {
    const made = await elevenKeys();
    await keysOf().bar();
    await keysOf().replace(because(12));
    expect((await keysOf().barred()).map((key) => key.toString('hex'))).toEqual(made);
    await keysOf().bar();
    expect(await keysOf().barred()).toHaveLength(12);
    expect((await readdir(folder)).filter((name) => !/^(key-\d+|barred)\.json$/.test(name))).toEqual([]);
  });

  test('are none where there is no key, nor where none was barred', async () => {
    await keysOf().bar();
    expect(await readdir(parent)).toEqual([]);
    await keysOf().current();
    expect(await keysOf().barred()).toEqual([]);
  });
});
