import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { toBase64, toHex, utf8, type Bytes } from '../../web/src/audit/proof/bytes.js';
import { Contents } from '../../web/src/audit/proof/contents.js';
import { entriesOf, tilePath } from '../../web/src/audit/proof/entry.js';
import { exportedEvents, linesOf } from '../../web/src/audit/proof/exported.js';
import { isSignedBy, readCheckpoint, readKey } from '../../web/src/audit/proof/note.js';
import {
  GrowingTree,
  isConsistent,
  leafHash,
  nodeHash,
  perfectRoot,
  rootOfInclusion,
} from '../../web/src/audit/proof/tree.js';

/** The leaves and the roots of the first n of them in the tests of Certificate Transparency, for which RFC 6962 was written. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leaves = await Promise.all(LEAVES.map((hex) => leafHash(Buffer.from(hex, 'hex'))));
const sizes = ROOTS.map((_root, index) => index + 1);

async function rootOf(size: number): Promise<Bytes> {
  const tree = new GrowingTree();
  for (const leaf of leaves.slice(0, size)) await tree.add(leaf);
  return tree.root();
}

/** RFC 6962, 2.1, written as it stands there: the hash of a list of leaves. */
async function hashOf(list: readonly Bytes[]): Promise<Bytes> {
  const [only] = list;
  if (only !== undefined && list.length === 1) return only;
  const k = split(list.length);
  return nodeHash(await hashOf(list.slice(0, k)), await hashOf(list.slice(k)));
}

const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));

/** RFC 6962, 2.1.1. */
async function pathTo(m: number, list: readonly Bytes[]): Promise<Bytes[]> {
  if (list.length === 1) return [];
  const k = split(list.length);
  return m < k
    ? [...(await pathTo(m, list.slice(0, k))), await hashOf(list.slice(k))]
    : [...(await pathTo(m - k, list.slice(k))), await hashOf(list.slice(0, k))];
}

/** RFC 6962, 2.1.2. */
async function growth(m: number, list: readonly Bytes[], isWhole = true): Promise<Bytes[]> {
  if (m === list.length) return isWhole ? [] : [await hashOf(list)];
  const k = split(list.length);
  return m <= k
    ? [...(await growth(m, list.slice(0, k), isWhole)), await hashOf(list.slice(k))]
    : [...(await growth(m - k, list.slice(k), false)), await hashOf(list.slice(0, k))];
}

/** The same with one bit turned. */
const bent = (bytes: Bytes | undefined): Bytes =>
  Uint8Array.from(bytes ?? [], (byte, index) => (index === 0 ? byte ^ 1 : byte));

describe('In a page', () => {
  it.each(sizes)('the root of %d leaves is that of Certificate Transparency', async (size) => {
    expect(toHex(await rootOf(size))).toBe(ROOTS[size - 1]);
  });

  it('the root of a perfect tree is the same, and grows a tree by all its leaves at once', async () => {
    expect(toHex(await perfectRoot(leaves))).toBe(ROOTS[7]);
    const tree = new GrowingTree();
    await tree.add(await perfectRoot(leaves.slice(0, 4)), 2);
    for (const leaf of leaves.slice(4, 7)) await tree.add(leaf);
    expect(toHex(await tree.root())).toBe(ROOTS[6]);
  });

  it('the root of no leaves is the hash of nothing', async () => {
    expect(toHex(await rootOf(0))).toBe(createHash('sha256').digest('hex'));
  });

  // Break: take `fn === sn` out of rootOfInclusion.
  it.each(sizes)('every leaf of %d is proven to be in the tree, and no other', async (size) => {
    const root = await rootOf(size);
    for (const [index, leaf] of leaves.slice(0, size).entries()) {
      const path = await pathTo(index, leaves.slice(0, size));
      expect(await rootOfInclusion(index, size, leaf, path)).toEqual(root);
      expect(await rootOfInclusion(index, size, bent(leaf), path)).not.toEqual(root);
      expect(await rootOfInclusion(index, size, leaf, [...path, leaf])).toBe(null);
      expect(await rootOfInclusion(index + size, size, leaf, path)).toBe(null);
      if (path.length > 0)
        expect(await rootOfInclusion(index, size, leaf, [bent(path[0]), ...path.slice(1)])).not.toEqual(root);
    }
  });

  // Break: answer isConsistent with one of the two comparisons alone.
  it.each(sizes)(
    'a tree of %d leaves is proven to begin with each smaller one, and with no other',
    async (size) => {
      const larger = { size, root: await rootOf(size) };
      for (let before = 1; before <= size; before++) {
        const smaller = { size: before, root: await rootOf(before) };
        const proof = await growth(before, leaves.slice(0, size));
        expect(await isConsistent(smaller, larger, proof)).toBe(true);
        expect(await isConsistent({ ...smaller, root: bent(smaller.root) }, larger, proof)).toBe(false);
        expect(await isConsistent(smaller, { ...larger, root: bent(larger.root) }, proof)).toBe(false);
        expect(await isConsistent(smaller, larger, [...proof, smaller.root])).toBe(false);
        if (before < size) expect(await isConsistent(larger, smaller, proof)).toBe(false);
      }
    },
  );

  it('a checkpoint is its key’s, and nobody else’s, nor another text’s', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const id = createHash('sha256')
      .update('here\n')
      .update(Buffer.of(1, ...raw))
      .digest()
      .subarray(0, 4);
    const text = `here\n8\n${Buffer.from(ROOTS[7] ?? '', 'hex').toString('base64')}\n`;
    const line = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]).toString('base64');
    const key = await readKey(`here+${id.toString('hex')}+${Buffer.of(1, ...raw).toString('base64')}\n`);
    const checkpoint = readCheckpoint(`${text}\n\u2014 there AAAAAAAA\n\u2014 here ${line}\n`);
    if (key === null || checkpoint === null) throw new Error('Neither is read.');
    expect(checkpoint).toMatchObject({ origin: 'here', size: 8 });
    expect(await isSignedBy(checkpoint, key)).toBe(true);
    expect(await isSignedBy({ ...checkpoint, text: text.replace('8', '9') }, key)).toBe(false);
    expect(await isSignedBy(checkpoint, { ...key, publicKey: bent(key.publicKey) })).toBe(false);
    expect(await readKey(`here+00000000+${Buffer.of(1, ...raw).toString('base64')}`)).toBe(null);
    expect(readCheckpoint('here\n8\nno root\n\n')).toBe(null);
  });

  it('bundles are taken apart, and tiles have the addresses of C2SP', () => {
    expect(entriesOf(Uint8Array.of(0, 1, 65, 0, 2, 66, 67))).toEqual([utf8('A'), utf8('BC')]);
    expect(entriesOf(Uint8Array.of(0, 2, 65))).toBe(null);
    expect([0, 256, 1_234_067].map(tilePath)).toEqual(['000', '256', 'x001/x234/067']);
  });
});

