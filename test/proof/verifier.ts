/**
 * A verifier of transparency logs, written from the specifications alone: it shares no line with src, and imports nothing of it. RFC 6962,
 * RFC 9162 (2.1.3.2 and 2.1.4.2: how proofs are checked), and C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof, tlog-cosignature.
 */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

const sha256 = (...parts: (Buffer | string)[]): Buffer => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
};

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

export const hashLeaf = (entry: Buffer | string): Buffer => sha256(LEAF, entry);
const hashPair = (left: Buffer, right: Buffer): Buffer => sha256(NODE, left, right);

/** RFC 6962, 2.1: MTH, over the leaves' hashes. */
export function merkleTreeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256('');
  if (leaves.length === 1) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return hashPair(merkleTreeHash(leaves.slice(0, k)), merkleTreeHash(leaves.slice(k)));
}

/** RFC 9162, 2.1.3.2. */
export function provesInclusion(
  leaf: Buffer,
  { index, size, root, path }: { index: number; size: number; root: Buffer; path: readonly Buffer[] },
): boolean {
  if (index >= size) return false;
  let fn = BigInt(index);
  let sn = BigInt(size - 1);
  let r = leaf;
  for (const p of path) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      r = hashPair(p, r);
      if ((fn & 1n) === 0n)
        do {
          fn >>= 1n;
          sn >>= 1n;
        } while ((fn & 1n) === 0n && fn !== 0n);
    } else r = hashPair(r, p);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && r.equals(root);
}

export interface Head {
  readonly size: number;
  readonly root: Buffer;
}

/** RFC 9162, 2.1.4.2. From the empty tree every tree follows, without proof. */
export function provesConsistency(first: Head, second: Head, path: readonly Buffer[]): boolean {
  if (first.size > second.size) return false;
  if (first.size === 0) return path.length === 0;
  if (first.size === second.size) return path.length === 0 && first.root.equals(second.root);
  const isPowerOfTwo = (BigInt(first.size) & (BigInt(first.size) - 1n)) === 0n;
  const [start, ...rest] = isPowerOfTwo ? [first.root, ...path] : path;
  if (start === undefined) return false;
  let fn = BigInt(first.size - 1);
  let sn = BigInt(second.size - 1);
  while ((fn & 1n) === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let fr = start;
  let sr = start;
  for (const c of rest) {
    if (sn === 0n) return false;
    if ((fn & 1n) === 1n || fn === sn) {
      fr = hashPair(c, fr);
      sr = hashPair(c, sr);
      if ((fn & 1n) === 0n)
        do {
          fn >>= 1n;
          sn >>= 1n;
        } while ((fn & 1n) === 0n && fn !== 0n);
    } else sr = hashPair(sr, c);
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n && fr.equals(first.root) && sr.equals(second.root);
}

/** C2SP signed-note. */
export interface VerifierKey {
  readonly name: string;
  readonly id: string;
  /** 1: Ed25519; 4: cosignature/v1. */
  readonly type: number;
  readonly key: KeyObject;
}

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410, 4

export function readVerifierKey(text: string): VerifierKey {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text);
  if (found === null) throw new Error(`No verifier key: ${text}`);
  const [, name = '', id = '', encoded = ''] = found;
  const material = Buffer.from(encoded, 'base64');
  if (material.length !== 33) throw new Error('Not an Ed25519 key.');
  if (sha256(`${name}\n`, material).subarray(0, 4).toString('hex') !== id) throw new Error('Wrong key id.');
  const der = Buffer.concat([SPKI_ED25519, material.subarray(1)]);
  return {
    name,
    id,
    type: material[0] ?? 0,
    key: createPublicKey({ key: der, format: 'der', type: 'spki' }),
  };
}

export interface SignatureLine {
  readonly name: string;
  readonly id: string;
  readonly bytes: Buffer;
}

export interface Note {
  /** With its final newline. */
  readonly text: string;
  readonly signatures: readonly SignatureLine[];
}

export function readNote(note: string): Note {
  if ([...note].some((character) => character < ' ' && character !== '\n'))
    throw new Error('Control characters in a note.');
  const gap = note.lastIndexOf('\n\n');
  if (gap < 0 || !note.endsWith('\n')) throw new Error('Not a signed note.');
  const lines = note.slice(gap + 2, -1).split('\n');
  return {
    text: note.slice(0, gap + 1),
    signatures: lines.map((line) => {
      const found = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line);
      if (found === null) throw new Error(`Not a signature line: ${line}`);
      const raw = Buffer.from(found[2] ?? '', 'base64');
      if (raw.length < 5) throw new Error('A signature without bytes.');
      return { name: found[1] ?? '', id: raw.subarray(0, 4).toString('hex'), bytes: raw.subarray(4) };
    }),
  };
}

