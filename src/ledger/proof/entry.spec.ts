import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { entryOf, LONGEST_ENTRY, payloadHash, type Envelope } from './entry.js';

const DOSSIER = '01a2080a-ca3d-71e3-98f8-a9912f17e0a5';
const HASH = Buffer.alloc(32, 5);
const envelope = (recordedBy: string, causationId: string | null = null): Envelope => ({
  sequence: 7,
  id: '01a2080a-cb20-74c3-b150-fd220540907e',
  type: 'ProposalMade',
  schemaVersion: 1,
  streamKind: 'statement',
  streamId: '01a2080a-cb20-73c7-9333-0e1591a5ca47',
  streamVersion: 1,
  recordedAt: '2025-04-22T09:00:00.000Z',
  recordedBy,
  correlationId: '01a2080a-cb20-73c7-9333-0e1591a5ca48',
  causationId,
});

describe('an entry', () => {
  test('is canonical JSON, whoever recorded it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.option(fc.uuid()), (who, cause) => {
        const entry = entryOf(DOSSIER, envelope(who, cause), HASH);
        expect(entry).toBe(canonicalize(JSON.parse(entry)));
        expect(JSON.parse(entry)).toEqual({
          causationId: cause,
          correlationId: '01a2080a-cb20-73c7-9333-0e1591a5ca48',
          dossier: DOSSIER,
          id: '01a2080a-cb20-74c3-b150-fd220540907e',
          payloadHash: 'BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=',
          recordedAt: '2025-04-22T09:00:00.000Z',
          recordedBy: who,
          schemaVersion: 1,
          sequence: 7,
          stream: 'statement/01a2080a-cb20-73c7-9333-0e1591a5ca47',
          streamVersion: 1,
          type: 'ProposalMade',
        });
      }),
    );
  });

  // The length stands in two bytes before it: a longer one would be read as another.
  test.each([
    ['letters of one byte', 'x', 1],
    ['letters of three bytes', '€', 3],
  ])('of %s has 65,535 bytes at most', (_, letter, width) => {
    const bare = Buffer.byteLength(entryOf(DOSSIER, envelope(''), HASH));
    const most = Math.floor((LONGEST_ENTRY - bare) / width);
    const rest = 'x'.repeat(LONGEST_ENTRY - bare - most * width);
    const longest = letter.repeat(most) + rest;
    expect(Buffer.byteLength(entryOf(DOSSIER, envelope(longest), HASH))).toBe(65_535);
    expect(() => entryOf(DOSSIER, envelope(`${longest}x`), HASH)).toThrow(
      'The entry of event 7 has more than 65535 bytes.',
    );
  });
});

test('the hash of a payload is that of the salt and of its bytes', () => {
  const salt = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((each) => Buffer.from(each));
  fc.assert(
    fc.property(salt, fc.string({ unit: 'grapheme' }), (each, payload) =>
      expect(payloadHash(each, payload)).toEqual(
        createHash('sha256').update(each).update(payload, 'utf8').digest(),
      ),
    ),
  );
});
