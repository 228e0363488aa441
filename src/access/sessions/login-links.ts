import type { Pool } from 'pg';
import { ACCESS_LOG } from '../../dossiers/access-log-id.js';
import { randomSecret } from '../tokens.js';
import { later, stored } from './sessions.js';

/** Milliseconds for which a link can be used. */
export const LINK_LIFE = 15 * 60_000;

export interface LoginLink {
  /** Address without host: whoever shows it knows where the service is. */
  readonly path: string;
  readonly expiresAt: string;
}

/** Links that begin a session, once each: they may stand in a terminal or its history, where a token may not. */
export class LoginLinks {
  constructor(
    private readonly pool: Pool,
    /** RFC 3339. */
    private readonly now: () => string,
  ) {}

  /** A link for whoever has the token with this digest. */
  async make(tokenDigest: string): Promise<LoginLink> {
    const secret = randomSecret();
    const now = this.now();
    const expiresAt = later(now, LINK_LIFE);
    await this.pool.query('DELETE FROM login_link WHERE dossier_id = $1 AND expires_at <= $2', [
      ACCESS_LOG,
      now,
    ]);
    await this.pool.query(
      'INSERT INTO login_link (dossier_id, digest, token_digest, expires_at) VALUES ($1, $2, $3, $4)',
      [ACCESS_LOG, stored(secret), tokenDigest, expiresAt],
    );
    return { path: `/login?once=${secret}`, expiresAt };
  }

  /** Uses a link up: the digest of the token that it stands for; null if there is none, or it is too late. */
  async take(secret: string): Promise<string | null> {
    const { rows } = await this.pool.query<{ token_digest: string; expires_at: Date }>(
      'DELETE FROM login_link WHERE dossier_id = $1 AND digest = $2 RETURNING token_digest, expires_at',
      [ACCESS_LOG, stored(secret)],
    );
    const [row] = rows;
    return row === undefined || row.expires_at.getTime() <= Date.parse(this.now()) ? null : row.token_digest;
  }
}
