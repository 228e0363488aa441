import { HASH } from './hashing.js';
import { readNote } from './note.js';

/** A tree's size and root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** A checkpoint as the installation signed it, without witnesses. */
export interface Checkpoint extends TreeHead {
  readonly note: string;
  /** By whom: Ed25519, 32 bytes. */
  readonly publicKey: Buffer;
}

/** docs/proof.md: what a dossier's log calls itself, and its keys. Stored in signatures: never changed. */
export function originOf(dossier: string): string {
  return `standpoint/dossier/${dossier}`;
}

/** C2SP tlog-checkpoint, "Note text". */
export function checkpointText(dossier: string, { size, root }: TreeHead): string {
  return `${originOf(dossier)}\n${size}\n${root.toString('base64')}\n`;
}

/** The head that a note of this dossier's log tells; null: it is no checkpoint of it. */
export function headOf(dossier: string, note: string): TreeHead | null {
  const text = readNote(note)?.text ?? '';
  const [origin, size, root = ''] = text.split('\n');
  const head = { size: Number(size), root: Buffer.from(root, 'base64') };
  const isOurs = origin === originOf(dossier) && head.root.length === HASH;
  return isOurs && checkpointText(dossier, head) === text ? head : null;
}
