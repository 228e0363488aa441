import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Checkpoint } from './checkpoint.js';
import { SignedHeads, type Kept } from './signed-heads.js';

const DOSSIER = '01a2080a-ca3d-71e3-98f8-a9912f17e0a5';
let parent: string;
let folder: string;
/** Another process's. */
const headsOf = (): SignedHeads => new SignedHeads(folder, uuidv7);
const files = (): Promise<string[]> => readdir(join(folder, DOSSIER));

const checkpoint = (size: number): Checkpoint => ({
  size,
  root: Buffer.alloc(32, size),
  note: `note ${size}`,
  publicKey: Buffer.alloc(32, 100 + size),
});

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'standpoint-heads-'));
  folder = join(parent, 'signed');
});

afterEach(() => rm(parent, { recursive: true }));

/** Keeps that many, one after another; answers with the last. */
async function keep(count: number, after: Kept | null = null): Promise<Kept | null> {
  let last = after;
  for (let each = 1; each <= count; each++) {
    expect(await headsOf().keep(DOSSIER, last, checkpoint((last?.number ?? 0) + 1))).toBe(true);
    last = await headsOf().last(DOSSIER);
  }
  return last;
}

describe('what was signed', () => {
  test('is nothing at first', async () => {
    expect(await headsOf().last(DOSSIER)).toBeNull();
    expect(await headsOf().dossiers()).toEqual([]);
    expect(await headsOf().keysGivenUp(DOSSIER)).toEqual([]);
  });

  test('is kept as it was, the last one alone, however many there were', async () => {
    expect(await keep(12)).toEqual({ number: 12, checkpoint: checkpoint(12) });
    expect(await files()).toEqual(['12.json']);
    expect(await headsOf().dossiers()).toEqual([DOSSIER]);
  });

  test('is the later one where the earlier could not be removed', async () => {
    await keep(10);
    await writeFile(join(folder, DOSSIER, '9.json'), JSON.stringify({ format: 1, size: 9 }));
    expect(await headsOf().last(DOSSIER)).toEqual({ number: 10, checkpoint: checkpoint(10) });
  });

  test('is found in none of the other files that lie there', async () => {
    await keep(1);
    for (const name of ['2.json.bak', 'x3.json', 'given-up-4', 'given-up-5.json.bak', 'xgiven-up-6.json'])
      await writeFile(join(folder, DOSSIER, name), 'none');
    await writeFile(join(folder, 'a-draft'), 'none');
    expect(await headsOf().last(DOSSIER)).toMatchObject({ number: 1 });
    expect(await headsOf().keysGivenUp(DOSSIER)).toEqual([]);
    expect(await headsOf().dossiers()).toEqual([DOSSIER]);
  });

  test('that cannot be read is an error, not nothing', async () => {
    await writeFile(folder, 'a file where the folder should be');
    await expect(headsOf().last(DOSSIER)).rejects.toThrow('ENOTDIR');
    await expect(headsOf().dossiers()).rejects.toThrow('ENOTDIR');
  });

  test('is whole whenever it is read, while more is signed', async () => {
    const read: (Kept | null)[] = [];
    let signing = true;
    const reading = Array.from({ length: 3 }, async () => {
      while (signing) read.push(await headsOf().last(DOSSIER));
    });
    await keep(60).finally(() => (signing = false));
    await Promise.all(reading);
    const kept = read.flatMap((each) => each ?? []);
    expect(kept).toEqual(kept.map(({ number }) => ({ number, checkpoint: checkpoint(number) })));
    expect(kept.length).toBeGreaterThan(0);
  });
});

describe('of several processes', () => {
  test('one takes the next place', async () => {
    const last = await keep(1);
    const tries = Array.from({ length: 10 }, (_, index) =>
      headsOf().keep(DOSSIER, last, checkpoint(50 + index)),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    expect(await headsOf().last(DOSSIER)).toMatchObject({ number: 2 });
  });

  test('one that slept does not take a place that was left long ago', async () => {
    const slept = await keep(1);
    await keep(10, slept);
    expect(await headsOf().keep(DOSSIER, slept, checkpoint(77))).toBe(false);
    expect(await files()).toEqual(['11.json']);
    expect(await headsOf().keep(DOSSIER, null, checkpoint(78))).toBe(false);
    expect(await files()).toEqual(['11.json']);
  });
});

describe('what was given up', () => {
  test('is followed by the next number, and its keys are known', async () => {
    const first = await keep(11);
    if (first !== null) await headsOf().giveUp(DOSSIER, first);
    expect(await headsOf().last(DOSSIER)).toBeNull();
    expect(await headsOf().keep(DOSSIER, null, checkpoint(12))).toBe(true);
    const second = await headsOf().last(DOSSIER);
    expect(second).toEqual({ number: 12, checkpoint: checkpoint(12) });
    if (second !== null) await headsOf().giveUp(DOSSIER, second);
    expect(await headsOf().keep(DOSSIER, null, checkpoint(13))).toBe(true);
    expect(await headsOf().last(DOSSIER)).toMatchObject({ number: 13 });
    const given = (await headsOf().keysGivenUp(DOSSIER)).map((key) => key[0]);
    expect(given.toSorted()).toEqual([111, 112]);
  });

  test('nine times and more is followed by the next number still', async () => {
    for (let number = 1; number <= 10; number++) {
      expect(await headsOf().keep(DOSSIER, null, checkpoint(number))).toBe(true);
      const last = await headsOf().last(DOSSIER);
      if (last !== null) await headsOf().giveUp(DOSSIER, last);
    }
    expect(await headsOf().keep(DOSSIER, null, checkpoint(11))).toBe(true);
    expect(await headsOf().last(DOSSIER)).toMatchObject({ number: 11 });
  });
});
