import { LRUCache } from 'lru-cache';
import type { OverallRole } from '../roles.js';
import type { Bearer } from './claims.js';
import { Refused } from './refused.js';
import type { Refusals } from './refusals.js';

/** A token of an issuer's that was found to be right. */
export interface VerifiedToken {
  /** The id of the user. */
  readonly user: string;
  /** What the token says that they are in the whole installation. */
  readonly role: OverallRole | null;
  /** RFC 3339, UTC, milliseconds. */
  readonly expiresAt: string;
}

/** Tokens that are remembered, and milliseconds after which one is verified again: its key may have been withdrawn. */
const REMEMBERED = 10_000;
const AGAIN = 600_000;

export interface IssuerTokensOptions {
  /** Rejects with Refused, or with `issuer-unavailable`. */
  readonly verify: (token: string) => Promise<Bearer>;
  /** The id of whoever a token is of: known already, or seen for the first time. */
  readonly userOf: (bearer: Bearer) => Promise<string>;
  readonly refusals: Refusals;
}

/** Verifies the tokens of an issuer, each once, and remembers the right ones. */
export class IssuerTokens {
  private readonly right = new LRUCache<string, VerifiedToken>({ max: REMEMBERED, ttl: AGAIN });
  private readonly verifying = new Map<string, Promise<VerifiedToken | null>>();

  constructor(private readonly options: IssuerTokensOptions) {}

  /** At once for one that was verified lately; it may have expired since. Null: it is refused. */
  find(token: string, digest: string): VerifiedToken | null | Promise<VerifiedToken | null> {
    if (!isSigned(token)) return null;
    return this.right.get(digest) ?? this.verifying.get(digest) ?? this.begin(token, digest);
  }

  private begin(token: string, digest: string): Promise<VerifiedToken | null> {
    const verification = this.verify(token, digest).finally(() => this.verifying.delete(digest));
    this.verifying.set(digest, verification);
    return verification;
  }

  private async verify(token: string, digest: string): Promise<VerifiedToken | null> {
    try {
      const bearer = await this.options.verify(token);
      const user = await this.options.userOf(bearer);
      const verified = { user, role: bearer.role, expiresAt: bearer.expiresAt };
      this.right.set(digest, verified);
      return verified;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.options.refusals.note(error.reason);
      return null;
    }
  }
}

/** Whether it looks like a JSON Web Signature in its compact form (RFC 7515, 7.1): three parts, and nothing like a token of ours. */
function isSigned(token: string): boolean {
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  return first > 0 && second > first && !token.includes('.', second + 1);
}
