import fc from 'fast-check';
import { bundle, isWithinTree, readTileAddress } from './tiles.js';

describe('the address of a tile', () => {
  test.each([
    ['0/000', { level: 0, index: 0, width: 256 }],
    ['0/001', { level: 0, index: 1, width: 256 }],
    ['12/345', { level: 12, index: 345, width: 256 }],
    ['63/000.p/1', { level: 63, index: 0, width: 1 }],
    ['0/000.p/255', { level: 0, index: 0, width: 255 }],
    ['entries/x001/000', { level: 'entries', index: 1_000, width: 256 }],
    ['1/x001/x000/002', { level: 1, index: 1_000_002, width: 256 }],
    ['1/x001/x002/x003/x004/005.p/9', { level: 1, index: 1_002_003_004_005, width: 9 }],
  ])('%s is read', (path, address) => expect(readTileAddress(path)).toEqual(address));

  test.each([
    '',
    '0',
    'a0/000',
    '00/000',
    '01/000',
    '1a/000',
    '64/000',
    '99/000',
    '-1/000',
    'entry/000',
    '0/0000',
    '0/00',
    '0/x000/001',
    '0/001/002',
    '0/x001',
    '0/x1/000',
    '0/x001/x002/x003/x004/x005/006',
    '0/000/',
    '0/000.p/0',
    '0/000.p/01',
    '0/000.p/256',
    '0/000.p/300',
    '0/000.p/1000',
    '0/000.p/',
    '0/000.p/1/1',
  ])('%s is none', (path) => expect(readTileAddress(path)).toBeNull());
});

describe('a tree', () => {
  test('has of a tile what its leaves fill', () => {
    const level = fc.constantFrom<'entries' | number>('entries', 0, 1, 2);
    const address = fc.record({ level, index: fc.nat(3), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(
      fc.property(address, fc.nat(300_000), (each, size) => {
        const leavesOfNode = { entries: 1, 0: 1, 1: 256, 2: 65_536 }[each.level] ?? NaN;
        const lastLeaf = (each.index * 256 + each.width) * leavesOfNode;
        expect(isWithinTree(each, size)).toBe(lastLeaf <= size);
        expect(isWithinTree(each, lastLeaf)).toBe(true);
        expect(isWithinTree(each, lastLeaf - 1)).toBe(false);
      }),
    );
  });
});

describe('a bundle', () => {
  test('holds each entry behind its length in two bytes', () => {
    const entry = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constant('x'.repeat(65_535)));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        const bytes = bundle(
          entries.map((each, index) => ({
            sequence: index + 1,
            entry: each,
            leafHash: Buffer.alloc(32),
            payload: null,
          })),
        );
        const read: string[] = [];
        for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at))
          read.push(bytes.toString('utf8', at + 2, at + 2 + bytes.readUInt16BE(at)));
        expect(read).toEqual(entries);
      }),
      { numRuns: 50 },
    );
  });
});
