import type { AccessDecision } from '../log/access-writer.js';
import { Rejection } from '../../domain/rejection.js';
import { quote } from '../../domain/references.js';
import type { AccessState, User } from '../log/state.js';
import type { DossierSettings, Role } from '../roles.js';
import { findUser } from '../users/decisions.js';

export interface MemberView {
  readonly user: { readonly id: string; readonly slug: string; readonly name: string };
  readonly role: Role;
}

export function viewMember({ id, slug, name }: User, role: Role): MemberView {
  return { user: { id, slug, name }, role };
}

export function grantRole(
  state: AccessState,
  dossier: string,
  reference: string,
  role: Role,
  reason: string | null,
): AccessDecision<MemberView> {
  const user = findUser(state, reference);
  return {
    stream: 'dossier',
    id: dossier,
    events: [{ type: 'RoleGranted', data: { dossier, user: user.id, role, reason } }],
    answer: viewMember(user, role),
  };
}

export function revokeRole(
  state: AccessState,
  dossier: string,
  reference: string,
  reason: string | null,
): AccessDecision<MemberView> {
  const user = findUser(state, reference);
  const role = user.dossiers.get(dossier);
  if (role === undefined)
    throw new Rejection('not-found', `The user ${quote(reference)} is not a member of this dossier.`);
  return {
    stream: 'dossier',
    id: dossier,
    events: [{ type: 'RoleRevoked', data: { dossier, user: user.id, reason } }],
    answer: viewMember(user, role),
  };
}

export function setVisibility(
  dossier: string,
  { visibility, audits }: DossierSettings,
  reason: string | null,
): AccessDecision<DossierSettings> {
  return {
    stream: 'dossier',
    id: dossier,
    events: [{ type: 'DossierVisibilitySet', data: { dossier, visibility, audits, reason } }],
    answer: { visibility, audits },
  };
}
