import { quote } from '../../domain/references.js';
import { Rejection } from '../../domain/rejection.js';
import type { AccessDecision } from '../log/access-writer.js';
import { FIRST_ADMINISTRATOR, type AccessState, type Token, type User } from '../log/state.js';
import type { OverallRole } from '../roles.js';
import type { IssuedToken } from '../tokens.js';
import { viewToken, viewUser, type TokenView, type UserView } from './views.js';

/** The user that a reference means: an id or a slug. Rejects with `not-found`. */
export function findUser({ users, usersBySlug }: AccessState, reference: string): User {
  const user = usersBySlug.get(reference) ?? users.get(reference.toLowerCase());
  if (user === undefined) throw new Rejection('not-found', `There is no user ${quote(reference)}.`);
  return user;
}

export interface NewUserInput {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly role: OverallRole | null;
}

/** Names under which something else than a user is recorded. */
const RESERVED = new Set<string>([FIRST_ADMINISTRATOR.slug, 'example', 'standpoint']);

export function createUser(
  state: AccessState,
  { id, slug, name, role }: NewUserInput,
): AccessDecision<UserView> {
  if (RESERVED.has(slug) || state.usersBySlug.has(slug)) throw userSlugTaken(slug);
  const granted = { dossier: null, user: id, reason: null } as const;
  return {
    stream: 'user',
    id,
    events: [
      { type: 'UserCreated', data: { slug, name } },
      ...(role === null ? [] : [{ type: 'RoleGranted', data: { ...granted, role } } as const]),
    ],
    claims: [{ name: `user/${slug}`, streamId: id }],
    answer: viewUser({ id, slug, name, origin: null, role, disabled: null }),
  };
}

export function disableUser(state: AccessState, reference: string, reason: string): AccessDecision<UserView> {
  const user = notTheFirst(findUser(state, reference));
  return {
    stream: 'user',
    id: user.id,
    events: [{ type: 'UserDisabled', data: { reason } }],
    answer: viewUser({ ...user, disabled: { reason } }),
  };
}

export function enableUser(state: AccessState, reference: string, reason: string): AccessDecision<UserView> {
  const user = findUser(state, reference);
  return {
    stream: 'user',
    id: user.id,
    events: [{ type: 'UserEnabled', data: { reason } }],
    answer: viewUser({ ...user, disabled: null }),
  };
}

export function setOverallRole(
  state: AccessState,
  reference: string,
  role: OverallRole | null,
  reason: string | null,
): AccessDecision<UserView> {
  const user = notTheFirst(findUser(state, reference));
  const data = { dossier: null, user: user.id, reason } as const;
  const event =
    role === null
      ? ({ type: 'RoleRevoked', data } as const)
      : ({ type: 'RoleGranted', data: { ...data, role } } as const);
  return {
    stream: 'user',
    id: user.id,
    events: [event],
    answer: viewUser({ ...user, role }),
  };
}

export interface NewTokenInput {
  readonly id: string;
  readonly issued: IssuedToken;
  readonly label: string | null;
  readonly expiresAt: string | null;
  readonly now: string;
}

/** What it answers does not hold the secret: answers are kept for repetitions. */
export function issueToken(
  state: AccessState,
  reference: string,
  { id, issued: { digest, prefix }, label, expiresAt, now }: NewTokenInput,
): AccessDecision<TokenView & { readonly token: null }> {
  const user = findUser(state, reference);
  if (expiresAt !== null && expiresAt <= now)
    throw new Rejection('validation-failed', 'expiresAt has passed.', [
      { path: 'expiresAt', message: 'must be in the future' },
    ]);
  const token = { id, prefix, label, issuedAt: now, expiresAt, revoked: null };
  return {
    stream: 'user',
    id: user.id,
    events: [{ type: 'TokenIssued', data: { token: id, digest, prefix, label, expiresAt } }],
    answer: { ...viewToken(token, null), token: null },
  };
}

export function revokeToken(
  state: AccessState,
  reference: string,
  id: string,
  reason: string | null,
  now: string,
): AccessDecision<TokenView> {
  const user = findUser(state, reference);
  const token = findToken(user, id);
  const revoked = token.revoked ?? { at: now, reason };
  return {
    stream: 'user',
    id: user.id,
    events: [{ type: 'TokenRevoked', data: { token: token.id, reason } }],
    answer: viewToken({ ...token, revoked }, null),
  };
}

function findToken({ tokens }: User, id: string): Token {
  const token = tokens.get(id.toLowerCase());
  if (token === undefined) throw new Rejection('not-found', `There is no token ${quote(id)} of this user.`);
  return token;
}

/** Whoever runs the service must be able to get in. */
function notTheFirst(user: User): User {
  if (user.id === FIRST_ADMINISTRATOR.id)
    throw new Rejection(
      'first-administrator',
      'The first administrator stays an administrator, and is never kept out.',
    );
  return user;
}

function userSlugTaken(slug: string): Rejection {
  return new Rejection('slug-taken', `Another user has the slug ${slug}.`, [
    { path: 'slug', message: 'is taken by another user' },
  ]);
}
