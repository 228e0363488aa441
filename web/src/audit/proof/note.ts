import { fromBase64, joined, same, sha256, utf8, type Bytes } from './bytes.js';
import { isSignature } from './ed25519.js';
import type { Head } from './tree.js';

const ED25519 = 1;

/** A C2SP verifier key of Ed25519. */
export interface VerifierKey {
  readonly name: string;
  readonly id: Bytes;
  readonly publicKey: Bytes;
}

/** Null: it is none, its id is not its own, or it is of a type that signs no checkpoint. */
export async function readKey(text: string): Promise<VerifierKey | null> {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([\da-f]{8})\+([\w+/]{44})\n?$/.exec(text) ?? [];
  const bytes = fromBase64(encoded);
  if (bytes?.[0] !== ED25519) return null;
  const publicKey = bytes.slice(1);
  const digest = await sha256(joined(utf8(`${name}\n`), Uint8Array.of(ED25519), publicKey));
  const own = digest.slice(0, 4);
  return Array.from(own, (byte) => byte.toString(16).padStart(2, '0')).join('') === id
    ? { name, id: own, publicKey }
    : null;
}

/** A checkpoint (C2SP tlog-checkpoint): what is signed, and the signatures under it. */
export interface Checkpoint extends Head {
  readonly origin: string;
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly id: Bytes; readonly signature: Bytes }[];
}

/** Null: it is none. */
export function readCheckpoint(note: string): Checkpoint | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) return null;
  const text = note.slice(0, end + 1);
  const [origin = '', size = '', root = ''] = text.split('\n');
  const hash = fromBase64(root);
  if (hash?.length !== 32 || !/^(0|[1-9]\d{0,14})$/.test(size)) return null;
  const signatures = note
    .slice(end + 2)
    .split('\n')
    .flatMap((line) => {
      const [, name = '', encoded = ''] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
      const bytes = fromBase64(encoded);
      return bytes === null || bytes.length < 5
        ? []
        : [{ name, id: bytes.slice(0, 4), signature: bytes.slice(4) }];
    });
  return { origin, size: Number(size), root: hash, text, signatures };
}

/** Whether a key has signed a checkpoint. */
export async function isSignedBy({ text, signatures }: Checkpoint, key: VerifierKey): Promise<boolean> {
  for (const { name, id, signature } of signatures)
    if (name === key.name && same(id, key.id) && (await isSignature(key.publicKey, signature, utf8(text))))
      return true;
  return false;
}
