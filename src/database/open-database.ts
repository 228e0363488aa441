import pg from 'pg';
import type { Settings } from '../settings.js';
import { DatabaseError } from './database-error.js';
import { startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import { SILENCE, type Reports } from './embedded/reports.js';
import { migrate } from './migrate.js';

export interface OpenDatabase {
  /** Of the service's role. */
  readonly url: string;
  /** Stops what was started for it. */
  close(): Promise<void>;
}

/** The database that the settings name, or an embedded one, with its schema up to date. `log`: what happens to the latter, as long as it is open. */
export async function openDatabase(
  { databaseUrl, migrationUrl, dataFolder }: Settings,
  log: Reports = SILENCE,
): Promise<OpenDatabase> {
  if (databaseUrl !== null) {
    await reach('DATABASE_URL', databaseUrl);
    if (migrationUrl !== null && migrationUrl !== databaseUrl)
      await reach('DATABASE_MIGRATION_URL', migrationUrl);
    await migrate(migrationUrl ?? databaseUrl, databaseUrl);
    return { url: databaseUrl, close: () => Promise.resolve() };
  }
  const embedded = await startEmbeddedPostgres({ folder: dataFolder, log });
  try {
    await migrate(embedded.ownerUrl, embedded.serviceUrl);
  } catch (error) {
    await embedded.stop();
    throw error;
  }
  return { url: embedded.serviceUrl, close: () => embedded.stop() };
}

/** Rejects, in one line that names the variable, where its URL leads to no database that lets us in. */
async function reach(variable: string, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // a connection that breaks now is reported by what is asked of it next
  try {
    await client.connect();
  } catch (error) {
    const { message, code } = error as { message: string; code?: unknown }; // holds: pg rejects with errors only
    throw new DatabaseError(`${variable}: the database cannot be reached (${message || String(code)}).`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
