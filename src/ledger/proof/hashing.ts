import { hash } from 'node:crypto';

/** Bytes of a hash. */
export const HASH = 32;

/** SHA-256 of bytes, or of a text's UTF-8. */
export function sha256(content: Buffer | string): Buffer {
  return hash('sha256', content, 'buffer');
}

/** RFC 6962, 2.1: a leaf's hash. */
export function leafHash(entry: string): Buffer {
  return sha256(`\0${entry}`);
}

/** RFC 6962, 2.1: a node's hash. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  const content = Buffer.allocUnsafe(1 + 2 * HASH);
  content[0] = 1;
  left.copy(content, 1);
  right.copy(content, 1 + HASH);
  return sha256(content);
}

/** RFC 6962, 2.1: the root of no leaves. */
export const EMPTY_ROOT = sha256('');

/** The hash of the subtree over hashes that stand one behind the other; so many that they are a power of two. */
export function subtree(hashes: Buffer): Buffer {
  if (hashes.length === HASH) return hashes;
  const middle = hashes.length / 2;
  return nodeHash(subtree(hashes.subarray(0, middle)), subtree(hashes.subarray(middle)));
}

/** The root over complete subtrees of falling size, from left to right. */
export function joined(subtrees: readonly Buffer[]): Buffer {
  return subtrees.length === 0 ? EMPTY_ROOT : subtrees.reduceRight((right, left) => nodeHash(left, right));
}
