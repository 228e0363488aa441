import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { place } from './placement.js';
import { causeInLog, logSince, rotateLog, sizeOf } from './postgres-log.js';
import { isServer, readPostmasterFile, stopServer } from './postmaster-process.js';
import { settingArguments } from './server-settings.js';
import type { Reports } from './reports.js';

export interface LaunchOptions {
  readonly port: number;
  /** A process named by a postmaster.pid that was left behind and which is no server of this cluster. */
  readonly impostor?: number | undefined;
  /** Ends the wait for the server; it is stopped then. */
  readonly signal?: AbortSignal | undefined;
  readonly log: Reports;
}

export type LaunchOutcome =
  | { readonly kind: 'ready'; readonly pid: number }
  | { readonly kind: 'port-taken' }
  /** Another server, or what is left of one, still holds the data. */
  | { readonly kind: 'occupied'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Milliseconds. */
const glance = 10;
const reportEvery = 5_000;

const occupied = /lock file "postmaster\.pid" (already exists|is empty)|pre-existing shared memory block/;

/** Starts a server and waits until it accepts connections. Of a server that does not get there nothing remains. */
export async function launchServer(cluster: Cluster, options: LaunchOptions): Promise<LaunchOutcome> {
  await rotateLog(cluster.logFile);
  const logged = await sizeOf(cluster.logFile);
  const pid = await spawnServer(cluster, options);
  try {
    if (await waitUntilReady(pid, cluster, options)) return { kind: 'ready', pid };
  } catch (cause) {
    await stopServer(pid, cluster.mark);
    throw cause;
  }
  return failure(await logSince(cluster.logFile, logged));
}

/** False when the server ended instead. Recovery after a crash takes as long as it takes. */
export async function waitUntilReady(
  pid: number,
  cluster: Cluster,
  { log, signal }: Pick<LaunchOptions, 'log' | 'signal'>,
): Promise<boolean> {
  let nextReport = performance.now() + reportEvery;
  while (await isServer(pid, cluster.mark)) {
    const file = await readPostmasterFile(cluster.data);
    if (file?.pid === pid && file.status === 'ready') return true;
    if (performance.now() > nextReport) {
      log.warn(`PostgreSQL is ${file?.status || 'starting'} (process ${pid}, see ${cluster.logFile})`);
      nextReport += reportEvery;
    }
    await delay(glance, undefined, { signal });
  }
  return false;
}

/** In a session of its own, so that Ctrl-C reaches only the service, and with no pipe that could break. */
async function spawnServer(cluster: Cluster, { port, impostor }: LaunchOptions): Promise<number> {
  const { directory, options } = place(cluster.data, cluster.account);
  const output = await openLog(cluster);
  try {
    const server = spawn(cluster.programs.postgres, ['-D', directory, ...settingArguments(cluster, port)], {
      ...options,
      env: { ...options.env, ...disregard(impostor) },
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    await once(server, 'spawn');
    server.unref();
    if (server.pid === undefined)
      throw new EmbeddedPostgresError('PostgreSQL was started without a process id');
    return server.pid;
  } finally {
    await output.close();
  }
}

/** The log belongs to the account too, so that the same folder can be started without root later. */
async function openLog({ logFile, account }: Cluster): Promise<FileHandle> {
  const file = await open(logFile, 'a', 0o600);
  if (account !== undefined) await file.chown(account.uid, account.gid);
  return file;
}

/** PostgreSQL takes the process in this variable for no rival (CreateLockFile in src/backend/utils/init/miscinit.c). */
function disregard(impostor: number | undefined): NodeJS.ProcessEnv {
  return impostor === undefined ? {} : { PG_GRANDPARENT_PID: String(impostor) };
}

function failure(log: string): LaunchOutcome {
  const reason = causeInLog(log);
  if (log.includes('could not create any TCP/IP sockets')) return { kind: 'port-taken' };
  return { kind: occupied.test(log) ? 'occupied' : 'failed', reason };
}
