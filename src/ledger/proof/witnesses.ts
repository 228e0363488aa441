import type { Checkpoints } from './checkpoints.js';
import {
  COSIGNATURE,
  isSignedBy,
  keyId,
  readNote,
  readSignatureLine,
  readVerifierKey,
  type VerifierKey,
} from './note.js';
import { LedgerDamaged } from './stored-tree.js';

/** `unknown-checkpoint`: nothing of that size was signed; the others: the line is no cosignature, of none of these witnesses, or not true. */
export type Cosigned =
  'added' | 'unknown-checkpoint' | 'no-cosignature' | 'unknown-witness' | 'wrong-signature';

/** The verifier key of a witness (C2SP tlog-cosignature, Ed25519); null: it is none. */
export function readWitness(text: string): VerifierKey | null {
  const key = readVerifierKey(text);
  return key?.type === COSIGNATURE ? key : null;
}

/** Those whose signatures are taken and shown under checkpoints. */
export class Witnesses {
  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly keys: readonly VerifierKey[],
    private readonly now: () => string,
  ) {}

  /** Adds a witness's line to a checkpoint, if it is true. */
  async cosign(dossier: string, size: number, line: string): Promise<Cosigned> {
    const signature = readSignatureLine(line);
    if (signature === null) return 'no-cosignature';
    const key = this.keys.find((each) => each.name === signature.name && keyId(each).equals(signature.keyId));
    if (key === undefined) return 'unknown-witness';
    const checkpoint = await this.checkpoints.of(dossier, size);
    if (checkpoint === null) return 'unknown-checkpoint';
    const text = readNote(checkpoint.note)?.text;
    if (text === undefined) throw new LedgerDamaged(`Checkpoint ${size} is no note.`);
    if (!isSignedBy(key, text, signature)) return 'wrong-signature';
    const witness = `${key.name}+${keyId(key).toString('hex')}`;
    await this.checkpoints.cosign(dossier, { size, witness, line }, this.now());
    return 'added';
  }
}
