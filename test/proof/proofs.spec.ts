import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { Frontier } from '../../src/ledger/proof/frontier.js';
import { HASH, leafHash } from '../../src/ledger/proof/hashing.js';
import { Prover } from '../../src/ledger/proof/prover.js';
import { LedgerDamaged, type StoredTree, type TileRange } from '../../src/ledger/proof/stored-tree.js';
import {
  hashLeaf,
  merkleTreeHash,
  provesConsistency,
  provesInclusion,
  tileHashes,
  tilesOf,
} from './verifier.js';

const SEED = Number(process.env['STANDPOINT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Leaves and roots of google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc, of RFC 6962 trees. */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** The same file's proofs: leaf (from 0) and size, or sizes. */
const PATHS: readonly [number, number, string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const PROOFS: readonly [number, number, string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const VECTOR = INPUTS.map((hex) => hashLeaf(Buffer.from(hex, 'hex')));

/** Leaves that are kept in memory, as the database would keep them. */
function treeOf(leaves: readonly Buffer[]): StoredTree {
  const kept = {
    tile: ({ level, index, width }: TileRange) => {
      const nodes = level === 0 ? leaves.slice(index * 256, index * 256 + width) : [];
      return Promise.resolve(
        level === 0 ? Buffer.concat(nodes) : tileHashes({ level, index, width }, leaves),
      );
    },
  };
  return kept as StoredTree;
}

const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));
const someLeaves = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => createHash('sha256').update(String(index)).digest());

describe('the published vectors of RFC 6962 trees', () => {
  it.each(ROOTS.map((root, size) => ({ root, size })))('give the root of $size leaves', ({ root, size }) => {
    const { frontier } = Frontier.EMPTY.grown(VECTOR.slice(0, size));
    expect(frontier.root().toString('hex')).toBe(root);
    expect(merkleTreeHash(VECTOR.slice(0, size)).toString('hex')).toBe(root);
  });

  // Break: the 0 before an entry in leafHash.
  it('give the hash of a leaf', () => {
    expect(leafHash('').toString('hex')).toBe(ROOTS[1]);
    expect(leafHash(' !').toString('hex')).toBe(VECTOR[3]?.toString('hex'));
  });

  // Break: the order of what climb() gives.
  it.each(PATHS)('give the inclusion proof of leaf %i in a tree of %i', async (index, size, path) => {
    expect(hex((await new Prover(treeOf(VECTOR), size).inclusion(index)).hashes)).toEqual(path);
  });

  // Break: "to < left.high" in climb().
  it.each(PROOFS)('give the consistency proof from %i to %i', async (from, to, path) => {
    expect(hex(await new Prover(treeOf(VECTOR), to).consistency(from))).toEqual(path);
  });
});

describe('a tree of any size', () => {
  const LEAVES = someLeaves(1_400);
  const size = fc.oneof(
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 250, max: 262 }),
    fc.integer({ min: 1, max: LEAVES.length }),
  );

  // Break: climb(); complete() without the remainder of the height.
  it('has proofs that a verifier of the specifications takes, and takes for no other leaf or size', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(), async (n, one, other) => {
        const [index, from] = [one % n, 1 + (other % n)];
        const prover = new Prover(treeOf(LEAVES), n);
        const root = merkleTreeHash(LEAVES.slice(0, n));
        const { leaf, hashes } = await prover.inclusion(index);
        expect(provesInclusion(leaf, { index, size: n, root, path: hashes })).toBe(true);
        expect(provesInclusion(LEAVES[index + 1] ?? root, { index, size: n, root, path: hashes })).toBe(
          false,
        );
        const old = { size: from, root: merkleTreeHash(LEAVES.slice(0, from)) };
        const path = await prover.consistency(from);
        expect(provesConsistency(old, { size: n, root }, path)).toBe(true);
        if (from < n) expect(provesConsistency({ ...old, root }, { size: n, root }, path)).toBe(false);
      }),
      { numRuns: 300, seed: SEED },
    );
  });

  // Break: Frontier.widths; peaks() from right to left.
  it('grows in any steps to the same root, and is read back as it grew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 4 }), async (steps) => {
        let frontier = Frontier.EMPTY;
        for (const step of steps) {
          const leaves = LEAVES.slice(frontier.size, frontier.size + step);
          ({ frontier } = frontier.grown(leaves));
        }
        const count = frontier.size;
        expect(frontier.root().equals(merkleTreeHash(LEAVES.slice(0, count)))).toBe(true);
        const widths = Frontier.widths(count);
        const partial = tilesOf(count).filter(({ width }) => width < 256);
        expect(partial.every(({ level, width }) => widths[level] === width)).toBe(true);
        await Promise.resolve();
      }),
      { numRuns: 100, seed: SEED },
    );
  });

  // Break: the comparison in proven().
  it('gives no proof where a tile is not what its parents say', async () => {
    const whole = treeOf(LEAVES);
    const tampered = {
      tile: async (range: TileRange) => {
        const hashes = Buffer.from(await whole.tile(range));
        if (range.level === 0 && range.index === 1) hashes.fill(0, 0, HASH);
        return hashes;
      },
    } as StoredTree;
    const prover = new Prover(tampered, LEAVES.length);
    await expect(prover.inclusion(256)).rejects.toThrow(LedgerDamaged);
    await expect(prover.inclusion(300)).rejects.toThrow(
      'What is stored does not prove that leaf 300 is in the tree.',
    );
    await expect(prover.consistency(300)).rejects.toThrow(
      'What is stored does not prove that the tree has grown from size 300.',
    );
    expect((await prover.inclusion(3)).hashes.length).toBeGreaterThan(0);
  });
});

