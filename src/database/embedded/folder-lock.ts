import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { SuperuserSession } from './superuser-session.js';
import type { Reports } from './reports.js';

/** "standpoi" in ASCII: any constant would do. Every version must use the same. */
const key = '8319381538419535721';
/** Milliseconds. */
const pause = 100;
const regainEvery = 500;

/** Tries for so many milliseconds: the session of a service that was killed may linger. */
export async function obtainsLock(client: Client, patience: number): Promise<boolean> {
  const deadline = performance.now() + patience;
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [key]);
    if (rows[0]?.held === true) return true;
    if (performance.now() > deadline) return false;
    await delay(pause);
  }
}

/**
 * The right of one service to a folder: an advisory lock on the folder's server, in a session that lasts as long
 * as the service. It ends with the process however that ends, and is taken again when the server was restarted.
 */
export class FolderLock {
  readonly #open: () => Promise<SuperuserSession>;
  readonly #log: Reports;
  readonly #ending = new AbortController();
  #session: SuperuserSession | undefined;

  constructor(
    held: SuperuserSession,
    { open, log }: { open: () => Promise<SuperuserSession>; log: Reports },
  ) {
    this.#open = open;
    this.#log = log;
    this.#hold(held);
  }

  /** Gives the folder up after the last thing is done in it, so that nobody else can come in between. */
  async releaseAfter(last: () => Promise<void>): Promise<void> {
    this.#ending.abort();
    await last();
    await this.#session?.client.end().catch(() => undefined);
  }

  #hold(session: SuperuserSession): void {
    this.#session = session;
    void session.ended.then(() => this.#regain());
  }

  async #regain(): Promise<void> {
    this.#session = undefined;
    let isTaken = false;
    while (!this.#ending.signal.aborted) {
      const outcome = await this.#tryToRegain().catch(() => 'server is away' as const);
      if (outcome === 'regained') return;
      if (outcome === 'taken' && !isTaken)
        this.#log.warn('Another service has taken the folder of the embedded PostgreSQL');
      isTaken = outcome === 'taken';
      await delay(regainEvery, undefined, { signal: this.#ending.signal }).catch(() => undefined);
    }
  }

  async #tryToRegain(): Promise<'regained' | 'taken'> {
    const session = await this.#open();
    if (await obtainsLock(session.client, 0)) {
      this.#hold(session);
      if (this.#ending.signal.aborted) await session.client.end();
      return 'regained';
    }
    await session.client.end();
    return 'taken';
  }
}
