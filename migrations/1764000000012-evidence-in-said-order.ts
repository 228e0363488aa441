import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was said within a time, where it gave no stance: the index of what did has no such rows, and they count for a position too. */
export class EvidenceInSaidOrder1764000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX position_entry_of_evidence ON position_entry (dossier_id, build, said, origin) WHERE stance IS NULL',
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('The log is append-only, and so are its migrations.'));
  }
}
