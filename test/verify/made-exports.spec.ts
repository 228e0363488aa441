import { afterAll, describe, expect, it } from '@jest/globals';
import { checkExport } from '../../verify/export.js';
import { dice, MadeDossier, makeDossier, newKey, sealed } from './made-export.js';

/** As it is built: other threads read no TypeScript. */
const built = new URL('../../dist/verify/export.js', import.meta.url).href;
const { checkExport: checkInThreads } = (await import(built)) as typeof import('../../verify/export.js'); // holds: it is made of that
const seed = Number(process.env['STANDPOINT_SEED'] ?? Date.now() % 1_000_000);
const roll = dice(seed);
const made = makeDossier(roll);
const lines = made.lines();
const right = sealed(lines);

async function* inPieces(bytes: Buffer, size = bytes.length): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

interface Trusted {
  readonly key?: string | null;
  readonly since?: string | null;
}

const verify = (bytes: Buffer, trust: Trusted = {}, size?: number): ReturnType<typeof checkExport> =>
  checkExport(inPieces(bytes, size), { key: made.first.text, since: null, ...trust });

/** What is said to be wrong; null if nothing is. */
const wrong = (bytes: Buffer, trust: Trusted = {}): Promise<string | null> =>
  verify(bytes, trust).then(
    () => null,
    (error: Error) => `${error.name}: ${error.message}`,
  );

const tried = { all: 0, caught: 0 };

/** What is said of an export whose lines were changed and sealed anew, so that its last line fits. */
async function wrongWith(change: (copy: string[]) => string[] | void): Promise<string | null> {
  const copy = [...lines];
  const found = await wrong(sealed(change(copy) ?? copy));
  tried.all++;
  if (found !== null) tried.caught++;
  return found;
}

const erased = new Set([...made.redactedBy.keys()].map((sequence) => made.events[sequence - 1]?.stream));

/** What an erased statement was called nobody can tell any more, nor whether it was called anything. */
const isProven = (line: string): boolean => !line.startsWith('C ') || !erased.has(line.slice(-36));

/** Where the lines of a kind stand that the log proves; a kind may be narrowed by what follows. */
const at = (kind: string): number[] =>
  lines.flatMap((line, index) => (line.startsWith(kind) && isProven(line) ? [index] : []));
const one = (kind: string): number => at(kind)[roll(at(kind).length)] ?? -1;

/** Every kind of line, and of tile. */
const KINDS = ['# ', 'D ', 'E ', 'P ', 'R ', 'T 0/0 ', 'T 0/1 ', 'T 1/0 ', 'N ', 'C ', 'S '];

function flipped(line: string): string {
  const bytes = Buffer.from(line);
  for (;;) {
    const place = roll(bytes.length);
    const other = Buffer.from(bytes);
    other[place] = (bytes[place] ?? 0) ^ (1 << roll(8));
    const text = other.toString();
    if (!text.includes('\n') && Buffer.from(text).equals(other)) return text;
  }
}

