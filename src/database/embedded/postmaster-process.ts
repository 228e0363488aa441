import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorCode } from './embedded-postgres-error.js';

/** What PostgreSQL writes to postmaster.pid (src/include/utils/pidfile.h). */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `stopping`, `ready` or `standby`; empty while the file is being written. */
  readonly status: string;
}

/** Milliseconds between two looks at a process. */
const glance = 10;

export const postmasterFilePath = (data: string): string => join(data, 'postmaster.pid');

/** Undefined when there is no such file, or one that does not name a process yet. */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | undefined> {
  const lines = (await readFile(postmasterFilePath(data), 'utf8').catch(() => '')).split('\n');
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  if (!(pid > 0)) return undefined;
  return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
}

/**
 * Whether the process is the running server of the cluster with this mark. Process ids are re-used, after a
 * reboot or in a container almost surely, and a killed process that nobody waits for keeps its id: so look at
 * the command line, which is empty for the latter.
 */
export async function isServer(pid: number, mark: string): Promise<boolean> {
  const argument = `cluster_name=${mark}`;
  if (process.platform === 'linux') {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return commandLine.split('\0').includes(argument);
  }
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  const listing = promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
  return listing.then(
    ({ stdout }) => stdout.trim().split(' ').includes(argument),
    () => false,
  );
}

/**
 * Fast shutdown; a server that does not finish it gets an immediate one (its next start recovers from the log),
 * and at last is killed. Resolves when it has gone.
 */
export async function stopServer(pid: number, mark: string): Promise<void> {
  const steps = [
    { signal: 'SIGINT', milliseconds: 30_000 },
    { signal: 'SIGQUIT', milliseconds: 5_000 },
    { signal: 'SIGKILL', milliseconds: 5_000 },
  ] as const;
  for (const { signal, milliseconds } of steps) {
    if (await isServer(pid, mark)) sendSignal(pid, signal);
    if (await within(milliseconds, async () => !(await isServer(pid, mark)))) break;
  }
  await within(1_000, () => hasLetGo(pid));
}

/** A process loses its command line a moment before it closes its files. */
async function hasLetGo(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return ['', 'Z', 'X'].includes(status.replace(/^.*\) /s, '').charAt(0));
}

async function within(milliseconds: number, holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await delay(glance);
  }
  return true;
}

/** It may end before the signal arrives. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if (errorCode(cause) !== 'ESRCH') throw cause;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return errorCode(cause) === 'EPERM';
  }
}
