import { fingerprintOfOrigin, type Origin } from '../origin.js';
import { DEFAULT_SETTINGS, type DossierSettings, type OverallRole, type Role } from '../roles.js';
import type { AccessEvent } from './events.js';

export interface User {
  readonly id: string;
  /** What is recorded as `recordedBy`: unique, and never changed. */
  readonly slug: string;
  name: string;
  /** Null: a user of this service alone. */
  readonly origin: Origin | null;
  /** RFC 3339; null for the first administrator, whom nobody created. */
  readonly createdAt: string | null;
  /** Why they are kept out; null: they are not. */
  disabled: { readonly reason: string } | null;
  role: OverallRole | null;
  readonly tokens: Map<string, Token>;
  /** Their roles by dossier. */
  readonly dossiers: Map<string, Role>;
}

export interface Token {
  readonly id: string;
  readonly user: User;
  readonly digest: string;
  readonly prefix: string;
  readonly label: string | null;
  readonly issuedAt: string;
  readonly expiresAt: string | null;
  revoked: { readonly at: string; readonly reason: string | null } | null;
}

/** The first administrator: whoever has the token of the settings or of the data folder. Not created by an event; never disabled, and never less. */
export const FIRST_ADMINISTRATOR = {
  id: '00000000-0000-7000-8000-000000000001',
  slug: 'administrator',
  name: 'Administrator',
} as const;

/** Who may do what, as the access log says: the fold of its events. */
export class AccessState {
  readonly users = new Map<string, User>();
  readonly usersBySlug = new Map<string, User>();
  /** Those whom an issuer of tokens knows, by the fingerprint of their origin. */
  readonly usersByOrigin = new Map<string, User>();
  /** Tokens that were not revoked, by digest. */
  readonly tokens = new Map<string, Token>();
  /** Members of each dossier. */
  readonly members = new Map<string, Map<string, Role>>();
  readonly settings = new Map<string, DossierSettings>();
  /** The version of each stream. */
  readonly versions = new Map<string, number>();

  constructor() {
    this.add({ ...FIRST_ADMINISTRATOR, origin: null, createdAt: null, role: 'administrator' });
  }

  versionOf(stream: string): number {
    return this.versions.get(stream) ?? 0;
  }

  settingsOf(dossier: string): DossierSettings {
    return this.settings.get(dossier) ?? DEFAULT_SETTINGS;
  }

  /** Dossiers that a user may read: as a member, or because anyone may. In no order. */
  readableBy({ dossiers }: Pick<User, 'dossiers'>): string[] {
    const open = [...this.settings].filter(([, { visibility }]) => visibility === 'public');
    return [...new Set([...dossiers.keys(), ...open.map(([dossier]) => dossier)])];
  }

  add(user: Pick<User, 'id' | 'slug' | 'name' | 'origin' | 'createdAt' | 'role'>): void {
    const added: User = { ...user, disabled: null, tokens: new Map(), dossiers: new Map() };
    this.users.set(user.id, added);
    this.usersBySlug.set(user.slug, added);
    if (user.origin !== null) this.usersByOrigin.set(fingerprintOfOrigin(user.origin), added);
  }
}

/** Takes the log's next event in. */
export function evolve(state: AccessState, event: AccessEvent): void {
  state.versions.set(event.streamId, event.streamVersion);
  switch (event.type) {
    case 'UserCreated': {
      const { slug, name, origin = null } = event.data;
      return state.add({ id: event.streamId, slug, name, origin, createdAt: event.recordedAt, role: null });
    }
    case 'UserRenamed':
      return withUser(state, event.streamId, (user) => void (user.name = event.data.name));
    case 'UserDisabled':
      return withUser(state, event.streamId, (user) => void (user.disabled = event.data));
    case 'UserEnabled':
      return withUser(state, event.streamId, (user) => void (user.disabled = null));
    case 'TokenIssued':
      return withUser(state, event.streamId, (user) => {
        const { token: id, ...issued } = event.data;
        const token: Token = { id, user, ...issued, issuedAt: event.recordedAt, revoked: null };
        user.tokens.set(id, token);
        state.tokens.set(token.digest, token);
      });
    case 'TokenRevoked':
      return withUser(state, event.streamId, (user) => {
        const token = user.tokens.get(event.data.token);
        if (token === undefined || token.revoked !== null) return;
        token.revoked = { at: event.recordedAt, reason: event.data.reason };
        state.tokens.delete(token.digest);
      });
    case 'RoleGranted': {
      const { data } = event;
      return withUser(state, data.user, (user) => {
        if (data.dossier === null) user.role = data.role;
        else setMember(state, data.dossier, user, data.role);
      });
    }
    case 'RoleRevoked': {
      const { dossier } = event.data;
      return withUser(state, event.data.user, (user) => {
        if (dossier === null) user.role = null;
        else setMember(state, dossier, user, null);
      });
    }
    case 'DossierVisibilitySet': {
      const { dossier, visibility, audits } = event.data;
      return void state.settings.set(dossier, { visibility, audits });
    }
  }
}

/** Nothing that the log says can take the first administrator's rights away: whoever runs the service would be locked out of it. */
function withUser(state: AccessState, id: string, change: (user: User) => void): void {
  const user = state.users.get(id);
  if (user === undefined) return;
  change(user);
  if (id !== FIRST_ADMINISTRATOR.id) return;
  user.role = 'administrator';
  user.disabled = null;
}

function setMember(state: AccessState, dossier: string, user: User, role: Role | null): void {
  const members = state.members.get(dossier) ?? new Map<string, Role>();
  state.members.set(dossier, members);
  if (role === null) {
    members.delete(user.id);
    user.dossiers.delete(dossier);
  } else {
    members.set(user.id, role);
    user.dossiers.set(dossier, role);
  }
}
