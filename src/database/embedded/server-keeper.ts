import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { explain } from './embedded-postgres-error.js';
import { launch } from './find-server.js';
import type { RunningServer } from './find-server.js';
import type { LaunchOutcome } from './launch-server.js';
import { isServer, readPostmasterFile, stopServer } from './postmaster-process.js';
import type { Reports } from './reports.js';

/** Milliseconds between two looks at the server; elsewhere than on Linux a look starts a process. */
const lookEvery = process.platform === 'linux' ? 100 : 1_000;
/** Milliseconds before the first and later attempts to start it again; doubled each time. */
const backoff = { first: 100, longest: 5_000 } as const;

/** Watches a server, and starts it again on the same port when it dies, until it is stopped. */
export class ServerKeeper {
  readonly port: number;
  readonly #cluster: Cluster;
  readonly #log: Reports;
  readonly #ending = new AbortController();
  readonly #watch: Promise<void>;
  #pid: number;
  #stopped: Promise<void> | undefined;

  constructor(server: RunningServer, cluster: Cluster, log: Reports) {
    this.port = server.port;
    this.#pid = server.pid;
    this.#cluster = cluster;
    this.#log = log;
    this.#watch = this.#keepRunning();
  }

  get pid(): number {
    return this.#pid;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#ending.abort();
    await this.#watch;
    await stopServer(this.#pid, this.#cluster.mark);
  }

  async #keepRunning(): Promise<void> {
    while (await this.#waits(lookEvery)) {
      if (await isServer(this.#pid, this.#cluster.mark)) continue;
      this.#log.warn(`PostgreSQL (process ${this.#pid}) has died; starting it again on port ${this.port}`);
      await this.#restart();
    }
  }

  async #restart(): Promise<void> {
    let pause: number = backoff.first;
    while (await this.#waits(pause)) {
      const outcome = await this.#launch();
      if (outcome.kind === 'ready') {
        this.#pid = outcome.pid;
        this.#log.warn(`PostgreSQL runs again (process ${outcome.pid})`);
        return;
      }
      if (this.#ending.signal.aborted) return;
      pause = Math.min(pause * 2, backoff.longest);
      const reason = outcome.kind === 'port-taken' ? `port ${this.port} is taken` : outcome.reason;
      this.#log.warn(`PostgreSQL did not start: ${reason}; trying again in ${pause} ms`);
    }
  }

  async #launch(): Promise<LaunchOutcome> {
    try {
      const left = await readPostmasterFile(this.#cluster.data);
      return await launch(this.#cluster, this.port, left, this.#log, this.#ending.signal);
    } catch (cause) {
      return { kind: 'failed', reason: explain(cause, this.#cluster.folder).message };
    }
  }

  /** False when it is time to end instead. */
  #waits(milliseconds: number): Promise<boolean> {
    return delay(milliseconds, true, { signal: this.#ending.signal }).catch(() => false);
  }
}
