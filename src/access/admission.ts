import { noSuchDossier, type Dossiers } from '../dossiers/dossiers.js';
import { Rejection } from '../domain/rejection.js';
import type { Authenticator, Credential } from './authenticator.js';
import type { AccessLog } from './log/access-log.js';
import {
  IN_A_DOSSIER,
  isOfDossier,
  mayInDossier,
  mayOverall,
  type DossierPermission,
  type Permission,
} from './roles.js';

/** Under what a request was let in. */
export interface Entry {
  /** Null: a stranger, in a public dossier. */
  readonly credential: Credential | null;
  readonly needs: Exclude<Permission, 'nothing'>;
  /** The id of the dossier that it is about; for an administrator as the request names it. */
  readonly dossier: string | null;
}

/**
 * Decides who is let in. A member is let in from memory, at once. Whoever is not pays for one query, which is the same for a dossier that
 * is hidden from them and for one that does not exist, and so is the answer.
 */
export class Admission {
  constructor(
    private readonly access: AccessLog,
    private readonly authenticator: Authenticator,
    private readonly dossiers: Dossiers,
    private readonly now: () => string,
  ) {}

  /** Rejects with `unauthenticated`, `forbidden`, or `not-found` for a dossier that the caller may not know of. */
  admit(
    needs: Exclude<Permission, 'nothing'>,
    credential: Credential | null,
    reference: string | undefined,
  ): Entry | Promise<Entry> {
    if (!isOfDossier(needs)) {
      if (credential === null) throw unauthenticated();
      if (!mayOverall(needs, credential.user.role)) throw forbidden();
      return { credential, needs, dossier: null };
    }
    if (reference === undefined) throw new Error(`A route that needs ${needs} names no dossier.`);
    if (credential?.user.role === 'administrator') return { credential, needs, dossier: reference };
    if (credential === null) this.requirePublicAccess(needs);
    const id = this.dossiers.kept(reference);
    return id !== null && this.may(needs, credential, id)
      ? { credential, needs, dossier: id }
      : this.ask(needs, credential, reference);
  }

  /** Whether what let a request in would let it in now: for answers that take long. */
  holds({ credential, needs, dossier }: Entry): boolean {
    if (credential === null) return dossier !== null && isOfDossier(needs) && this.may(needs, null, dossier);
    const now = this.authenticator.again(credential);
    if (now === null || (credential.sessionEnds !== null && credential.sessionEnds <= this.now()))
      return false;
    if (!isOfDossier(needs)) return mayOverall(needs, now.user.role);
    return now.user.role === 'administrator' || (dossier !== null && this.may(needs, now, dossier));
  }

  private async ask(
    needs: DossierPermission,
    credential: Credential | null,
    reference: string,
  ): Promise<Entry> {
    const id = await this.dossiers.find(reference);
    if (id !== null && this.may(needs, credential, id)) return { credential, needs, dossier: id };
    if (credential === null) throw unauthenticated();
    if (id === null || !this.mayKnowOf(id, credential)) throw noSuchDossier(reference);
    throw forbidden();
  }

  private may(needs: DossierPermission, credential: Credential | null, dossier: string): boolean {
    const role = credential?.user.dossiers.get(dossier) ?? null;
    return mayInDossier(needs, role, this.access.state.settingsOf(dossier));
  }

  private mayKnowOf(dossier: string, { user }: Credential): boolean {
    return user.dossiers.has(dossier) || this.access.state.settingsOf(dossier).visibility !== 'hidden';
  }

  private requirePublicAccess(needs: DossierPermission): void {
    if (IN_A_DOSSIER[needs].reader === false) throw unauthenticated();
    if (!this.access.isReliable)
      throw new Rejection('database-unavailable', 'Who may do what cannot be read at the moment. Try again.');
  }
}

export function unauthenticated(): Rejection {
  return new Rejection('unauthenticated', 'Send a valid token: Authorization: Bearer TOKEN.');
}

function forbidden(): Rejection {
  return new Rejection('forbidden', 'Your role does not allow this.');
}
