import pg from 'pg';
import { database } from '../embedded/superuser-session.js';
import { BackupError } from './backup-error.js';

/** The same server's URL for the service's database. */
export function inDatabase(url: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

export interface Session {
  readonly client: pg.Client;
  /** Aborted when the connection is lost. */
  readonly lost: AbortSignal;
}

export async function openSession(url: string): Promise<Session> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'standpoint: backup',
    keepAlive: true,
  });
  const lost = new AbortController();
  client.on('error', () => undefined);
  client.once('end', () =>
    lost.abort(new BackupError('PostgreSQL was stopped during the backup: run it again')),
  );
  await client.connect();
  return { client, lost: lost.signal };
}

/** The one row that a query answers with. */
export async function oneRow<Row extends object>(
  client: pg.Client,
  sql: string,
  values: unknown[] = [],
): Promise<Row> {
  const { rows } = await client.query<Row>(sql, values);
  const [row] = rows;
  if (row === undefined) throw new Error(`No answer to: ${sql}`);
  return row;
}
