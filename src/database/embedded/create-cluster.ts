import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import { initialise } from './initdb.js';
import { writePasswords, writeSecret } from './passwords.js';
import { isAlive } from './postmaster-process.js';
import type { PostgresPrograms } from './postgres-programs.js';
import type { ServerAccount } from './server-account.js';
import type { Reports } from './reports.js';

export interface NewCluster {
  /** Where the cluster shall appear. */
  readonly home: string;
  readonly account: ServerAccount | undefined;
  readonly programs: PostgresPrograms;
  /** Whether to wait until it is on the disk. */
  readonly durable: boolean;
  readonly log: Reports;
}

/** Drafts are named `postgres.new-<process id>-<random>`. */
const draftName = /^postgres\.new-(\d+)-[0-9a-f]+$/;
const draftsOfThisProcess = new Set<string>();

/**
 * Makes the cluster beside its place and moves it there when it is complete: a crash leaves nothing half-made.
 * Of two that do so at once, one wins, and the other takes the winner's cluster.
 */
export async function createCluster(cluster: NewCluster): Promise<void> {
  const folder = dirname(cluster.home);
  const name = `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  const draft = join(folder, name);
  draftsOfThisProcess.add(name);
  try {
    await fill(draft, cluster);
    await moveInto(draft, cluster.home);
    if (cluster.durable) await syncFolder(folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
    draftsOfThisProcess.delete(name);
  }
}

/** Removes what a start that was killed left behind. */
export async function discardUnfinishedClusters(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const maker = draftName.exec(name)?.[1];
    if (maker === undefined || draftsOfThisProcess.has(name) || isOtherProcess(Number(maker))) continue;
    // Its initdb may outlive it by a moment and still write: what cannot be removed now is removed next time.
    const patience = { maxRetries: 5, retryDelay: 100 };
    await rm(join(folder, name), { recursive: true, force: true, ...patience }).catch(() => undefined);
  }
}

async function fill(draft: string, { account, programs, durable, log }: NewCluster): Promise<void> {
  const data = join(draft, 'data');
  const passwordFile = join(draft, 'superuser-password');
  await mkdir(draft, { mode: 0o700 });
  await mkdir(data, { mode: 0o700 });
  const { superuser } = await writePasswords(draft);
  await writeSecret(passwordFile, `${superuser}\n`);
  if (account !== undefined) {
    await chown(data, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const output = join(draft, 'initdb.log');
  await initialise({ data, passwordFile, output, account, programs, durable, log });
  await Promise.all([rm(passwordFile), rm(output)]);
  if (durable) await syncFolder(draft);
}

async function moveInto(draft: string, home: string): Promise<void> {
  try {
    await rename(draft, home);
  } catch (cause) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(cause))) throw cause;
    if ((await readdir(home)).includes('passwords.json')) return;
    throw new EmbeddedPostgresError(`${home} holds something else than the embedded PostgreSQL`, { cause });
  }
}

/** A process id that is our own again belonged to a predecessor: in a container every start has the same. */
function isOtherProcess(pid: number): boolean {
  return pid !== process.pid && isAlive(pid);
}

/** Makes a rename within the folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
