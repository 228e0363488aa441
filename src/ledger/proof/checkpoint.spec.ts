import fc from 'fast-check';
import { checkpointText, headOf } from './checkpoint.js';
import { noteOf } from './note.js';

const DOSSIER = '01a2080a-ca3d-71e3-98f8-a9912f17e0a5';
const ROOT = Buffer.alloc(32, 9);
const signed = (text: string): string => noteOf(text, ['\u2014 a AAAAAAA=']);

describe('a checkpoint', () => {
  test('is written as the tlog-checkpoint specification says', () => {
    expect(checkpointText(DOSSIER, { size: 20_852_163, root: ROOT })).toBe(
      `standpoint/dossier/${DOSSIER}\n20852163\nCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\n`,
    );
  });

  test('tells the head that it was written of', () => {
    const root = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((each) => Buffer.from(each));
    fc.assert(
      fc.property(fc.maxSafeNat(), root, (size, each) =>
        expect(headOf(DOSSIER, signed(checkpointText(DOSSIER, { size, root: each })))).toEqual({
          size,
          root: each,
        }),
      ),
    );
  });

  const text = checkpointText(DOSSIER, { size: 7, root: ROOT });

  test.each([
    ['of another dossier', signed(text.replace('01a2080a', '01a2080b'))],
    ['whose size is not written as sizes are', signed(text.replace('\n7\n', '\n07\n'))],
    ['whose size is no number', signed(text.replace('\n7\n', '\nseven\n'))],
    ['with a line more', signed(`${text}extension\n`)],
    ['with too short a root', signed(checkpointText(DOSSIER, { size: 7, root: ROOT.subarray(1) }))],
    ['without a root', signed(`standpoint/dossier/${DOSSIER}\n7\n`)],
    ['without lines under it', text],
    ['of nothing', ''],
  ])('%s tells none', (_, note) => expect(headOf(DOSSIER, note)).toBeNull());
});
