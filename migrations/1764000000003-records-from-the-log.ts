import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lists show what the log holds; their rows only say where it stands. And what is searched by is kept apart from what is listed.
 * `state` and `words` are no longer written.
 */
export class RecordsFromTheLog1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

const UP = [
  'ALTER TABLE statement_version ALTER COLUMN state DROP NOT NULL',
  'ALTER TABLE assessment_version ALTER COLUMN state DROP NOT NULL',
  'ALTER TABLE statement_version ALTER COLUMN words DROP NOT NULL',

  // The words of a statement as they were known from one sequence until another.
  `CREATE TABLE statement_words (
     dossier_id uuid NOT NULL,
     build integer NOT NULL,
     statement_id uuid NOT NULL,
     known_from bigint NOT NULL,
     known_to bigint,
     words tsvector NOT NULL,
     PRIMARY KEY (dossier_id, build, statement_id, known_from)
   )`,
  'CREATE INDEX statement_words_words ON statement_words USING gin (words)',
];
