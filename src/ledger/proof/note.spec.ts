import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import {
  COSIGNATURE,
  ED25519,
  isSignedBy,
  keyId,
  noteOf,
  readNote,
  readSignatureLine,
  readVerifierKey,
  signatureLine,
  timeOf,
  verifierKeyText,
  type SignatureType,
  type VerifierKey,
} from './note.js';

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((each) => Buffer.from(each));
const name = fc.stringMatching(/^[^\s+]{1,40}$/);
const type = fc.constantFrom<SignatureType>(ED25519, COSIGNATURE);
const key = fc.record({ name, type, publicKey: bytes(32) });

describe('a verifier key', () => {
  test('is read as it was written', () => {
    fc.assert(fc.property(key, (each) => expect(readVerifierKey(verifierKeyText(each))).toEqual(each)));
  });

  const text = verifierKeyText({ name: 'log.example/a', type: ED25519, publicKey: Buffer.alloc(32, 7) });

  test.each([
    ['with something before it', `standpoint ${text}`],
    ['with something after it', `${text}=`],
    ['without a name', text.replace('log.example/a', '')],
    ['with the id of another key', text.replace(/\+[\da-f]{8}\+/, '+00000000+')],
  ])('%s is none', (_, other) => expect(readVerifierKey(other)).toBeNull());

  test('of a type that is not read here is none, though its id is right', () => {
    for (const other of [0, 2, 3, 5, 255]) {
      const unread = { name: 'a', type: other as SignatureType, publicKey: Buffer.alloc(32) }; // holds: not at all, which is what is asked
      expect(readVerifierKey(verifierKeyText(unread))).toBeNull();
    }
  });
});

describe('a line under a note', () => {
  test('is read as it was written', () => {
    const signature = fc.uint8Array({ minLength: 1, maxLength: 80 }).map((each) => Buffer.from(each));
    fc.assert(
      fc.property(key, signature, (by, signed) =>
        expect(readSignatureLine(signatureLine(by, signed))).toEqual({
          name: by.name,
          keyId: keyId(by),
          signature: signed,
        }),
      ),
    );
  });

  test.each([
    ['without its dash', '- a AAAAAAA='],
    ['with something before the dash', 'x\u2014 a AAAAAAA='],
    ['with something after the signature', '\u2014 a AAAAAAA= '],
    ['with a name of two words', '\u2014 a b AAAAAAA='],
    ['with a key id alone', '\u2014 a AAAAAA=='],
    ['whose base64 says more than its bytes', '\u2014 a AAAAAAB='],
    ['without anything', ''],
  ])('%s is none', (_, line) => expect(readSignatureLine(line)).toBeNull());

  test('may be one byte of signature long', () =>
    expect(readSignatureLine('\u2014 a AAAAAAA=')?.signature).toEqual(Buffer.of(0)));
});

describe('a note', () => {
  test('is read as it was written: its text, and the lines under it', () => {
    const line = fc.stringMatching(/^[^\n]{1,30}$/);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.array(line, { minLength: 1 }), (text, lines) => {
        const whole = text.map((each) => `${each}\n`).join('');
        expect(readNote(noteOf(whole, lines))).toEqual({ text: whole, lines });
      }),
    );
  });

  test.each([
    ['without an empty line', 'text\n\u2014 a AAAAAAA=\n'],
    ['that is cut off', 'text\n\n\u2014 a AAAAAAA='],
    ['without anything', ''],
  ])('%s is none', (_, note) => expect(readNote(note)).toBeNull());

  test('may have blank lines in its text, and none but them', () => {
    expect(readNote('one\n\ntwo\n\n\u2014 a\n')).toEqual({ text: 'one\n\ntwo\n', lines: ['\u2014 a'] });
    expect(readNote('\n\n\u2014 a\n')).toEqual({ text: '\n', lines: ['\u2014 a'] });
  });
});

describe('a signature', () => {
  const TEXT = 'origin\n3\nroot\n';
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const keyOf = (kind: SignatureType): VerifierKey => ({
    name: 'log.example',
    type: kind,
    publicKey: Buffer.from(x, 'base64url'),
  });
  const lineOf = (by: VerifierKey, signature: Buffer) => ({ name: by.name, keyId: keyId(by), signature });
  const [log, witness] = [keyOf(ED25519), keyOf(COSIGNATURE)];
  const signed = lineOf(log, sign(null, Buffer.from(TEXT), privateKey));

  /** C2SP tlog-cosignature: the time in eight bytes, and a signature of it with the text. */
  const cosigned = (time: bigint, said = time) => {
    const when = Buffer.alloc(8);
    when.writeBigUInt64BE(time);
    const message = Buffer.from(`cosignature/v1\ntime ${said}\n${TEXT}`);
    return lineOf(witness, Buffer.concat([when, sign(null, message, privateKey)]));
  };

  test('is of its key, and of its text alone', () => {
    expect(isSignedBy(log, TEXT, signed)).toBe(true);
    expect(isSignedBy(log, `${TEXT} `, signed)).toBe(false);
    expect(isSignedBy({ ...log, publicKey: Buffer.alloc(32, 1) }, TEXT, signed)).toBe(false);
  });

  test('under another name, or another key’s id, is not this key’s', () => {
    expect(isSignedBy(log, TEXT, { ...signed, name: 'other.example' })).toBe(false);
    expect(isSignedBy(log, TEXT, { ...signed, keyId: keyId(witness) })).toBe(false);
  });

  test('of a witness holds for the time that it tells, and no other', () => {
    expect(isSignedBy(witness, TEXT, cosigned(1_700_000_000n))).toBe(true);
    expect(isSignedBy(witness, TEXT, cosigned(1_700_000_000n, 1_700_000_001n))).toBe(false);
    expect(isSignedBy(witness, 'other\n', cosigned(1_700_000_000n))).toBe(false);
    expect(timeOf(cosigned(1_700_000_000n))).toBe(1_700_000_000n);
  });

  test('of a witness has a time of 63 bits, and 72 bytes', () => {
    const last = cosigned(2n ** 63n - 1n);
    expect([timeOf(last), isSignedBy(witness, TEXT, last)]).toEqual([2n ** 63n - 1n, true]);
    const beyond = cosigned(2n ** 63n);
    expect([timeOf(beyond), isSignedBy(witness, TEXT, beyond)]).toEqual([null, false]);
    const cut = { ...last, signature: last.signature.subarray(0, 71) };
    expect([timeOf(cut), isSignedBy(witness, TEXT, cut)]).toEqual([null, false]);
    expect(timeOf({ ...last, signature: Buffer.concat([last.signature, Buffer.of(0)]) })).toBeNull();
  });

  test('of a log is not taken for a witness’s, nor the other way round', () => {
    expect(isSignedBy(witness, TEXT, { ...signed, keyId: keyId(witness) })).toBe(false);
    const other = cosigned(1n);
    expect(isSignedBy(log, TEXT, { ...other, keyId: keyId(log) })).toBe(false);
  });
});
