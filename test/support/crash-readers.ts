import { setTimeout as delay } from 'node:timers/promises';
import type { CrashClient } from './crash-client.js';

/** Milliseconds between two reads of a reader. */
const PAUSE = 20;

/** What is read: everything that the database has a part in. */
const PATHS = ['', '/positions', '/events?limit=20', '/statements?limit=20', '/shifts?limit=20', '/parties'];

/** Refusals that pass, by their codes. */
const PASSING = /"code":"(database-unavailable|projection-behind)"/;

/** Readers of a dossier who go on whatever happens, and keep account of what they are answered and after how long. */
export class Readers {
  readonly faults: string[] = [];
  readonly answered = { ok: 0, unavailable: 0 };
  /** Milliseconds of the slowest answer. */
  slowest = 0;
  private stopping = false;
  private readonly readers: Promise<void>[];

  constructor(
    private readonly client: CrashClient,
    private readonly dossier: string,
    count: number,
  ) {
    this.readers = Array.from({ length: count }, (_, reader) => this.read(reader));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.readers);
  }

  private async read(reader: number): Promise<void> {
    for (let turn = reader; !this.stopping; turn++) {
      const path = `/api/v1/dossiers/${this.dossier}${PATHS[turn % PATHS.length]}`;
      const began = performance.now();
      await this.look(path).catch((error: unknown) => this.faults.push(String(error)));
      this.slowest = Math.max(this.slowest, performance.now() - began);
      await delay(PAUSE);
    }
  }

  private async look(path: string): Promise<void> {
    const answer = await this.client.send('GET', path);
    if (answer?.status === 200) this.answered.ok++;
    else if (answer?.status === 503 && PASSING.test(answer.text) && answer.headers['retry-after'])
      this.answered.unavailable++;
    else this.faults.push(`${path}: ${answer?.status} ${answer?.text}`);
  }
}
