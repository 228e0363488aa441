import type { ClientBase } from 'pg';
import type { Head, KeptAnswer, Taker } from '../../../verify/taker.js';
import type { Tile } from '../../../verify/tree.js';
import { bytes, instants, integers, jsons, longs, texts, uuids } from '../../ledger/binary-array.js';
import { leafHash } from '../../ledger/proof/hashing.js';
import { MovingError } from './moving-error.js';
import { CheckpointRows } from './checkpoint-rows.js';

/** Characters of a salt in base64; a blank and the payload follow it. */
const SALT = 24;

/** An entry (docs/proof.md). */
interface Envelope {
  readonly causationId: string | null;
  readonly correlationId: string;
  readonly id: string;
  readonly payloadHash: string;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly schemaVersion: number;
  readonly sequence: number;
  readonly stream: string;
  readonly streamVersion: number;
  readonly type: string;
}

interface EventRow extends Envelope {
  readonly kind: string;
  readonly leaf: Buffer;
  readonly payload: string | null;
  readonly salt: Buffer | null;
}

/** Writes what an export holds into the tables, as it is read. */
export class ImportedDossier implements Taker {
  private dossier: Head | null = null;
  private opened = false;
  private events: EventRow[] = [];
  private tiles: Tile[] = [];
  private readonly checkpoints: CheckpointRows;
  private claims: { name: string; stream: string }[] = [];
  private kept: KeptAnswer[] = [];

  constructor(
    private readonly client: ClientBase,
    now: string,
    private readonly progress: (done: number, total: number) => void,
  ) {
    this.checkpoints = new CheckpointRows(client, now);
  }

  head(head: Head): void {
    this.dossier = head;
  }

  event(entry: Buffer, carried: Buffer | null): void {
    const text = entry.toString();
    const envelope = JSON.parse(text) as Envelope; // holds: its form was checked
    const [kind = '', stream = ''] = envelope.stream.split('/');
    const salt = carried === null ? null : Buffer.from(carried.toString('latin1', 0, SALT), 'base64');
    const payload = carried === null ? null : carried.toString('utf8', SALT + 1);
    this.events.push({ ...envelope, kind, stream, leaf: leafHash(text), payload, salt });
  }

  tile({ level, index, hashes }: Tile): void {
    if (level > 0) this.tiles.push({ level, index, hashes: Buffer.from(hashes) }); // tiles of level 0 are the leaves
  }

  checkpoint(size: number, note: string, key: string): void {
    this.checkpoints.add(size, note, key);
  }

  claim(name: string, stream: string): void {
    this.claims.push({ name, stream });
  }

  key(kept: KeptAnswer): void {
    this.kept.push(kept);
  }

  async pause(done: number, total: number): Promise<void> {
    this.progress(done, total);
    await this.flush();
  }

  async finish(): Promise<void> {
    await this.flush();
  }

  private async flush(): Promise<void> {
    if (this.dossier === null) return;
    if (!this.opened) await this.open(this.dossier);
    this.opened = true;
    const { dossier } = this.dossier;
    await this.insertEvents(dossier, this.events);
    await this.insertTiles(dossier);
    await this.checkpoints.flush(dossier);
    await this.insertNames(dossier);
    [this.events, this.tiles, this.claims, this.kept] = [[], [], [], []];
  }

  /** Takes its id and its names, or rejects where somebody has them. */
  private async open({ dossier, names, recordedAt, size }: Head): Promise<void> {
    const { rowCount } = await this.client.query(
      'INSERT INTO dossier_head (dossier_id, sequence, recorded_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [dossier, size, recordedAt],
    );
    if (rowCount === 0) throw new MovingError(`There is a dossier ${dossier} already`);
    for (const name of names) {
      const taken = await this.client.query(
        'INSERT INTO dossier_name (name, dossier_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [name, dossier],
      );
      if (taken.rowCount === 0) throw new MovingError(`Another dossier bears the name ${name}`);
    }
  }

  private async insertEvents(dossier: string, events: readonly EventRow[]): Promise<void> {
    if (events.length === 0) return;
    const sequences = longs(events.map(({ sequence }) => sequence));
    await this.client.query({
      name: 'import events',
      text: `INSERT INTO event (dossier_id, sequence, id, stream_kind, stream_id, stream_version, type, schema_version,
                                recorded_at, recorded_by, correlation_id, causation_id, data)
             SELECT $1, e.* FROM unnest($2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::integer[], $7::text[], $8::integer[],
                                        $9::timestamptz[], $10::text[], $11::uuid[], $12::uuid[], $13::json[]) AS e`,
      values: [
        dossier,
        sequences,
        uuids(events.map(({ id }) => id)),
        texts(events.map(({ kind }) => kind)),
        uuids(events.map(({ stream }) => stream)),
        integers(events.map(({ streamVersion }) => streamVersion)),
        texts(events.map(({ type }) => type)),
        integers(events.map(({ schemaVersion }) => schemaVersion)),
        instants(events.map(({ recordedAt }) => Date.parse(recordedAt))),
        texts(events.map(({ recordedBy }) => recordedBy)),
        uuids(events.map(({ correlationId }) => correlationId)),
        uuids(events.map(({ causationId }) => causationId)),
        jsons(events.map(({ payload }) => payload)),
      ],
    });
    await this.client.query({
      name: 'import leaves',
      text: `INSERT INTO ledger_leaf (dossier_id, sequence, salt, payload_hash, leaf_hash)
             SELECT $1, l.sequence, nullif(l.salt, ''), l.payload_hash, l.leaf_hash
               FROM unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[]) AS l(sequence, salt, payload_hash, leaf_hash)`,
      values: [
        dossier,
        sequences,
        bytes(events.map(({ salt }) => salt ?? Buffer.alloc(0))),
        bytes(events.map(({ payloadHash }) => Buffer.from(payloadHash, 'base64'))),
        bytes(events.map(({ leaf }) => leaf)),
      ],
    });
  }

  private async insertTiles(dossier: string): Promise<void> {
    for (const { level, index, hashes } of this.tiles)
      await this.client.query(
        'INSERT INTO ledger_tile (dossier_id, level, index, hashes) VALUES ($1, $2, $3, $4)',
        [dossier, level, index, hashes],
      );
  }

  private async insertNames(dossier: string): Promise<void> {
    const { claims, kept } = this;
    if (claims.length > 0)
      await this.client.query(
        'INSERT INTO claim (dossier_id, name, stream_id) SELECT $1, c.* FROM unnest($2::text[], $3::uuid[]) AS c',
        [dossier, texts(claims.map(({ name }) => name)), uuids(claims.map(({ stream }) => stream))],
      );
    if (kept.length > 0)
      await this.client.query(
        `INSERT INTO idempotency (dossier_id, key, fingerprint, sequence, recorded_at, answer)
         SELECT $1, k.* FROM unnest($2::text[], $3::bytea[], $4::bigint[], $5::timestamptz[], $6::json[]) AS k`,
        [
          dossier,
          texts(kept.map(({ key }) => key)),
          bytes(kept.map(({ fingerprint }) => Buffer.from(fingerprint, 'base64'))),
          longs(kept.map(({ sequence }) => sequence)),
          instants(kept.map(({ recordedAt }) => Date.parse(recordedAt))),
          jsons(kept.map(({ answer }) => answer)),
        ],
      );
  }
}