/** Of these keys the ones that have signed it. Throws where one of them has signed wrongly. */
export function signersOf(note: Note, keys: readonly VerifierKey[]): VerifierKey[] {
  return keys.filter((key) => {
    const line = note.signatures.find(({ name, id }) => name === key.name && id === key.id);
    if (line === undefined) return false;
    if (!isSigned(note.text, line.bytes, key)) throw new Error(`Wrong signature of ${key.name}.`);
    return true;
  });
}

function isSigned(text: string, bytes: Buffer, { type, key }: VerifierKey): boolean {
  if (type === 1) return verify(null, Buffer.from(text), key, bytes);
  if (type !== 4 || bytes.length !== 72) return false;
  const time = bytes.readBigUInt64BE();
  return verify(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), key, bytes.subarray(8));
}

export interface Checkpoint extends Head {
  readonly origin: string;
}

/** C2SP tlog-checkpoint: the text of a note. */
export function readCheckpoint(text: string): Checkpoint {
  const found = /^([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n((?:[^\n]+\n)*)$/.exec(text);
  if (found === null) throw new Error('Not a checkpoint.');
  return { origin: found[1] ?? '', size: Number(found[2]), root: Buffer.from(found[3] ?? '', 'base64') };
}

export interface LogProof {
  readonly extra: Buffer | null;
  readonly index: number;
  readonly path: readonly Buffer[];
  readonly checkpoint: string;
}

/** C2SP tlog-proof. */
export function readProof(text: string): LogProof {
  const gap = text.indexOf('\n\n');
  const [head, ...lines] = text.slice(0, gap).split('\n');
  if (head !== 'c2sp.org/tlog-proof@v1') throw new Error('Not a tlog-proof.');
  const extra = lines[0]?.startsWith('extra ') ? Buffer.from(lines.shift()?.slice(6) ?? '', 'base64') : null;
  const index = /^index (0|[1-9]\d*)$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined) throw new Error('A proof without its index.');
  const path = lines.map((line) => Buffer.from(line, 'base64'));
  if (path.some(({ length }) => length !== 32)) throw new Error('A hash that is none.');
  return { extra, index: Number(index), path, checkpoint: text.slice(gap + 2) };
}

/** C2SP tlog-tiles: which tiles a tree of a size consists of, and how wide each is. */
export function tilesOf(size: number): { level: number; index: number; width: number }[] {
  const tiles: { level: number; index: number; width: number }[] = [];
  for (let [level, nodes] = [0, size]; nodes > 0; level++, nodes = Math.floor(nodes / 256))
    for (let index = 0; index * 256 < nodes; index++)
      tiles.push({ level, index, width: Math.min(256, nodes - index * 256) });
  return tiles;
}

export function tilePath({
  level,
  index,
  width,
}: {
  level: number | 'entries';
  index: number;
  width: number;
}): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${path}${width === 256 ? '' : `.p/${width}`}`;
}

/** C2SP tlog-tiles: the hash at a place of a tile, from all the leaves' hashes. */
export function tileHashes(
  { level, index, width }: { level: number; index: number; width: number },
  leaves: readonly Buffer[],
): Buffer {
  const span = 256 ** level;
  const hashes = Array.from({ length: width }, (_, i) =>
    merkleTreeHash(leaves.slice((index * 256 + i) * span, (index * 256 + i + 1) * span)),
  );
  return Buffer.concat(hashes);
}

/** C2SP tlog-tiles: the entries of a bundle. */
export function readBundle(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const length = bundle.readUInt16BE(at);
    const entry = bundle.subarray(at + 2, at + 2 + length);
    if (entry.length !== length) throw new Error('A bundle that ends in an entry.');
    entries.push(entry);
    at += 2 + length;
  }
  return entries;
}
