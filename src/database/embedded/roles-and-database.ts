import type { Client } from 'pg';
import type { Passwords } from './passwords.js';
import { database, roles } from './superuser-session.js';

/** Makes what is missing of the two roles and the database; each step is whole or absent after a crash. */
export async function ensureRolesAndDatabase(client: Client, passwords: Passwords): Promise<void> {
  await ensureRole(client, roles.owner, passwords.owner);
  await ensureRole(client, roles.service, passwords.service);
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0)
    await client.query(`CREATE DATABASE ${database} OWNER ${roles.owner} TEMPLATE template0`);
}

async function ensureRole(client: Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount !== 0) return;
  const limits = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';
  await client.query(`CREATE ROLE ${role} ${limits} PASSWORD ${client.escapeLiteral(password)}`);
}