describe('a tree on three levels of tiles', () => {
  const size = 65_536 + 256 + 3;
  const leaves = Array.from({ length: size }, (_, index) => hashLeaf(String(index)));
  const kept = new Map<string, Buffer>();
  const befores: [told: number, there: number][] = [];
  const begun = Frontier.EMPTY.grown(leaves.slice(0, 2_560));
  const { frontier, gains } = begun.frontier.grown(leaves.slice(2_560));
  for (const { level, index, before, hashes } of [...begun.gains, ...gains]) {
    const there = kept.get(`${level}/${index}`) ?? Buffer.alloc(0);
    befores.push([before, there.length / HASH]);
    kept.set(`${level}/${index}`, Buffer.concat([there, hashes]));
  }
  for (const { index } of tilesOf(size).filter(({ level }) => level === 0))
    kept.set(`0/${index}`, Buffer.concat(leaves.slice(index * 256, (index + 1) * 256)));
  const read: string[] = [];
  const tree = {
    tile: ({ level, index, width }: TileRange) => {
      read.push(`${level}/${index}`);
      const hashes = kept.get(`${level}/${index}`)?.subarray(0, width * HASH);
      if (hashes?.length !== width * HASH) throw new RangeError(`Tile ${level}/${index} is not so wide.`);
      return Promise.resolve(hashes);
    },
  } as StoredTree;

  // Break: "nodes - taken" in gained().
  it('gains what they hold in steps that fill one and begin the next', () => {
    for (const { level, index, width } of tilesOf(size))
      expect(kept.get(`${level}/${index}`)).toHaveLength(width * HASH);
    for (const [told, there] of befores) expect(told).toBe(there);
  });

  // Break: complete() with the level of the tile below.
  it('has proofs on all of them, for which each tile is read once', async () => {
    const head = { size, root: frontier.root() };
    const prover = new Prover(tree, size);
    for (const index of [0, 255, 256, 65_535, 65_536, size - 1]) {
      const { leaf, hashes } = await prover.inclusion(index);
      expect(leaf).toEqual(leaves[index]);
      expect(provesInclusion(leaf, { ...head, index, path: hashes })).toBe(true);
    }
    for (const from of [1, 255, 65_535, 65_536, 65_792]) {
      const old = { size: from, root: Frontier.EMPTY.grown(leaves.slice(0, from)).frontier.root() };
      expect(provesConsistency(old, head, await prover.consistency(from))).toBe(true);
    }
    expect(read.toSorted()).toEqual(['0/0', '0/1', '0/255', '0/256', '0/257', '1/0', '1/1', '2/0']);
  });
});

afterAll(() => process.stdout.write(`proofs: STANDPOINT_SEED=${SEED}\n`));
