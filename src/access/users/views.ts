import type { Token, User } from '../log/state.js';
import type { Origin } from '../origin.js';
import type { OverallRole } from '../roles.js';

export interface UserView {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** Null: a user of this service alone. */
  readonly origin: Origin | null;
  readonly role: OverallRole | null;
  readonly disabled: { readonly reason: string } | null;
}

/** A token without its secret. */
export interface TokenView {
  readonly id: string;
  readonly prefix: string;
  readonly label: string | null;
  readonly issuedAt: string;
  readonly expiresAt: string | null;
  readonly revoked: { readonly at: string; readonly reason: string | null } | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
}

export function viewUser({ id, slug, name, origin, role, disabled }: UserView | User): UserView {
  return { id, slug, name, origin, role, disabled };
}

export function viewToken(
  { id, prefix, label, issuedAt, expiresAt, revoked }: Omit<Token, 'user' | 'digest'>,
  lastUsedAt: string | null,
): TokenView {
  return { id, prefix, label, issuedAt, expiresAt, revoked, lastUsedAt };
}
