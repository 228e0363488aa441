import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who may do what. The log of access is a log like every dossier's, under an id of its own that no dossier can have: it begins here, so that
 * no two processes need to agree on beginning it. The tables beside it hold what is no event: it may be changed, and may be lost.
 */
export class Access1764000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

const UP = [
  `INSERT INTO dossier_head (dossier_id, sequence, recorded_at)
     VALUES ('00000000-0000-7000-8000-000000000000', 0, '1970-01-01T00:00:00Z')`,

  // When a token was last used, to the minute.
  `CREATE TABLE token_use (
     dossier_id uuid NOT NULL,
     token_id uuid NOT NULL,
     used_at timestamptz NOT NULL,
     PRIMARY KEY (dossier_id, token_id)
   ) WITH (fillfactor = 50)`,

  // A browser's session stands for the token that it was exchanged for. Secrets are kept as SHA-256 only.
  `CREATE TABLE session (
     dossier_id uuid NOT NULL,
     digest bytea NOT NULL,
     token_digest text NOT NULL,
     used_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL,
     PRIMARY KEY (dossier_id, digest)
   ) WITH (fillfactor = 50)`,

  // A link that begins a session, once.
  `CREATE TABLE login_link (
     dossier_id uuid NOT NULL,
     digest bytea NOT NULL,
     token_digest text NOT NULL,
     expires_at timestamptz NOT NULL,
     PRIMARY KEY (dossier_id, digest)
   )`,
];
