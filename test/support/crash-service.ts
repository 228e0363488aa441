import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readPostmasterFile } from '../../src/database/embedded/postmaster-process.js';
import { CrashClient } from './crash-client.js';
import { ServiceProcess } from './service.js';
import { serverProcesses, TestFolder } from './test-folder.js';

/** The built service; STANDPOINT_BUILD names the root of another build, such as one with a protection taken out. */
export const PROGRAM = join(resolve(process.env['STANDPOINT_BUILD'] ?? '.'), 'dist/src/main.js');

/** Milliseconds in which the service must be ready again, on a machine that does other things too. */
const HEALING = 60_000;

/** The built service with its embedded PostgreSQL on a data folder of its own: to be killed, in parts or as a whole. */
export class CrashingService {
  readonly token = randomBytes(16).toString('hex');
  readonly client = new CrashClient(() => this.url, this.token);
  private process: ServiceProcess | undefined;
  private url = 'http://127.0.0.1:1';

  private constructor(
    readonly folder: TestFolder,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** `environment`: further variables. */
  static async begin(environment: Readonly<Record<string, string>> = {}): Promise<CrashingService> {
    const service = new CrashingService(await TestFolder.make(), environment);
    await service.start();
    return service;
  }

  async start(): Promise<void> {
    this.launch();
    await this.listening();
    await this.ready();
  }

  /** Resolves once it listens; rejects with all that it said if it ends instead. */
  async listening(): Promise<void> {
    this.url = (await this.process?.listening()) ?? '';
  }

  /** Begins a start without waiting for it. */
  launch(): void {
    this.process = new ServiceProcess({
      program: PROGRAM,
      environment: {
        PORT: '0',
        STANDPOINT_DATA: this.data,
        STANDPOINT_ADMIN_TOKEN: this.token,
        STANDPOINT_EXAMPLE: 'off',
        ...this.environment,
      },
    });
  }

  private get data(): string {
    return this.environment['STANDPOINT_DATA'] ?? this.folder.path;
  }

  get pid(): number {
    return this.process?.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.process?.hasEnded ?? true;
  }

  get output(): string {
    return this.process?.output ?? '';
  }

  /** The last lines of what it said, and whatever it said that is not of a request. */
  private get lastWords(): string {
    const lines = this.output.split('\n');
    return lines.filter((line, number) => number >= lines.length - 20 || !isOfRequest(line)).join('\n');
  }

  /** Resolves once it says of itself that it is ready; rejects when it has ended, or is not for so many milliseconds. */
  async ready(milliseconds = HEALING): Promise<void> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const answer = await this.client.send('GET', '/health/ready');
      if (answer?.status === 200) return;
      const why = this.hasEnded
        ? `ended (${this.process?.end})`
        : performance.now() > deadline && `not ready after ${milliseconds} ms`;
      if (why) throw new Error(`The service is ${why}, and answers ${answer?.text}\n${this.lastWords}`);
      await delay(10);
    }
  }

  async kill(): Promise<void> {
    await this.process?.stop('SIGKILL');
  }

  /** Kills the server's first process, which the others notice, or all of them at once. */
  async killPostgres(which: 'postmaster' | 'all'): Promise<void> {
    const postmaster = await this.folder.postmasterPid();
    const processes = which === 'all' ? await serverProcesses(postmaster) : [postmaster];
    for (const pid of processes) kill(pid);
  }

  /** By the passwords that the cluster keeps. */
  async superuserUrl(): Promise<string> {
    const file = join(this.data, 'postgres', 'passwords.json');
    const { superuser } = JSON.parse(await readFile(file, 'utf8')) as { superuser: string }; // holds: the service writes it so
    const { port } = (await readPostmasterFile(join(this.data, 'postgres', 'data'))) ?? { port: 0 };
    return `postgresql://postgres:${superuser}@127.0.0.1:${port}/postgres`;
  }

  signal(signal: NodeJS.Signals): void {
    this.process?.signal(signal);
  }

  /** Resolves with the exit code. */
  async stop(): Promise<number | null> {
    return this.process?.stop() ?? null;
  }

  async end(): Promise<void> {
    this.client.close();
    if (!this.hasEnded) await this.stop().catch(() => this.kill());
    await this.folder.remove();
  }
}

function isOfRequest(line: string): boolean {
  return line.includes('"msg":"request"');
}

/** The process may have ended by itself. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}
