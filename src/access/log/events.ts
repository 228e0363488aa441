import type { Origin } from '../origin.js';
import type { Audits, OverallRole, Role, Visibility } from '../roles.js';

/** What the events of the access log carry. Stored: fields may be added, never renamed or removed. No event holds a secret. */
export interface AccessEvents {
  /** `origin` is of users whom an issuer of tokens knows, and who were seen for the first time. */
  UserCreated: { readonly slug: string; readonly name: string; readonly origin?: Origin };
  /** Their issuer calls them something else now. */
  UserRenamed: { readonly name: string };
  UserDisabled: { readonly reason: string };
  UserEnabled: { readonly reason: string };
  TokenIssued: {
    readonly token: string;
    /** SHA-256 of the token, hexadecimal. The token has 256 random bits, so nobody finds it from this. */
    readonly digest: string;
    /** How the token begins, so that people can tell which one it is. */
    readonly prefix: string;
    readonly label: string | null;
    /** RFC 3339; null: never. */
    readonly expiresAt: string | null;
  };
  TokenRevoked: { readonly token: string; readonly reason: string | null };
  /** `dossier` is null for a role in the whole installation. A user has one role in each; another one takes its place. */
  RoleGranted:
    | { readonly dossier: string; readonly user: string; readonly role: Role; readonly reason: string | null }
    | {
        readonly dossier: null;
        readonly user: string;
        readonly role: OverallRole;
        readonly reason: string | null;
      };
  RoleRevoked: { readonly dossier: string | null; readonly user: string; readonly reason: string | null };
  DossierVisibilitySet: {
    readonly dossier: string;
    readonly visibility: Visibility;
    readonly audits: Audits;
    readonly reason: string | null;
  };
}

export type AccessEventType = keyof AccessEvents;

/** The kinds of stream: a user with their tokens and their role in the whole installation; a dossier with its members and its settings. */
export type AccessStream = 'user' | 'dossier';

/** An event of the access log as the fold takes it. */
export type AccessEvent = {
  readonly [Type in AccessEventType]: {
    readonly type: Type;
    readonly streamId: string;
    readonly streamVersion: number;
    readonly recordedAt: string;
    readonly data: AccessEvents[Type];
  };
}[AccessEventType];

const KNOWN: Readonly<Record<AccessEventType, true>> = {
  UserCreated: true,
  UserRenamed: true,
  UserDisabled: true,
  UserEnabled: true,
  TokenIssued: true,
  TokenRevoked: true,
  RoleGranted: true,
  RoleRevoked: true,
  DossierVisibilitySet: true,
};

/** Whether this code understands an event; those it does not are passed over and reported. */
export function isAccessEvent<Event extends { readonly type: string }>(
  event: Event,
): event is Event & AccessEvent {
  return Object.hasOwn(KNOWN, event.type);
}
