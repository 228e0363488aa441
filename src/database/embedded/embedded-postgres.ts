import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openCluster } from './cluster.js';
import type { Cluster } from './cluster.js';
import { EmbeddedPostgresError, errorCode, explain } from './embedded-postgres-error.js';
import { findServer } from './find-server.js';
import type { RunningServer } from './find-server.js';
import { FolderLock, obtainsLock } from './folder-lock.js';
import { stopServer } from './postmaster-process.js';
import { ensureRolesAndDatabase } from './roles-and-database.js';
import { ServerKeeper } from './server-keeper.js';
import { openSuperuserSession, serverUrl } from './superuser-session.js';
import type { SuperuserSession } from './superuser-session.js';
import { SILENCE } from './reports.js';
import type { Reports } from './reports.js';

export { EmbeddedPostgresError } from './embedded-postgres-error.js';

export interface EmbeddedPostgres {
  /** libpq URL of the service's role (not a superuser, owns nothing). */
  readonly serviceUrl: string;
  /** libpq URL of the owner role that runs migrations (not a superuser; owns the database). */
  readonly ownerUrl: string;
  /** Superuser URL, for backup and tests. */
  readonly superuserUrl: string;
  /** Process id of the postmaster; another after it died and was started again. */
  readonly pid: number;
  /** Fast shutdown (SIGINT to the postmaster); resolves when it has gone. Safe to call twice. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Made when missing. */
  readonly folder: string;
  /** Server settings above the defaults, by their names in postgresql.conf. */
  readonly settings?: Record<string, string>;
  readonly log?: Reports;
}

interface ClaimedServer {
  readonly server: RunningServer;
  readonly session: SuperuserSession;
}

/** Milliseconds for which the folder's last service may linger. */
const lockPatience = 3_000;
/** Milliseconds for which a server that says it is ready may refuse to talk. */
const talkPatience = 15_000;
const pause = 100;

/**
 * Starts (or adopts) the cluster in `<folder>/postgres`. Rejects with EmbeddedPostgresError (message = one clear
 * line for a user).
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const began = performance.now();
  const folder = resolve(options.folder);
  const { settings = {}, log = SILENCE } = options;
  try {
    const cluster = await openCluster({ folder, settings, log });
    const { server, session } = await claimServer(cluster, log);
    await provide(session, server, cluster);
    const how = `${server.adopted ? 'was running already' : 'started'} in ${folder}`;
    const milliseconds = Math.round(performance.now() - began);
    log.debug(
      `PostgreSQL ${how} (process ${server.pid}, port ${server.port}), ready after ${milliseconds} ms`,
    );
    return keep({ server, session }, cluster, log);
  } catch (cause) {
    throw explain(cause, folder);
  }
}

/** Finds or starts the server, and takes the folder's lock on it. */
async function claimServer(cluster: Cluster, log: Reports): Promise<ClaimedServer> {
  const deadline = performance.now() + talkPatience;
  for (;;) {
    const server = await findServer(cluster, log);
    try {
      const session = await openSuperuserSession(cluster, server.port);
      if (await obtainsLock(session.client, lockPatience)) return { server, session };
      await session.client.end();
    } catch (cause) {
      // The server may be going down at the order of the service before us: then there is another to be found.
      if (performance.now() < deadline && !isRefusal(cause)) {
        await delay(pause);
        continue;
      }
      if (!server.adopted) await stopServer(server.pid, cluster.mark);
      const who = `PostgreSQL in ${cluster.folder} (process ${server.pid})`;
      throw new EmbeddedPostgresError(`The ${who} does not let us in: ${String(cause)}`, { cause });
    }
    const message = `The folder ${cluster.folder} is in use by another service`;
    throw new EmbeddedPostgresError(`${message}: stop that one, or set STANDPOINT_DATA to another folder`);
  }
}

/** Class 28 of PostgreSQL's error codes: invalid authorization. */
function isRefusal(cause: unknown): boolean {
  return errorCode(cause).startsWith('28');
}

async function provide({ client }: SuperuserSession, server: RunningServer, cluster: Cluster): Promise<void> {
  try {
    await ensureRolesAndDatabase(client, cluster.passwords);
  } catch (cause) {
    await stopServer(server.pid, cluster.mark);
    throw cause;
  }
}

function keep({ server, session }: ClaimedServer, cluster: Cluster, log: Reports): EmbeddedPostgres {
  const keeper = new ServerKeeper(server, cluster, log);
  const lock = new FolderLock(session, { open: () => openSuperuserSession(cluster, server.port), log });
  return {
    serviceUrl: serverUrl('service', cluster, server.port),
    ownerUrl: serverUrl('owner', cluster, server.port),
    superuserUrl: serverUrl('superuser', cluster, server.port),
    get pid() {
      return keeper.pid;
    },
    stop: () => lock.releaseAfter(() => keeper.stop()),
  };
}
