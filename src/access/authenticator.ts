import { Rejection } from '../domain/rejection.js';
import type { AccessLog } from './log/access-log.js';
import { FIRST_ADMINISTRATOR, type Token, type User } from './log/state.js';
import { higherRole } from './oidc/claims.js';
import type { IssuerTokens, VerifiedToken } from './oidc/issuer-tokens.js';
import { digestOf, slowDigestOf } from './tokens.js';
import type { TokenUses } from './token-uses.js';

/** By what somebody is known. */
export interface Credential {
  readonly user: User;
  /** Of the token that was sent, or that the session was exchanged for, as it may be kept. */
  readonly digest: string;
  /** Null: the first administrator's or an issuer's, which are not in the log. */
  readonly token: Token | null;
  /** Null: no issuer's. */
  readonly verified: VerifiedToken | null;
  /** When the session ends, in RFC 3339; null: it was not a session. */
  readonly sessionEnds: string | null;
}

export interface AuthenticatorOptions {
  readonly access: AccessLog;
  readonly uses: TokenUses;
  readonly firstAdministratorsToken: string;
  /** Null: nobody else issues tokens. */
  readonly issued: IssuerTokens | null;
  /** RFC 3339. */
  readonly now: () => string;
}

/**
 * Tells whose a token is: from memory, in one step, so that neither a right nor a wrong one costs a query. Only an issuer's that was not
 * seen lately takes longer: it has to be verified.
 */
export class Authenticator {
  private readonly first: string;
  /** Under what the first administrator's sessions are kept. */
  readonly firstAdministrator: string;

  constructor(private readonly options: AuthenticatorOptions) {
    this.first = digestOf(options.firstAdministratorsToken);
    this.firstAdministrator = slowDigestOf(options.firstAdministratorsToken);
  }

  /**
   * Of a token that was issued here. Null: it is nobody's, or no longer, or its user is kept out. Rejects with `database-unavailable` where
   * that is not known.
   */
  byToken(token: string): Credential | null {
    return this.byOwnDigest(digestOf(token));
  }

  /** As byToken, also for an issuer's. Rejects with `issuer-unavailable` where its key cannot be had. */
  byBearer(token: string): Credential | null | Promise<Credential | null> {
    const digest = digestOf(token);
    const credential = this.byOwnDigest(digest);
    if (credential !== null || this.options.issued === null) return credential;
    const verified = this.options.issued.find(token, digest);
    return verified instanceof Promise
      ? verified.then((each) => this.byVerified(digest, each))
      : this.byVerified(digest, verified);
  }

  /** Whether it looks like an issuer's (RFC 7519: three parts), so that only its signature tells. */
  mayBeIssuers(token: string): boolean {
    return this.options.issued !== null && token.split('.').length === 3;
  }

  /** What somebody who was let in is known by now; null: by nothing that holds, as far as that is known. */
  again({ digest, token, verified }: Credential): Credential | null {
    if ((token !== null || verified !== null) && !this.options.access.isReliable) return null;
    return verified === null ? this.byDigest(digest) : this.byVerified(digest, verified);
  }

  private byOwnDigest(sent: string): Credential | null {
    const credential = this.byDigest(sent === this.first ? this.firstAdministrator : sent);
    if (credential?.token) this.options.uses.note(credential.token.id);
    return credential;
  }

  byDigest(digest: string): Credential | null {
    const { access, now } = this.options;
    if (digest === this.firstAdministrator) {
      const user = access.state.users.get(FIRST_ADMINISTRATOR.id);
      return user === undefined ? null : { user, digest, token: null, verified: null, sessionEnds: null };
    }
    this.requireReliable();
    const token = access.state.tokens.get(digest);
    if (token === undefined || token.user.disabled !== null) return null;
    if (token.expiresAt !== null && token.expiresAt <= now()) return null;
    return { user: token.user, digest, token, verified: null, sessionEnds: null };
  }

  /** What the token says of the user's role holds beside what administrators say here: the higher one. */
  private byVerified(digest: string, verified: VerifiedToken | null): Credential | null {
    if (verified === null) return null;
    this.requireReliable();
    const user = this.options.access.state.users.get(verified.user);
    if (user === undefined || user.disabled !== null || verified.expiresAt <= this.options.now()) return null;
    const role = higherRole(user.role, verified.role);
    return { user: { ...user, role }, digest, token: null, verified, sessionEnds: null };
  }

  private requireReliable(): void {
    if (!this.options.access.isReliable)
      throw new Rejection('database-unavailable', 'Who may do what cannot be read at the moment. Try again.');
  }
}
