import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { must } from './wrong.js';

const ED25519 = 0x01;
/** What precedes 32 bytes of an Ed25519 public key in DER (RFC 8410, 4). */
const DER = Buffer.from('302a300506032b6570032100', 'hex');
const SIGNATURE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;

/** A verifier key of C2SP signed-note: `name+id+base64(type ‖ public key)`. */
export interface VerifierKey {
  readonly text: string;
  readonly name: string;
  /** Hexadecimal. */
  readonly id: string;
  readonly key: KeyObject;
}

export function readKey(text: string, where = 'the key'): VerifierKey {
  const [, name = '', id = '', base64 = ''] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  must(name !== '' && bytes.toString('base64') === base64, where, 'is no verifier key');
  must(bytes.length === 33 && bytes[0] === ED25519, where, 'is no Ed25519 key');
  const hash = createHash('sha256').update(`${name}\n`).update(bytes).digest('hex');
  must(hash.startsWith(id), where, 'its id is not that of its name and bytes');
  const key = createPublicKey({ key: Buffer.concat([DER, bytes.subarray(1)]), format: 'der', type: 'spki' });
  return { text, name, id, key };
}

/** A checkpoint (C2SP tlog-checkpoint) of three lines, with the lines that sign it. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly signedText: string;
  readonly signatures: readonly { readonly name: string; readonly id: string; readonly signature: Buffer }[];
}

export function readCheckpoint(note: string, where: string): Checkpoint {
  const end = note.lastIndexOf('\n\n') + 1;
  const signedText = note.slice(0, end);
  const [origin = '', digits = '', root = '', ...rest] = signedText.split('\n');
  must(end > 0 && note.endsWith('\n') && rest.length === 1, where, 'is no signed note of three lines');
  must(/^(0|[1-9]\d{0,14})$/.test(digits), where, 'its size is no number');
  must(Buffer.from(root, 'base64').length === 32, where, 'its root is no SHA-256');
  const signatures = note
    .slice(end + 1, -1)
    .split('\n')
    .map((line) => {
      const [, name = '', base64 = ''] = SIGNATURE.exec(line) ?? [];
      const bytes = Buffer.from(base64, 'base64');
      must(
        bytes.length > 4 && bytes.toString('base64') === base64,
        where,
        'a line that signs it is malformed',
      );
      return { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
    });
  return { origin, size: Number(digits), root, signedText, signatures };
}

/** Whether the key has signed it. A wrong signature in the name of the key is worse than none. */
export function isSignedBy(checkpoint: Checkpoint, { name, id, key }: VerifierKey, where: string): boolean {
  const own = checkpoint.signatures.filter((each) => each.name === name && each.id === id);
  for (const { signature } of own)
    must(
      verify(null, Buffer.from(checkpoint.signedText), key, signature),
      where,
      `is not what ${name}+${id} signed`,
    );
  return own.length > 0;
}
