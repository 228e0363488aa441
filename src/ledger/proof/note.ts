import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { sha256 } from './hashing.js';

/** C2SP signed-note, "Signature types", of those that are read or written here. */
export const ED25519 = 1;
export const COSIGNATURE = 4;
export type SignatureType = typeof ED25519 | typeof COSIGNATURE;

/** A key that verifies signatures of one name. */
export interface VerifierKey {
  readonly name: string;
  readonly type: SignatureType;
  /** Ed25519, 32 bytes (RFC 8032). */
  readonly publicKey: Buffer;
}

/** A line under a note. */
export interface SignatureLine {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Buffer;
  readonly signature: Buffer;
}

/** C2SP signed-note, "Verifier keys". */
export function verifierKeyText(key: VerifierKey): string {
  return `${key.name}+${keyId(key).toString('hex')}+${Buffer.of(key.type, ...key.publicKey).toString('base64')}`;
}

/** Null: it is none, its key id is not its own, or it is of a type that is not read here. */
export function readVerifierKey(text: string): VerifierKey | null {
  const [, name = '', , encoded = ''] = /^([^\s+]+)\+([\da-f]{8})\+([\w+/]{44})$/.exec(text) ?? [];
  const [type, ...publicKey] = Buffer.from(encoded, 'base64');
  if (type !== ED25519 && type !== COSIGNATURE) return null;
  const key: VerifierKey = { name, type, publicKey: Buffer.from(publicKey) };
  return verifierKeyText(key) === text ? key : null;
}

/** The first four bytes of SHA-256(name ‖ LF ‖ type ‖ public key). */
export function keyId({ name, type, publicKey }: VerifierKey): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey])).subarray(0, 4);
}

export function signatureLine(key: VerifierKey, signature: Buffer): string {
  return `\u2014 ${key.name} ${Buffer.concat([keyId(key), signature]).toString('base64')}`;
}

/** A line without its line feed; null: it is none. */
export function readSignatureLine(line: string): SignatureLine | null {
  const [, name = '', encoded = ''] = /^\u2014 ([^\s+]+) ([\w+/]+={0,2})$/.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length < 5 || bytes.toString('base64') !== encoded) return null;
  return { name, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** `text` ends in a line feed. */
export function noteOf(text: string, lines: readonly string[]): string {
  return `${text}\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** The text of a note, with its last line feed, and the lines under it; null: it is no note. */
export function readNote(note: string): { readonly text: string; readonly lines: readonly string[] } | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  return { text: note.slice(0, end + 1), lines: note.slice(end + 2, -1).split('\n') };
}

/** Whether a signature is this key's, of a note's text. */
export function isSignedBy(key: VerifierKey, text: string, line: SignatureLine): boolean {
  if (line.name !== key.name || !line.keyId.equals(keyId(key))) return false;
  if (key.type === ED25519) return verify(null, Buffer.from(text), keyObject(key), line.signature);
  const time = timeOf(line);
  if (time === null) return false;
  return verify(
    null,
    Buffer.from(`cosignature/v1\ntime ${time}\n${text}`),
    keyObject(key),
    line.signature.subarray(8),
  );
}

/** C2SP tlog-cosignature: when a cosignature was made, in seconds since 1970. Null: it is none. */
export function timeOf({ signature }: SignatureLine): bigint | null {
  if (signature.length !== 8 + 64) return null;
  const time = signature.readBigUInt64BE();
  return time < 2n ** 63n ? time : null;
}

function keyObject({ publicKey }: VerifierKey): KeyObject {
  const x = publicKey.toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
