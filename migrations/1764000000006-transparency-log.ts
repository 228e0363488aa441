import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The transparency log of each dossier: docs/proof.md. Leaves are made once, with salts that nobody can make again, so they are as
 * append-only as the events. `hashes` are 32 bytes each.
 */
export class TransparencyLog1764000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('What was signed stays: migrations go forward only.'));
  }
}

const APPEND_ONLY = ['ledger_leaf', 'ledger_checkpoint', 'ledger_cosignature'];

const UP = [
  // The leaf of the event with the same sequence. No salt: the payload was redacted.
  `CREATE TABLE ledger_leaf (
     dossier_id uuid NOT NULL,
     sequence bigint NOT NULL,
     salt bytea,
     payload_hash bytea NOT NULL,
     leaf_hash bytea NOT NULL,
     PRIMARY KEY (dossier_id, sequence)
   )`,

  // Tiles of level 1 and above; those of level 0 are the leaves. The last one of a level grows.
  `CREATE TABLE ledger_tile (
     dossier_id uuid NOT NULL,
     level smallint NOT NULL CHECK (level > 0),
     index bigint NOT NULL,
     hashes bytea NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
     PRIMARY KEY (dossier_id, level, index)
   )`,
  `ALTER TABLE ledger_tile ALTER hashes SET STORAGE EXTERNAL`, // hashes cannot be compressed

  // What was signed. The note as the installation signed it, without cosignatures; by whose key (Ed25519, 32 bytes).
  `CREATE TABLE ledger_checkpoint (
     dossier_id uuid NOT NULL,
     size bigint NOT NULL,
     note text NOT NULL,
     public_key bytea NOT NULL,
     signed_at timestamptz NOT NULL,
     PRIMARY KEY (dossier_id, size)
   )`,

  // A witness's signature line under a checkpoint, without its line feed. A witness is "name+key id".
  `CREATE TABLE ledger_cosignature (
     dossier_id uuid NOT NULL,
     size bigint NOT NULL,
     witness text NOT NULL,
     line text NOT NULL,
     added_at timestamptz NOT NULL,
     PRIMARY KEY (dossier_id, size, witness)
   )`,

  ...APPEND_ONLY.map(
    (table) => `CREATE TRIGGER ${table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  ),
  `CREATE TRIGGER ledger_tile_is_kept BEFORE DELETE OR TRUNCATE ON ledger_tile
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  `CREATE FUNCTION refuse_other_hashes() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF (NEW.dossier_id, NEW.level, NEW.index) IS DISTINCT FROM (OLD.dossier_id, OLD.level, OLD.index)
        OR substring(NEW.hashes FOR length(OLD.hashes)) <> OLD.hashes THEN
       RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'insufficient_privilege';
     END IF;
     RETURN NEW;
   END $$`,
  `CREATE TRIGGER ledger_tile_only_grows BEFORE UPDATE ON ledger_tile FOR EACH ROW EXECUTE FUNCTION refuse_other_hashes()`,

  `REVOKE UPDATE, DELETE, TRUNCATE ON ${APPEND_ONLY.join(', ')} FROM CURRENT_USER`,
  `REVOKE DELETE, TRUNCATE ON ledger_tile FROM CURRENT_USER`,
];
