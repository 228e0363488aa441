import { rm, stat, statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { freePort } from './free-port.js';
import { launchServer, waitUntilReady } from './launch-server.js';
import type { LaunchOutcome } from './launch-server.js';
import { isServer, postmasterFilePath, readPostmasterFile } from './postmaster-process.js';
import type { PostmasterFile } from './postmaster-process.js';
import type { Reports } from './reports.js';

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** It ran already: the service that started it has gone, or is starting just now. */
  readonly adopted: boolean;
}

/** Milliseconds. Backends of a killed server hold its memory until they notice, usually at once. */
const patience = 20_000;
const pause = 100;
/** Milliseconds after which a postmaster.pid without content is no longer being written. */
const staleAfter = 2_000;
/** Bytes. */
const leastSpace = 64 * 1024;

/** Finds the server of the cluster, or starts one; it accepted connections a moment ago. */
export async function findServer(cluster: Cluster, log: Reports): Promise<RunningServer> {
  const deadline = performance.now() + patience;
  for (;;) {
    const found = await readPostmasterFile(cluster.data);
    if (found !== undefined && (await isServer(found.pid, cluster.mark))) {
      const server = await adopt(found.pid, cluster, log);
      if (server !== undefined) return server;
      continue;
    }
    const port = await freePort();
    const outcome = await launch(cluster, port, found, log);
    if (outcome.kind === 'ready') return { pid: outcome.pid, port, adopted: false };
    if (outcome.kind === 'failed' || (outcome.kind === 'occupied' && performance.now() > deadline)) {
      throw await refusal(outcome.reason, cluster);
    }
    await delay(pause);
  }
}

/** On a full disk the server cannot even log why it ended. */
async function refusal(reason: string, { folder, logFile }: Cluster): Promise<EmbeddedPostgresError> {
  const { bavail, bsize } = await statfs(folder);
  const cause = bavail * bsize < leastSpace ? 'the disk is full' : `${reason} (see ${logFile})`;
  return new EmbeddedPostgresError(`The embedded PostgreSQL in ${folder} cannot start: ${cause}`);
}

/** Starts a server in spite of what a killed one left behind. */
export async function launch(
  cluster: Cluster,
  port: number,
  left: PostmasterFile | undefined,
  log: Reports,
  signal?: AbortSignal,
): Promise<LaunchOutcome> {
  if (left === undefined) await removeEmptyFile(postmasterFilePath(cluster.data));
  return launchServer(cluster, { port, impostor: left?.pid, log, signal });
}

/** Undefined when it ended, having been on its way down. */
async function adopt(pid: number, cluster: Cluster, log: Reports): Promise<RunningServer | undefined> {
  if (!(await waitUntilReady(pid, cluster, { log }))) return undefined;
  const file = await readPostmasterFile(cluster.data);
  return file?.pid === pid ? { pid, port: file.port, adopted: true } : undefined;
}

/** A power cut can leave a postmaster.pid that names no process. PostgreSQL would wait for a hand to remove it. */
async function removeEmptyFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs > staleAfter) await rm(path, { force: true });
}
