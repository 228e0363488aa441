import type { SpawnOptions } from 'node:child_process';
import type { ServerAccount } from './server-account.js';

/** How a program of PostgreSQL is started so that it can use a data directory. */
export interface Placement {
  /** The name of the data directory for the program's `-D`. */
  readonly directory: string;
  readonly options: Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'>;
}

/**
 * Another account often cannot walk to the data (below /root, or a private temporary folder). It need not: root
 * sets the working directory before the account changes (libuv, uv__process_child_init), and on Linux
 * /proc/self/cwd leads to it without a look at the folders above (proc(5), "magic link").
 */
export function place(data: string, account: ServerAccount | undefined): Placement {
  const directory = account !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : data;
  return { directory, options: { cwd: data, env: environment(), ...account } };
}

/** Nothing of the service's own environment: it holds secrets, and PG* variables would change the server. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' };
}
