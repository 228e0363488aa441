import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ServiceProcess } from './service-process.js';
import type { ServiceCommand } from './service-process.js';

/** A private data folder of one test, and the services on it. */
export class TestFolder {
  readonly parent: string;
  readonly path: string;
  readonly #services: ServiceProcess[] = [];

  private constructor(parent: string) {
    this.parent = parent;
    this.path = join(parent, 'data');
  }

  static async make(): Promise<TestFolder> {
    return new TestFolder(await mkdtemp(join(tmpdir(), 'standpoint-test-')));
  }

  get cluster(): string {
    return join(this.path, 'postgres', 'data');
  }

  get postmasterFile(): string {
    return join(this.cluster, 'postmaster.pid');
  }

  start(command?: ServiceCommand): ServiceProcess {
    const service = new ServiceProcess(this.path, command);
    this.#services.push(service);
    return service;
  }

  async postmasterPid(): Promise<number> {
    return Number((await readFile(this.postmasterFile, 'utf8')).split('\n')[0]);
  }

  /** Kills the services, stops the server they left: by a kill it would leave its shared memory to the system. */
  async end(): Promise<void> {
    await Promise.all(this.#services.splice(0).map((service) => service.kill()));
    const pid = await this.postmasterPid().catch(() => 0);
    if ((await serverProcesses(pid)).length === 0) return;
    process.kill(pid, 'SIGINT');
    await eventually(async () => (await serverProcesses(pid)).length === 0);
  }

  async remove(): Promise<void> {
    await this.end();
    await rm(this.parent, { recursive: true, force: true });
  }
}

/** The server's own process and those that it started and that carry its cluster_name. */
export async function serverProcesses(postmaster: number): Promise<number[]> {
  const name = /cluster_name=(standpoint-\d+-\d+)/.exec(await commandLine(postmaster))?.[1];
  return name === undefined ? [] : processesNamed(name);
}

/** Processes whose command line has the name of a cluster, which may begin with that of another one. */
export async function processesNamed(name: string): Promise<number[]> {
  const named = new RegExp(`\\b${name}\\b`);
  const ids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const lines = await Promise.all(ids.map(async (id) => ({ id, line: await commandLine(id) })));
  return lines.filter(({ line }) => named.test(line)).map(({ id }) => id);
}

export async function eventually(holds: () => Promise<boolean>, milliseconds = 20_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`Still not so after ${milliseconds} ms: ${holds.toString()}`);
    await delay(10);
  }
}

async function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}
