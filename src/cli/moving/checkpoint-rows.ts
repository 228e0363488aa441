import type { ClientBase } from 'pg';
import { noteOf, readNote, readSignatureLine, readVerifierKey } from '../../ledger/proof/note.js';
import { originOf } from '../../ledger/proof/checkpoint.js';

interface Row {
  readonly size: number;
  readonly note: string;
  readonly key: string;
}

/** The checkpoints of an imported dossier: what the log's own keys signed, and its witnesses' lines apart from that, as they are kept. */
export class CheckpointRows {
  private rows: Row[] = [];

  constructor(
    private readonly client: ClientBase,
    private readonly now: string,
  ) {}

  add(size: number, note: string, key: string): void {
    this.rows.push({ size, note, key });
  }

  async flush(dossier: string): Promise<void> {
    for (const row of this.rows) await this.insert(dossier, row);
    this.rows = [];
  }

  private async insert(dossier: string, { size, note, key }: Row): Promise<void> {
    const { text = '', lines = [] } = readNote(note) ?? {};
    const read = lines.map((line) => ({ line, signature: readSignatureLine(line) }));
    const own = read.filter(({ signature }) => signature?.name === originOf(dossier));
    await this.client.query(
      'INSERT INTO ledger_checkpoint (dossier_id, size, note, public_key, signed_at) VALUES ($1, $2, $3, $4, $5)',
      [
        dossier,
        size,
        noteOf(
          text,
          own.map(({ line }) => line),
        ),
        readVerifierKey(key)?.publicKey,
        this.now,
      ],
    );
    for (const { line, signature } of read)
      if (signature !== null && signature.name !== originOf(dossier))
        await this.client.query(
          'INSERT INTO ledger_cosignature (dossier_id, size, witness, line, added_at) VALUES ($1, $2, $3, $4, $5)',
          [dossier, size, `${signature.name}+${signature.keyId.toString('hex')}`, line, this.now],
        );
  }
}
