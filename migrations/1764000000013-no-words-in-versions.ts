import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Words are in statement_words since 1764000000003; the index of the column before it held nothing any more, and yet cost every new row an entry. */
export class NoWordsInVersions1764000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX statement_version_words');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('The log is append-only, and so are its migrations.'));
  }
}
