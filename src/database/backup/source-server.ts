import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { openCluster } from '../embedded/cluster.js';
import type { Cluster } from '../embedded/cluster.js';
import { findServer } from '../embedded/find-server.js';
import { obtainsLock } from '../embedded/folder-lock.js';
import { isServer, readPostmasterFile, stopServer } from '../embedded/postmaster-process.js';
import type { Reports } from '../embedded/reports.js';
import { openSuperuserSession, serverUrl } from '../embedded/superuser-session.js';
import { BackupError } from './backup-error.js';
import { inDatabase } from './session.js';
import { unlessGone } from './unless-gone.js';
import { CLUSTER } from './what-to-copy.js';

/** The server of a data folder, whether a service runs on it or not. */
export interface SourceServer {
  /** Superuser URL of the service's database. */
  readonly url: string;
  /** Stops the server if it was started for us and no service has taken it over. */
  leave(): Promise<void>;
}

/**
 * Finds the server that a service runs in the folder, or starts one. The folder's lock is left alone: a service can start
 * meanwhile, and takes this server over as it takes over that of a service that was killed.
 */
export async function reachServer(folder: string, log: Reports): Promise<SourceServer> {
  const cluster = await openCluster({ folder, settings: {}, log });
  await refuseServerElsewhere(cluster);
  const { pid, port, adopted } = await findServer(cluster, log);
  return {
    url: inDatabase(serverUrl('superuser', cluster, port)),
    leave: async () => {
      if (!adopted) await stopUnlessTaken(cluster, pid, port);
    },
  };
}

export async function requireInstallation(folder: string): Promise<void> {
  if ((await unlessGone(lstat(join(folder, CLUSTER, 'PG_VERSION')))) !== undefined) return;
  throw new BackupError(`There is no installation in ${folder}: set STANDPOINT_DATA to its data folder`);
}

/** Another container on the same files shows us its postmaster.pid but not its processes: a second server would destroy the data. */
async function refuseServerElsewhere({ data, folder, mark }: Cluster): Promise<void> {
  const left = await readPostmasterFile(data);
  if (left === undefined || (await isServer(left.pid, mark))) return;
  throw new BackupError(
    `PostgreSQL in ${folder} was killed, or runs in another container: start the service, and run this where it runs`,
  );
}

async function stopUnlessTaken(cluster: Cluster, pid: number, port: number): Promise<void> {
  const session = await openSuperuserSession(cluster, port).catch(() => undefined);
  if (session === undefined) return; // whoever took it over has stopped it already
  const { client } = session;
  try {
    if (await obtainsLock(client, 0)) await stopServer(pid, cluster.mark);
  } finally {
    await client.end().catch(() => undefined);
  }
}
