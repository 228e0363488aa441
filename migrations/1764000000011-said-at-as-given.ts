import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When something was said, as it was given: said-order's instant alone takes a month for its first day. Rows of builds that were made before
 * have none.
 */
export class SaidAtAsGiven1764000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE statement_version ADD COLUMN said_at text');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('The log is append-only, and so are its migrations.'));
  }
}
