import type { Pool } from 'pg';
import { ACCESS_LOG } from '../dossiers/access-log-id.js';

/** Milliseconds: a token's use is written at most once in so long, and after so long together with those of other tokens. */
const ONCE_IN = 60_000;
const GATHER = 1_000;

/**
 * Remembers when tokens were last used, to the minute. It is no event, may lose a minute when the process ends, and never makes a request
 * wait: what a request does is one look into a map.
 */
export class TokenUses {
  private readonly nextDue = new Map<string, number>();
  private pending = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly clock: () => number,
    private readonly now: () => string,
  ) {}

  note(token: string): void {
    const at = this.clock();
    if (at < (this.nextDue.get(token) ?? 0)) return;
    this.nextDue.set(token, at + ONCE_IN);
    this.pending.set(token, this.now());
    this.timer ??= setTimeout(() => void this.flush(), GATHER).unref();
  }

  /** When each of these tokens was last used (RFC 3339), as far as it was. */
  async lastUsed(tokens: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await this.pool.query<{ token_id: string; used_at: Date }>({
      name: 'token uses',
      text: 'SELECT token_id, used_at FROM token_use WHERE dossier_id = $1 AND token_id = ANY($2)',
      values: [ACCESS_LOG, tokens],
    });
    const written = rows.map(({ token_id, used_at }) => [token_id, used_at.toISOString()] as const);
    const pending = tokens.flatMap((token) => {
      const at = this.pending.get(token);
      return at === undefined ? [] : [[token, at] as const];
    });
    return new Map([...written, ...pending]);
  }

  /** Writes what has gathered. What cannot be written now is noted again at the token's next use. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { pending } = this;
    if (pending.size === 0) return;
    this.pending = new Map();
    try {
      await this.pool.query({
        name: 'note token uses',
        text: `INSERT INTO token_use (dossier_id, token_id, used_at)
               SELECT $1, u.token, u.at FROM unnest($2::uuid[], $3::timestamptz[]) AS u(token, at)
               ON CONFLICT (dossier_id, token_id) DO UPDATE SET used_at = greatest(token_use.used_at, excluded.used_at)`,
        values: [ACCESS_LOG, [...pending.keys()], [...pending.values()]],
      });
    } catch {
      for (const token of pending.keys()) this.nextDue.delete(token);
    }
  }
}
