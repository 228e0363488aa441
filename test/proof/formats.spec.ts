import {
  isSignedBy,
  readNote,
  readSignatureLine,
  readVerifierKey,
  verifierKeyText,
} from '../../src/ledger/proof/note.js';
import { readTileAddress } from '../../src/ledger/proof/tiles.js';
import { tilePath } from './verifier.js';

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
