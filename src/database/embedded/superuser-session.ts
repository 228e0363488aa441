import { Client } from 'pg';
import type { Cluster } from './cluster.js';
import type { Passwords } from './passwords.js';

export const database = 'standpoint';

/** The roles by what they are for, with their names in PostgreSQL. */
export const roles = {
  superuser: 'postgres',
  owner: 'standpoint_owner',
  service: 'standpoint',
} as const satisfies Record<keyof Passwords, string>;

/** Milliseconds. */
const connectionTimeout = 5_000;

export interface SuperuserSession {
  readonly client: Client;
  /** Settles when the connection has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/** sslmode says it because a PGSSLMODE in the service's environment would hold otherwise. */
export function serverUrl(role: keyof Passwords, { passwords }: Cluster, port: number): string {
  const name = role === 'superuser' ? 'postgres' : database;
  return `postgresql://${roles[role]}:${passwords[role]}@127.0.0.1:${port}/${name}?sslmode=disable`;
}

export async function openSuperuserSession(cluster: Cluster, port: number): Promise<SuperuserSession> {
  const client = new Client({
    connectionString: serverUrl('superuser', cluster, port),
    connectionTimeoutMillis: connectionTimeout,
    application_name: 'standpoint: holds the folder',
    keepAlive: true,
  });
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  // A connection that is lost while idle is an 'error' event, which would end the process if nobody listened.
  client.on('error', () => undefined);
  await client.connect();
  return { client, ended };
}
