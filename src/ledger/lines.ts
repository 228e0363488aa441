import type { Pool, PoolClient } from 'pg';

/** A connection on loan to a dossier. */
interface Line {
  readonly coming: Promise<PoolClient>;
  /** Null until it is there: before that the dossier waits for it like everybody else. */
  client: PoolClient | null;
  inFlight: number;
  broken: boolean;
}

/**
 * Lends each dossier one connection for as long as something is in flight on it. What is sent on one connection is carried out in the order in
 * which it was sent, and where the pool's clients pipeline, the next is with the server before the last has been answered.
 */
export class Lines {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly pool: Pool) {}

  /** Whether a dossier has a connection that somebody waits for: it should not keep it by sending on. */
  isWanted(dossier: string): boolean {
    return this.pool.waitingCount > 0 && Boolean(this.lines.get(dossier)?.client);
  }

  /** Rejects as `send` does, or as the pool where it has no connection. After a failure the connection is not used for anything new. */
  async lend<T>(dossier: string, send: (client: PoolClient) => Promise<T>): Promise<T> {
    const line = this.lines.get(dossier) ?? this.borrow(dossier);
    line.inFlight++;
    try {
      return await send(await arrival(line));
    } catch (error) {
      line.broken = true;
      this.forget(dossier, line);
      throw error;
    } finally {
      if (--line.inFlight === 0) this.giveBack(dossier, line);
    }
  }

  private borrow(dossier: string): Line {
    const line = { coming: this.pool.connect(), client: null, inFlight: 0, broken: false };
    this.lines.set(dossier, line);
    return line;
  }

  private giveBack(dossier: string, line: Line): void {
    this.forget(dossier, line);
    line.client?.off('error', noted);
    line.client?.release(line.broken);
  }

  private forget(dossier: string, line: Line): void {
    if (this.lines.get(dossier) === line) this.lines.delete(dossier);
  }
}

async function arrival(line: Line): Promise<PoolClient> {
  const client = await line.coming;
  if (line.client === null) client.on('error', noted);
  line.client = client;
  return client;
}

/** Of a failure whoever has something in flight hears by that. */
function noted(): void {}
