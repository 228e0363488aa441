import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is derived from the log and can be derived again. `build` lets a new derivation grow beside the one that is served. */
export class Projections1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

const UP = [
  `CREATE TABLE projection_build (
     dossier_id uuid NOT NULL,
     name text NOT NULL,
     build integer NOT NULL,
     version integer NOT NULL,
     status text NOT NULL CHECK (status IN ('live', 'building', 'retired')),
     checkpoint bigint NOT NULL DEFAULT 0,
     failure json,
     changed_at timestamptz NOT NULL,
     PRIMARY KEY (dossier_id, name, build)
   ) WITH (fillfactor = 50)`,
  `CREATE UNIQUE INDEX projection_build_live ON projection_build (dossier_id, name) WHERE status = 'live'`,
  `CREATE UNIQUE INDEX projection_build_building ON projection_build (dossier_id, name) WHERE status = 'building'`,

  `CREATE TABLE dead_letter (
     dossier_id uuid NOT NULL,
     projection text NOT NULL,
     build integer NOT NULL,
     sequence bigint NOT NULL,
     type text NOT NULL,
     error text NOT NULL,
     noticed_at timestamptz NOT NULL,
     PRIMARY KEY (dossier_id, projection, build, sequence)
   )`,

  // A record (statement or assessment) as it was known from one sequence until another (exclusive; null: still).
  `CREATE TABLE statement_version (
     dossier_id uuid NOT NULL,
     build integer NOT NULL,
     statement_id uuid NOT NULL,
     known_from bigint NOT NULL,
     known_to bigint,
     origin bigint NOT NULL,
     version integer NOT NULL,
     said timestamptz NOT NULL,
     act text NOT NULL,
     party_id uuid,
     speaker_id uuid,
     topic_id uuid,
     source_id uuid,
     refers_to uuid,
     recorded_by text NOT NULL,
     voided boolean NOT NULL,
     state json NOT NULL,
     words tsvector NOT NULL,
     PRIMARY KEY (dossier_id, build, statement_id, known_from)
   )`,
  `CREATE INDEX statement_version_in_said_order ON statement_version (dossier_id, build, said, origin)`,
  ...['party_id', 'speaker_id', 'topic_id', 'source_id'].map(
    (column) =>
      `CREATE INDEX statement_version_of_${column} ON statement_version (dossier_id, build, ${column}, said, origin)`,
  ),
  `CREATE INDEX statement_version_replies ON statement_version (dossier_id, build, refers_to, said, origin) WHERE refers_to IS NOT NULL`,
  `CREATE INDEX statement_version_words ON statement_version USING gin (words)`,

  `CREATE TABLE assessment_version (
     dossier_id uuid NOT NULL,
     build integer NOT NULL,
     assessment_id uuid NOT NULL,
     known_from bigint NOT NULL,
     known_to bigint,
     origin bigint NOT NULL,
     version integer NOT NULL,
     said timestamptz NOT NULL,
     party_id uuid NOT NULL,
     topic_id uuid NOT NULL,
     recorded_by text NOT NULL,
     voided boolean NOT NULL,
     state json NOT NULL,
     PRIMARY KEY (dossier_id, build, assessment_id, known_from)
   )`,
  `CREATE INDEX assessment_version_in_said_order ON assessment_version (dossier_id, build, said, origin)`,

  `CREATE TABLE statement_count (
     dossier_id uuid NOT NULL,
     build integer NOT NULL,
     statements bigint NOT NULL,
     PRIMARY KEY (dossier_id, build)
   ) WITH (fillfactor = 50)`,

  // positions.md: one row for each version of an entry, closed when a correction or a voiding ends it.
  `CREATE TABLE position_entry (
     dossier_id uuid NOT NULL,
     build integer NOT NULL,
     record_id uuid NOT NULL,
     known_from bigint NOT NULL,
     known_to bigint,
     party_id uuid NOT NULL,
     topic_id uuid NOT NULL,
     said timestamptz NOT NULL,
     origin bigint NOT NULL,
     act text NOT NULL,
     speaker_id uuid,
     stance text,
     conditions json,
     PRIMARY KEY (dossier_id, build, record_id, known_from)
   )`,
  `CREATE INDEX position_entry_of_pair ON position_entry (dossier_id, build, party_id, topic_id, said, origin)`,
  `CREATE INDEX position_entry_in_said_order ON position_entry (dossier_id, build, said, origin) WHERE stance IS NOT NULL`,

  `CREATE TABLE position_pair (
     dossier_id uuid NOT NULL,
     build integer NOT NULL,
     party_id uuid NOT NULL,
     topic_id uuid NOT NULL,
     PRIMARY KEY (dossier_id, build, party_id, topic_id)
   )`,
];
