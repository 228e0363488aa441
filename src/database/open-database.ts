import type { Settings } from '../settings.js';
import { startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import { migrate } from './migrate.js';

export interface OpenDatabase {
  /** Of the service's role. */
  readonly url: string;
  /** Stops what was started for it. */
  close(): Promise<void>;
}

/** The database that the settings name, or an embedded one, with its schema up to date. */
export async function openDatabase({
  databaseUrl,
  migrationUrl,
  dataFolder,
}: Settings): Promise<OpenDatabase> {
  if (databaseUrl !== null) {
    await migrate(migrationUrl ?? databaseUrl, databaseUrl);
    return { url: databaseUrl, close: () => Promise.resolve() };
  }
  const embedded = await startEmbeddedPostgres({ folder: dataFolder });
  try {
    await migrate(embedded.ownerUrl, embedded.serviceUrl);
  } catch (error) {
    await embedded.stop();
    throw error;
  }
  return { url: embedded.serviceUrl, close: () => embedded.stop() };
}
