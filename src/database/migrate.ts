import pg from 'pg';
import { createDataSource } from './data-source.js';
import { DatabaseError } from './database-error.js';
import { grantService } from './privileges.js';

/** Any number: it names the lock that keeps two starting processes from migrating at once. */
const MIGRATION_LOCK = 7_265_398;

const OLDEST_SERVER = 150_000;

/** Brings the schema up to date. Several processes may call it at the same time: one migrates, the others wait and find nothing to do. */
export async function migrate(migrationUrl: string, serviceUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: migrationUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // it idles while another connection migrates: if it breaks then, the next statement fails
  await client.connect();
  try {
    await requireServer(client);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runMigrations(migrationUrl);
    await grantService(client, await roleOf(serviceUrl));
  } finally {
    await client.end();
  }
}

async function requireServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string; name: string }>(
    `SELECT current_setting('server_version_num') AS version, current_setting('server_version') AS name`,
  );
  const [server] = rows;
  if (Number(server?.version) < OLDEST_SERVER)
    throw new DatabaseError(`PostgreSQL ${server?.name} is too old: 15 or newer is needed.`);
}

async function runMigrations(url: string): Promise<void> {
  const source = createDataSource(url, []);
  await source.initialize();
  try {
    await source.runMigrations({ transaction: 'all' });
  } finally {
    await source.destroy();
  }
}

async function roleOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ role: string }>('SELECT current_user AS role');
    return rows[0]?.role ?? '';
  } finally {
    await client.end();
  }
}
