import {
  isSignedBy,
  readNote,
  readSignatureLine,
  readVerifierKey,
  verifierKeyText,
} from '../../src/ledger/proof/note.js';
import { Prover } from '../../src/ledger/proof/prover.js';
import { StoredTree } from '../../src/ledger/proof/stored-tree.js';
import { readTileAddress } from '../../src/ledger/proof/tiles.js';
import {
  hashLeaf,
  merkleTreeHash,
  provesConsistency,
  provesInclusion,
  tileHashes,
  tilePath,
  tilesOf,
} from './verifier.js';
import { TestLedger } from '../ledger/test-ledger.js';

/** C2SP signed-note, "Example". */
const KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const NOTE = `This is an example message.

\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

describe('the example of the signed-note specification', () => {
  // Break: keyId() without the line feed or the type.
  it('is a note of its key, and of no other text', () => {
    const key = readVerifierKey(KEY);
    const note = readNote(NOTE);
    const line = readSignatureLine(note?.lines[0] ?? '');
    if (key === null || note === null || line === null) throw new Error('It is not read.');
    expect(verifierKeyText(key)).toBe(KEY);
    expect(note.text).toBe('This is an example message.\n');
    expect(isSignedBy(key, note.text, line)).toBe(true);
    expect(isSignedBy(key, 'This is another message.\n', line)).toBe(false);
  });

  it.each(['530d903b', '530D903A', ''])('is not read with the key id %s', (id) => {
    expect(readVerifierKey(KEY.replace('530d903a', id))).toBeNull();
  });
});

describe('the address of a tile', () => {
  // Break: the groups of three in readTileAddress.
  it.each([
    ['8/x001/x234/067', { level: 8, index: 1_234_067, width: 256 }],
    ['0/000', { level: 0, index: 0, width: 256 }],
    ['entries/x273/999.p/112', { level: 'entries', index: 273_999, width: 112 }],
  ])('is read as the tlog-tiles specification writes it: %s', (path, address) => {
    expect(readTileAddress(path)).toEqual(address);
    expect(tilePath({ level: 0, index: address.index, width: 256 })).toBe(
      `tile/0/${path.replace(/^\w+\//, '').replace(/\.p.*/, '')}`,
    );
  });
});

describe('a tree that crosses 256 and 65,536 leaves', () => {
  // Break: node() with the level of the tile below; the widths of tiles in Frontier.
  it('has its proofs and right edge on three levels of tiles', async () => {
    const ledger = await TestLedger.open();
    try {
      const dossier = await ledger.newDossier();
      const size = 65_536 + 256 + 3;
      const leaves = Array.from({ length: size }, (_, index) => hashLeaf(String(index)));
      await ledger.pool.query(
        `INSERT INTO ledger_leaf (dossier_id, sequence, payload_hash, leaf_hash)
         SELECT $1, n, '', sha256(('\\x00'::bytea) || convert_to((n - 1)::text, 'UTF8')) FROM generate_series(1, $2::int) AS n`,
        [dossier, size],
      );
      for (const tile of tilesOf(size).filter(({ level }) => level > 0))
        await ledger.pool.query('INSERT INTO ledger_tile VALUES ($1, $2, $3, $4)', [
          dossier,
          tile.level,
          tile.index,
          tileHashes(tile, leaves),
        ]);
      const tree = new StoredTree(ledger.pool, dossier);
      const root = merkleTreeHash(leaves);
      for (const each of [255, 256, 257, 65_535, 65_536, 65_537, size])
        expect((await tree.frontier(each)).root().equals(merkleTreeHash(leaves.slice(0, each)))).toBe(true);
      const prover = new Prover(tree, size);
      for (const index of [0, 255, 256, 65_535, 65_536, size - 1]) {
        const { leaf, hashes } = await prover.inclusion(index);
        expect(provesInclusion(leaf, { index, size, root, path: hashes })).toBe(true);
      }
      for (const from of [1, 256, 65_535, 65_536, 65_792]) {
        const old = { size: from, root: merkleTreeHash(leaves.slice(0, from)) };
        expect(provesConsistency(old, { size, root }, await prover.consistency(from))).toBe(true);
      }
    } finally {
      await ledger.close();
    }
  });
});
