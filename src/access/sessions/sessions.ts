import type { Pool } from 'pg';
import { ACCESS_LOG } from '../../dossiers/access-log-id.js';
import { digestOf, randomSecret } from '../tokens.js';

/** Milliseconds until a session ends that is not used, and that is. */
export const IDLE = 3_600_000;
export const LONGEST = 12 * 3_600_000;

/** Milliseconds between two notes that a session is in use. */
const NOTED = 60_000;

export interface Session {
  /** Of the token that it was exchanged for: it is worth what that token is worth. */
  readonly tokenDigest: string;
  readonly expiresAt: string;
}

/** What browsers have instead of a token, so that no page ever holds one. Kept as digests. */
export class Sessions {
  constructor(
    private readonly pool: Pool,
    /** RFC 3339. */
    private readonly now: () => string,
  ) {}

  /** Begins a session under a secret that nobody had before, and takes those away that have ended. */
  async begin(tokenDigest: string): Promise<{ secret: string; expiresAt: string }> {
    const secret = randomSecret();
    const now = this.now();
    const expiresAt = later(now, LONGEST);
    await this.pool.query(
      'DELETE FROM session WHERE dossier_id = $1 AND (expires_at <= $2 OR used_at <= $3)',
      [ACCESS_LOG, now, later(now, -IDLE)],
    );
    await this.pool.query(
      'INSERT INTO session (dossier_id, digest, token_digest, used_at, expires_at) VALUES ($1, $2, $3, $4, $5)',
      [ACCESS_LOG, stored(secret), tokenDigest, now, expiresAt],
    );
    return { secret, expiresAt };
  }

  /** Null: there is none, or it has ended. */
  async find(secret: string): Promise<Session | null> {
    const { rows } = await this.pool.query<{ token_digest: string; used_at: Date; expires_at: Date }>({
      name: 'session',
      text: 'SELECT token_digest, used_at, expires_at FROM session WHERE dossier_id = $1 AND digest = $2',
      values: [ACCESS_LOG, stored(secret)],
    });
    const [row] = rows;
    if (row === undefined) return null;
    const now = Date.parse(this.now());
    const unused = now - row.used_at.getTime();
    if (unused >= IDLE || row.expires_at.getTime() <= now) return null;
    if (unused >= NOTED) this.note(secret);
    return { tokenDigest: row.token_digest, expiresAt: row.expires_at.toISOString() };
  }

  async end(secret: string): Promise<void> {
    await this.pool.query('DELETE FROM session WHERE dossier_id = $1 AND digest = $2', [
      ACCESS_LOG,
      stored(secret),
    ]);
  }

  /** Nobody waits for it, and one that fails is made up for by the next. */
  private note(secret: string): void {
    this.pool
      .query('UPDATE session SET used_at = $3 WHERE dossier_id = $1 AND digest = $2', [
        ACCESS_LOG,
        stored(secret),
        this.now(),
      ])
      .catch(() => undefined);
  }
}

export function stored(secret: string): Buffer {
  return Buffer.from(digestOf(secret), 'hex');
}

/** An instant so many milliseconds later. */
export function later(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) + milliseconds).toISOString();
}
