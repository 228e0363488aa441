import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

export interface TestDatabase {
  readonly serviceUrl: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  /** Also ends whoever is still connected. */
  drop(): Promise<void>;
}

/** A fresh, empty database on the cluster of this test run, owned by standpoint_owner; the URLs lead to it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} OWNER standpoint_owner TEMPLATE template0 STRATEGY file_copy`);
  return {
    serviceUrl: urlTo(name, 'STANDPOINT_TEST_SERVICE_URL'),
    ownerUrl: urlTo(name, 'STANDPOINT_TEST_OWNER_URL'),
    superuserUrl: urlTo(name, 'STANDPOINT_TEST_SUPERUSER_URL'),
    drop: async () => {
      await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await rm(dataFolderOf(urlTo(name, 'STANDPOINT_TEST_SERVICE_URL')), { recursive: true, force: true });
    },
  };
}

/** The data folder of the services on a database: they sign its logs by one key. */
export function dataFolderOf(serviceUrl: string): string {
  return join(tmpdir(), `standpoint-data-of-${new URL(serviceUrl).pathname.slice(1)}`);
}

async function administer(sql: string): Promise<void> {
  const client = new Client({ connectionString: fromEnvironment('STANDPOINT_TEST_SUPERUSER_URL') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function urlTo(database: string, variable: string): string {
  const url = new URL(fromEnvironment(variable));
  url.pathname = `/${database}`;
  return url.href;
}

function fromEnvironment(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: Jest's globalSetup sets it`);
  return value;
}
