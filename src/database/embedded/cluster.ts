import { access, chmod, constants, lstat, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createCluster, discardUnfinishedClusters } from './create-cluster.js';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import { readPasswords } from './passwords.js';
import type { Passwords } from './passwords.js';
import { postgresPrograms } from './postgres-programs.js';
import type { PostgresPrograms } from './postgres-programs.js';
import { giveTo, serverAccount } from './server-account.js';
import type { ServerAccount } from './server-account.js';
import type { Reports } from './reports.js';

/** A PostgreSQL cluster on disk and all that is needed to run a server on it. */
export interface Cluster {
  /** The folder that the user named; holds `postgres.log` and `postgres/`. */
  readonly folder: string;
  /** PostgreSQL's data directory. */
  readonly data: string;
  readonly logFile: string;
  readonly passwords: Passwords;
  readonly programs: PostgresPrograms;
  /** Undefined: the server runs as this process does. */
  readonly account: ServerAccount | undefined;
  /** Settings of the server, above the defaults. */
  readonly settings: Readonly<Record<string, string>>;
  /**
   * Stands in the command line of every server of this cluster (as cluster_name), and of no other, not even of
   * one that runs on a copy of the folder.
   */
  readonly mark: string;
}

export interface ClusterOptions {
  /** Absolute. */
  readonly folder: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: Reports;
}

/** Opens the cluster in `<folder>/postgres`; makes it first when there is none. */
export async function openCluster({ folder, settings, log }: ClusterOptions): Promise<Cluster> {
  const home = join(folder, 'postgres');
  const data = join(home, 'data');
  await makeFolder(folder);
  await discardUnfinishedClusters(folder);
  const account = await serverAccount(data);
  const programs = await postgresPrograms(account);
  if (!(await isThere(data))) {
    await createCluster({ home, account, programs, log, durable: settings['fsync'] !== 'off' });
  }
  await refuseOtherVersion(data, programs.version);
  await claimData(data, account);
  const { dev, ino } = await lstat(data);
  return {
    folder,
    data,
    logFile: join(folder, 'postgres.log'),
    passwords: await readPasswords(home),
    programs,
    account,
    settings,
    mark: `standpoint-${dev}-${ino}`,
  };
}

/** Of a read-only file system mkdir says only that it found no such folder (ENOENT), so ask again. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    await access(dirname(folder), constants.W_OK);
    throw cause;
  }
}

/** A cluster appears whole or not at all (see createCluster), so one file of it is proof. */
async function isThere(data: string): Promise<boolean> {
  try {
    await lstat(join(data, 'PG_VERSION'));
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return false;
    throw cause;
  }
}

async function refuseOtherVersion(data: string, ours: string): Promise<void> {
  const theirs = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  if (theirs === ours.split('.')[0]) return;
  const message = `The data in ${data} is of PostgreSQL ${theirs}, and the embedded one is ${ours}`;
  throw new EmbeddedPostgresError(
    `${message}: move it with pg_dump, or set STANDPOINT_DATA to another folder`,
  );
}

/** A restored copy may have lost its owner and its mode; PostgreSQL refuses a directory that others can read. */
async function claimData(data: string, account: ServerAccount | undefined): Promise<void> {
  const { uid, mode } = await lstat(data);
  if (account !== undefined && uid !== account.uid) await giveTo(account, data);
  if ((mode & 0o077) !== 0) await chmod(data, 0o700);
}
