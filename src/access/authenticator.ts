import { Rejection } from '../domain/rejection.js';
import type { AccessLog } from './log/access-log.js';
import { FIRST_ADMINISTRATOR, type Token, type User } from './log/state.js';
import { digestOf, slowDigestOf } from './tokens.js';
import type { TokenUses } from './token-uses.js';

/** By what somebody is known. */
export interface Credential {
  readonly user: User;
  /** Of the token that was sent, or that the session was exchanged for, as it may be kept. */
  readonly digest: string;
  /** Null: the first administrator's, which is not in the log. */
  readonly token: Token | null;
  /** When the session ends, in RFC 3339; null: it was not a session. */
  readonly sessionEnds: string | null;
}

export interface AuthenticatorOptions {
  readonly access: AccessLog;
  readonly uses: TokenUses;
  readonly firstAdministratorsToken: string;
  /** RFC 3339. */
  readonly now: () => string;
}

/** Tells whose a token is: from memory, in one step, so that neither a right nor a wrong one costs a query. */
export class Authenticator {
  private readonly first: string;
  /** Under what the first administrator's sessions are kept. */
  readonly firstAdministrator: string;

  constructor(private readonly options: AuthenticatorOptions) {
    this.first = digestOf(options.firstAdministratorsToken);
    this.firstAdministrator = slowDigestOf(options.firstAdministratorsToken);
  }

  /** Null: it is nobody's, or no longer, or its user is kept out. Rejects with `database-unavailable` where that is not known. */
  byToken(token: string): Credential | null {
    const digest = digestOf(token);
    const credential = this.byDigest(digest === this.first ? this.firstAdministrator : digest);
    if (credential?.token) this.options.uses.note(credential.token.id);
    return credential;
  }

  byDigest(digest: string): Credential | null {
    const { access, now } = this.options;
    if (digest === this.firstAdministrator) {
      const user = access.state.users.get(FIRST_ADMINISTRATOR.id);
      return user === undefined ? null : { user, digest, token: null, sessionEnds: null };
    }
    if (!access.isReliable)
      throw new Rejection('database-unavailable', 'Who may do what cannot be read at the moment. Try again.');
    const token = access.state.tokens.get(digest);
    if (token === undefined || token.user.disabled !== null) return null;
    if (token.expiresAt !== null && token.expiresAt <= now()) return null;
    return { user: token.user, digest, token, sessionEnds: null };
  }
}