describe(`verifying exports (seed ${seed})`, () => {
  afterAll(() => {
    process.stderr.write(`tampered lines of exports: ${tried.caught} of ${tried.all} caught\n`);
  });

  it.each([1_000_000, 4_096, 77])(
    'finds nothing wrong with a right one, read %i bytes at a time',
    async (size) => {
      const { log, keys, histories } = await verify(right, {}, size);
      expect([log.tree.size, keys.checkpoints, keys.text]).toEqual([300, 7, made.second.text]);
      expect(histories).toBe(at('S ').length);
      expect(log.redactions).toBeGreaterThan(1);
    },
  );

  // Break `last === \`Z ${sha256}\`` in verify/export.ts, to see red.
  it('refuses one in which any single bit was flipped', async () => {
    for (let turn = 0; turn < 300; turn++) {
      const place = roll(right.length);
      const bytes = Buffer.from(right);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << roll(8));
      expect([place, await wrong(bytes)]).toEqual([place, expect.any(String)]);
    }
  });

  it.each(KINDS)(
    'refuses one in which a bit of a line "%s" was flipped, though the last line fits',
    async (kind) => {
      for (let turn = 0; turn < 30; turn++) {
        const index = one(kind);
        const other = flipped(lines[index] ?? '');
        const found = await wrongWith((copy) => void copy.splice(index, 1, other));
        expect([other, found]).toEqual([other, expect.any(String)]);
      }
    },
  );

  it.each(KINDS)('refuses one in which a line "%s" is missing', async (kind) => {
    const index = kind === 'N ' ? (at(kind).at(-1) ?? 0) : one(kind); // what was signed in between may be left out: the last one covers it
    const found = await wrongWith((copy) => void copy.splice(index, 1));
    expect([lines[index], found]).toEqual([lines[index], expect.any(String)]);
  });

  it.each(KINDS)('refuses one in which a line "%s" is there twice', async (kind) => {
    const index = one(kind);
    expect(await wrongWith((copy) => void copy.splice(index, 0, copy[index] ?? ''))).not.toBeNull();
  });

  it.each([...KINDS, 'K '])(
    'refuses one in which a line "%s" has changed places with another',
    async (kind) => {
      const index = one(kind);
      const others = at(kind).filter((each) => lines[each] !== lines[index]);
      const other = others.length > 0 ? (others[roll(others.length)] ?? 0) : (index + 1) % lines.length;
      const found = await wrongWith((copy) => {
        [copy[index], copy[other]] = [lines[other] ?? '', lines[index] ?? ''];
      });
      expect(found).not.toBeNull();
    },
  );

  it.each([
    [
      'an event that is missing',
      (copy: string[]) => void copy.splice(at('E ')[6] ?? 0, 2),
      'event 7: its entry says 8',
    ],
    [
      'a later recorder',
      (copy: string[]) => replace(copy, at('E ')[6], '"recordedBy":"j', '"recordedBy":"J'),
      'event 7: its entry is not the one that was hashed (tile 0/0)',
    ],
    [
      'an entry that is not canonical',
      (copy: string[]) => replace(copy, at('E ')[6], '"causationId"', ' "causationId"'),
      'event 7: its entry is not in the form of docs/proof.md',
    ],
    [
      'a blank in a payload',
      (copy: string[]) => replace(copy, at('P ')[3], '"slug":', '"slug": '),
      'event 4: its payload and salt are not what its entry commits to',
    ],
    [
      'a tile of level 1',
      (copy: string[]) => replace(copy, at('T 1/0')[0], /1\/0 .{4}/, '1/0 AAAA'),
      'tile 1/0: its hashes are not those of the events',
    ],
    [
      'a claim for another stream',
      (copy: string[]) => replace(copy, at('C ')[0], /.{12}$/, '0123456789ab'),
      'claim "party/kyiv": was not made by ',
    ],
    ['no claim at all', (copy: string[]) => copy.filter((line) => !line.startsWith('C ')), 'the claim of '],
    [
      'another answer to a key',
      (copy: string[]) => replace(copy, at('K ')[0], /"sequence":\d+\}/, '"sequence":9}'),
      'the answer to key "k-',
    ],
    [
      'a stance that nobody took',
      (copy: string[]) => replace(copy, at('S ').at(-1), /"stance":"[a-z]+"/, '"stance":"noncommittal"'),
      'the positions of ',
    ],
    ['no last pair', (copy: string[]) => void copy.pop(), 'the positions of '],
    [
      'another name',
      (copy: string[]) => replace(copy, 1, 'slug/talks', 'slug/walks'),
      'the dossier: its names are not those',
    ],
    [
      'a line of no kind',
      (copy: string[]) => void copy.push('X '),
      `line ${lines.length + 1}: a line X is out of place`,
    ],
  ])('names what is wrong: %s', async (_name, change, named) => {
    expect(await wrongWith(change)).toContain(`: ${named}`);
  });

  it('names what a redaction lacks', async () => {
    const redacted = at('R ')[0] ?? 0;
    const sequence = at('E ').indexOf(redacted - 1) + 1;
    const by = Number((lines[redacted] ?? '').slice(2));
    const lost = (number: number) => wrongWith((copy) => void (copy[redacted] = `R ${number}`));
    expect(await lost(by - 1)).toContain(`event ${by - 1}: does not redact event ${sequence}`);
    expect(await lost(301)).toContain(`event ${sequence}: its payload is gone, and event 301`);
    expect(await lost(sequence)).toContain(`event ${sequence}: is not said to be redacted by a later event`);
  });

  it('says that an export was cut off, wherever it was', async () => {
    for (let turn = 0; turn < 30; turn++) {
      const bytes = right.subarray(0, roll(right.length - 1));
      expect(await wrong(bytes)).toMatch(/^Wrong: (the end|event|line|tile|checkpoint|the dossier)/);
    }
  });

  // Break `waiting.shift()` in verify/readers.ts (pop), or `ahead.shift()` in verify/export.ts, to see red.
  it('names the same first wrong thing, in whatever threads it is read', async () => {
    const large = new MadeDossier(roll);
    large.names = [];
    large.add('dossier', large.id, 'DossierOpened', { slug: null, padding: '' });
    while (large.events.length < 600)
      large.add('dossier', large.id, 'SomethingNew', { padding: 'п'.repeat(3_000) });
    large.checkpoints.set(600, [large.first]);
    const all = large.lines();
    const found = (bytes: Buffer, threads: number): Promise<string> =>
      (threads === 0 ? checkExport : checkInThreads)(
        inPieces(bytes, 1 << 16),
        { key: large.first.text, since: null },
        {},
        threads,
      ).then(
        ({ log }) => String(log.tree.size),
        (error: Error) => error.message,
      );
    expect([await found(sealed(all), 0), await found(sealed(all), 2)]).toEqual(['600', '600']);
    for (let turn = 0; turn < 6; turn++) {
      const copy = [...all];
      for (let change = 0; change < 3; change++) {
        const index = 2 + roll(copy.length - 2);
        if (roll(3) === 0) copy.splice(index, 1);
        else copy[index] = flipped(copy[index] ?? '');
      }
      const bytes = sealed(copy);
      const alone = await found(bytes, 0);
      expect(alone).toMatch(/^(event|line|tile|checkpoint) /);
      expect(await found(bytes, 1 + roll(3))).toBe(alone);
    }
  });

  describe('whom it trusts', () => {
    const other = newKey(made.origin);
    const notes = new Map(
      at('N ')
        .map((index) => JSON.parse(lines[index]?.slice(2) ?? '') as string)
        .map((note) => [Number(note.split('\n')[1]), note]),
    );
    const signed = (size: number, root: string, key = made.first): string => {
      const text = `${made.origin}\n${size}\n${root}\n`;
      return `${text}\n${key.line(text)}`;
    };

    it('takes the first key, the one that replaced it, or any at first use', async () => {
      for (const key of [made.first.text, made.second.text, null])
        expect(await wrong(right, { key })).toBeNull();
    });

    it('refuses a wrong key', async () => {
      expect(await wrong(right, { key: other.text })).toContain(
        'the key that was given: has signed no checkpoint',
      );
      expect(await wrong(right, { key: newKey('standpoint/dossier/other').text })).toContain(
        'the key that was given: is not a key of',
      );
      expect(await wrong(right, { key: made.first.text.replace(/\+.{8}\+/, '+00000000+') })).toContain(
        'its id is not that of its name',
      );
    });

    it('follows a new key only where the old one has signed its coming too', async () => {
      made.checkpoints.set(200, [made.second]);
      const moved = sealed(made.lines());
      made.checkpoints.set(200, [made.first, made.second]);
      expect(await wrong(moved)).toContain('checkpoint 200: is not signed by the key that was replaced');
      expect(await wrong(moved, { key: null })).toContain(
        'checkpoint 200: is not signed by the key that was replaced',
      );
      expect(await wrong(moved, { key: made.second.text })).toBeNull();
    });

    it('is consistent with an earlier checkpoint, or says that the log was forked or put back', async () => {
      for (const size of [1, 149, 200, 300])
        expect(await wrong(right, { since: notes.get(size) ?? '' })).toBeNull();
      const root = notes.get(256)?.split('\n')[2] ?? '';
      expect(await wrong(right, { since: signed(149, root) })).toContain('this one was forked from it');
      expect(await wrong(right, { since: signed(301, root) })).toContain(
        'covers 301 events, of which only 300 are left',
      );
      expect(await wrong(right, { since: signed(149, root, other) })).toContain(
        'is not signed by a key of this log',
      );
    });
  });
});

function replace(copy: string[], index: number | undefined, from: string | RegExp, to: string): void {
  copy[index ?? -1] = (lines[index ?? -1] ?? '').replace(from, to);
}
