import { headOf } from './checkpoint.js';
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

/** Whose lines were added, or why none was: it is no checkpoint of this log, a witness has not signed it, or none of these witnesses has. */
export type Cosigned =
  | { readonly status: 'added'; readonly size: number; readonly witnesses: readonly string[] }
  | { readonly status: 'unknown-checkpoint' | 'wrong-signature' | 'unknown-witness' };

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

  /** Adds the lines of witnesses that stand under a checkpoint of a log. Signatures of others are passed over (C2SP signed-note). */
  async cosign(dossier: string, note: string): Promise<Cosigned> {
    const size = headOf(dossier, note)?.size;
    const ours = size === undefined ? null : await this.checkpoints.of(dossier, size);
    const read = readNote(note);
    if (size === undefined || read === null || ours === null || readNote(ours.note)?.text !== read.text)
      return { status: 'unknown-checkpoint' };
    const known = read.lines.flatMap((line) => this.known(line));
    if (known.length === 0) return { status: 'unknown-witness' };
    if (!known.every(({ key, signature }) => isSignedBy(key, read.text, signature)))
      return { status: 'wrong-signature' };
    for (const { key, line } of known) {
      const witness = `${key.name}+${keyId(key).toString('hex')}`;
      await this.checkpoints.cosign(dossier, { size, witness, line }, this.now());
    }
    return { status: 'added', size, witnesses: known.map(({ key }) => key.name) };
  }

  private known(line: string): Known[] {
    const signature = readSignatureLine(line);
    const key =
      signature &&
      this.keys.find((each) => each.name === signature.name && keyId(each).equals(signature.keyId));
    return signature && key ? [{ key, line, signature }] : [];
  }
}

interface Known {
  readonly key: VerifierKey;
  readonly line: string;
  readonly signature: NonNullable<ReturnType<typeof readSignatureLine>>;
}
