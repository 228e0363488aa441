import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';

/** What embedded-service.mjs says of a PostgreSQL that runs. */
export interface Running {
  readonly serviceUrl: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  readonly pid: number;
  readonly milliseconds: number;
  readonly handledSignals: string[];
}

export interface Refused {
  readonly name: string;
  readonly error: string;
}

export interface ServiceCommand {
  readonly settings?: Record<string, string>;
  /** Another copy of embedded-service.mjs. */
  readonly script?: string;
  /** A shell command in whose place the service runs, such as a limit. */
  readonly before?: string;
}

const embeddedService = fileURLToPath(new URL('embedded-service.mjs', import.meta.url));

/** A service in a process of its own, which can be killed. */
export class ServiceProcess {
  readonly log: string[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: string[] = [];

  constructor(folder: string, { settings, script = embeddedService, before = 'true' }: ServiceCommand = {}) {
    const command = [process.execPath, script, folder, ...(settings ? [JSON.stringify(settings)] : [])];
    this.#child = spawn('/bin/sh', ['-c', `${before}; exec "$@"`, 'sh', ...command]);
    this.#child.stderr.on('data', (chunk: Buffer) => this.log.push(chunk.toString()));
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      (line.startsWith('log: ') ? this.log : this.#answers).push(line);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async runs(): Promise<Running> {
    const said = await this.outcome();
    if ('error' in said) throw new Error(said.error);
    return said;
  }

  async refused(): Promise<Refused> {
    const said = await this.outcome();
    if (!('error' in said)) throw new Error('It runs, and should have been refused');
    return said;
  }

  /** The lines are those of embedded-service.mjs, hence the type. */
  async outcome(): Promise<Running | Refused> {
    return JSON.parse(await this.#nextAnswer()) as Running | Refused;
  }

  async postgresPid(): Promise<number> {
    this.#child.stdin.write('pid\n');
    return (JSON.parse(await this.#nextAnswer()) as { pid: number }).pid;
  }

  /** Resolves with the exit code. */
  async stop(): Promise<number | null> {
    this.#child.stdin.write('stop\n');
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    if (!this.hasEnded) await once(this.#child, 'exit');
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #nextAnswer(): Promise<string> {
    const deadline = performance.now() + 40_000;
    while (performance.now() < deadline) {
      const answer = this.#answers.shift();
      if (answer !== undefined) return answer;
      if (this.#child.signalCode !== null) throw new Error(`It was ended by ${this.#child.signalCode}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`It said nothing for long; its log: ${this.log.join(' | ')}`);
  }
}
