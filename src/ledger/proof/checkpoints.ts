import type { Connection } from '../event-log.js';
import { headOf, type Checkpoint } from './checkpoint.js';
import { noteOf, readNote } from './note.js';
import { LedgerDamaged } from './stored-tree.js';

interface CheckpointRow {
  readonly size: string;
  readonly note: string;
  readonly public_key: Buffer;
}

/** A witness's signature under a checkpoint. */
export interface Cosignature {
  readonly size: number;
  /** Its key's name and id, as "name+id". */
  readonly witness: string;
  readonly line: string;
}

/** The checkpoints that were published. */
export class Checkpoints {
  constructor(private readonly connection: Connection) {}

  /** The largest one; null while there is none. */
  async last(dossier: string): Promise<Checkpoint | null> {
    const [last] = await this.rows(dossier, 'ORDER BY size DESC LIMIT 1');
    return last ?? null;
  }

  /** The one that the log began with. */
  async first(dossier: string): Promise<Checkpoint | null> {
    const [first] = await this.rows(dossier, 'ORDER BY size LIMIT 1');
    return first ?? null;
  }

  async of(dossier: string, size: number): Promise<Checkpoint | null> {
    const [found] = await this.rows(dossier, 'AND size = $2', size);
    return found ?? null;
  }

  /** The smallest ones that are larger than a size, in order. */
  after(dossier: string, size: number, limit: number): Promise<Checkpoint[]> {
    return this.rows(dossier, 'AND size > $2 ORDER BY size LIMIT $3', size, limit);
  }

  /** Does nothing where it is there already. */
  async publish(dossier: string, { size, note, publicKey }: Checkpoint, now: string): Promise<void> {
    await this.connection.query({
      name: 'ledger publish',
      text: `INSERT INTO ledger_checkpoint (dossier_id, size, note, public_key, signed_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING`,
      values: [dossier, size, note, publicKey, now],
    });
  }

  /** The first cosignature of a witness under a checkpoint is kept. */
  async cosign(dossier: string, { size, witness, line }: Cosignature, now: string): Promise<void> {
    await this.connection.query({
      name: 'ledger cosign',
      text: `INSERT INTO ledger_cosignature (dossier_id, size, witness, line, added_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING`,
      values: [dossier, size, witness, line, now],
    });
  }

  /** The note with the signatures of its witnesses. */
  async cosigned(dossier: string, { size, note }: Checkpoint): Promise<string> {
    const { rows } = await this.connection.query<{ line: string }>({
      name: 'ledger cosignatures',
      text: 'SELECT line FROM ledger_cosignature WHERE dossier_id = $1 AND size = $2 ORDER BY witness',
      values: [dossier, size],
    });
    const read = readNote(note);
    if (read === null) throw new LedgerDamaged(`Checkpoint ${size} is no note.`);
    return noteOf(read.text, [...read.lines, ...rows.map(({ line }) => line)]);
  }

  private async rows(dossier: string, condition: string, ...values: number[]): Promise<Checkpoint[]> {
    const { rows } = await this.connection.query<CheckpointRow>({
      name: `ledger checkpoints ${condition}`,
      text: `SELECT size, note, public_key FROM ledger_checkpoint WHERE dossier_id = $1 ${condition}`,
      values: [dossier, ...values],
    });
    return rows.map(({ size, note, public_key }) => {
      const head = headOf(dossier, note);
      if (head?.size !== Number(size)) throw new LedgerDamaged(`Checkpoint ${size} is not one of this log.`);
      return { ...head, note, publicKey: public_key };
    });
  }
}