describe('The content of a log, in a page', () => {
  const salt = Buffer.alloc(16, 7);
  const entryOf = (payload: string, index: number, type = 'ProposalMade'): string => {
    const payloadHash = createHash('sha256').update(salt).update(payload).digest('base64');
    const at = { recordedAt: '2025-04-22T09:00:00.000Z', recordedBy: 'ann' };
    return JSON.stringify({ dossier: 'd', ...at, type, payloadHash, sequence: index + 1 });
  };
  const erasure = JSON.stringify({ sequences: [1], reason: 'Ordered.', basis: null });
  const payloads = ['{"a": "é"}', '{"b": 2}', erasure, '{"sequences": [2]}'];
  const entries = payloads.map((each, index) =>
    entryOf(each, index, each === erasure ? 'PayloadRedacted' : undefined),
  );
  const told = payloads.map((payload) => `P ${toBase64(salt)} ${payload}`);

  /** What is found where an export says this of the four events, slice by slice, its bytes arriving in crumbs. */
  const found = async (said: readonly string[], seen = entries): Promise<string> => {
    const lines = said.flatMap((each, index) => [`E ${seen[index]}`, each, 'T 0/0 AAAA']);
    const bytes = Buffer.from(['# standpoint-export/1', 'D {}', ...lines, ''].join('\n'));
    const crumbs = Array.from({ length: Math.ceil(bytes.length / 5) }, (_, at) =>
      bytes.subarray(at * 5, at * 5 + 5),
    );
    const contents = new Contents(exportedEvents(linesOf(ReadableStream.from<Uint8Array>(crumbs))));
    await contents.take(0, entries.slice(0, 3).map(utf8));
    await contents.take(3, entries.slice(3).map(utf8));
    const { says, with: given } = contents.finding(4);
    return [says, given['sequence'] ?? given['erased']].join(' ').trim();
  };
  const but = (sequence: number, line: string): string[] => told.with(sequence - 1, line);

  // Break: in Contents: isPayloadOf; `same(…)`; `event.content === null`; `told.includes(each)`; `=== REDACTED`; `hidden` in finding.
  it('is what the entries commit to, or was erased by an event of the log', async () => {
    expect(await found(told)).toBe('payloadsSame');
    expect(await found(but(1, 'R 3'))).toBe('payloadsErased 1');
    expect(await found(but(4, told[1] ?? ''))).toBe('changed 4');
    expect(await found(but(2, `P ${toBase64(salt)} {"b":2}`))).toBe('changed 2');
    expect(await found(but(2, 'P nothing'))).toBe('payloadWithheld 2');
    expect(await found(but(2, 'R 3'))).toBe('payloadHidden 2');
    expect(await found(but(1, 'R 4'))).toBe('payloadHidden 1');
    expect(await found(but(2, 'R 4'))).toBe('payloadHidden 2'); // it says so, and is no redaction
    expect(await found(but(1, 'R 5'))).toBe('payloadHidden 1');
    expect(await found(told.slice(0, 3))).toBe('payloadWithheld 4');
    expect(await found(told, entries.with(1, entryOf('{"b": 3}', 1)))).toBe('payloadWithheld 2');
  });
});
