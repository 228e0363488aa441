import { joined, same, sha256, type Bytes } from './bytes.js';

/** RFC 6962, 2.1: SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array): Promise<Bytes> {
  return sha256(joined(Uint8Array.of(0), entry));
}

/** RFC 6962, 2.1: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(joined(Uint8Array.of(1), left, right));
}

const isOdd = (n: number): boolean => n % 2 === 1;
const half = (n: number): number => Math.floor(n / 2);

/** The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); null: the proof is of no such tree. */
export async function rootOfInclusion(
  index: number,
  size: number,
  leaf: Bytes,
  proof: readonly Bytes[],
): Promise<Bytes | null> {
  if (index < 0 || index >= size) return null;
  let [fn, sn] = [index, size - 1];
  let root = leaf;
  for (const hash of proof) {
    if (sn === 0) return null;
    if (isOdd(fn) || fn === sn) {
      root = await nodeHash(hash, root);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else root = await nodeHash(root, hash);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? root : null;
}

export interface Head {
  readonly size: number;
  readonly root: Bytes;
}

/** Whether the larger tree begins with the smaller one (RFC 9162, 2.1.4.2). The smaller has at least one leaf. */
export async function isConsistent(smaller: Head, larger: Head, proof: readonly Bytes[]): Promise<boolean> {
  if (smaller.size === larger.size) return proof.length === 0 && same(smaller.root, larger.root);
  if (smaller.size < 1 || smaller.size > larger.size) return false;
  const isPower = Number.isInteger(Math.log2(smaller.size));
  const [first, ...rest] = isPower ? [smaller.root, ...proof] : proof;
  if (first === undefined) return false;
  let [fn, sn] = [smaller.size - 1, larger.size - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [before, after] = [first, first];
  for (const hash of rest) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      before = await nodeHash(hash, before);
      after = await nodeHash(hash, after);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else after = await nodeHash(after, hash);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && same(before, smaller.root) && same(after, larger.root);
}

/** The root of a tree of as many leaves as a power of two. A level at a time, which browsers hash side by side. */
export async function perfectRoot(leaves: readonly Bytes[]): Promise<Bytes> {
  let level = leaves;
  while (level.length > 1) {
    const below = level;
    level = await Promise.all(
      below.flatMap((left, index) => {
        const right = below[index + 1];
        return isOdd(index) || right === undefined ? [] : [nodeHash(left, right)];
      }),
    );
  }
  return level[0] ?? sha256(new Uint8Array());
}

/** The root of a tree that leaves are added to, in order: what waits for a right neighbour, by height. */
export class GrowingTree {
  private readonly waiting: (Bytes | null)[] = [];

  /** A leaf, or the root of a perfect tree of 2^height leaves where all that was added before fills such trees. */
  async add(root: Bytes, above = 0): Promise<void> {
    let node = root;
    let height = above;
    for (let left = this.waiting[height]; left !== null && left !== undefined; left = this.waiting[height]) {
      node = await nodeHash(left, node);
      this.waiting[height++] = null;
    }
    this.waiting[height] = node;
  }

  async root(): Promise<Bytes> {
    let right: Bytes | null = null;
    for (const left of this.waiting) if (left) right = right === null ? left : await nodeHash(left, right);
    return right ?? sha256(new Uint8Array());
  }
}
