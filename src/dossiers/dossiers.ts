import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { validate as isUuid } from 'uuid';
import { quote } from '../domain/references.js';
import { Rejection } from '../domain/rejection.js';
import { ACCESS_LOG } from './access-log-id.js';
import type { Casts, DossierState, KnownCast } from './casts.js';

/** The name under which a dossier's slug, or the idempotency key of its opening, is kept: unique among all dossiers. */
export const slugName = (slug: string): string => `slug/${slug}`;
export const keyName = (key: string): string => `key/${key}`;

/** What is not written so is nobody's slug, and may be what cannot even be asked for. */
const LIKE_A_SLUG = /^[a-z0-9-]{1,63}$/;

/** Finds dossiers by id or slug. A slug is given once and for ever, so what was found stays found. */
export class Dossiers {
  private readonly ids = new LRUCache<string, string>({ max: 10_000 });

  constructor(
    private readonly pool: Pool,
    private readonly casts: Casts,
  ) {}

  /** The dossier as it is now. Rejects with `not-found`. */
  async current(reference: string): Promise<DossierState> {
    const id = this.kept(reference) ?? (await this.idOfSlug(reference));
    const state = id === null || id === ACCESS_LOG ? null : await this.casts.fresh(id);
    if (state === null || state.head.sequence === 0) throw noSuchDossier(reference);
    return state;
  }

  /** The dossier's cast as this process last saw it, without a query; null where it has not seen it. */
  known(reference: string): KnownCast | null {
    const id = this.kept(reference);
    return id === null || id === ACCESS_LOG ? null : this.casts.known(id);
  }

  /** The id that a reference says by itself, or that is remembered for it; whether there is such a dossier is not asked. Null: it would have to be looked up. */
  kept(reference: string): string | null {
    return isUuid(reference) ? reference.toLowerCase() : (this.ids.get(reference) ?? null);
  }

  /** The id of a dossier; null if there is none. Always one query, found or not, remembered or not, so that its time tells nothing. */
  async find(reference: string): Promise<string | null> {
    if (!isUuid(reference)) return this.named(slugName(LIKE_A_SLUG.test(reference) ? reference : ''));
    const { rows } = await this.pool.query<{ id: string }>({
      name: 'dossier',
      text: 'SELECT dossier_id AS id FROM dossier_head WHERE dossier_id = $1 AND sequence > 0 AND dossier_id <> $2',
      values: [reference, ACCESS_LOG],
    });
    return rows[0]?.id ?? null;
  }

  /** The dossier that bears a name of `dossier_name`; null if none does. */
  async named(name: string): Promise<string | null> {
    const { rows } = await this.pool.query<{ dossier_id: string }>({
      name: 'dossier name',
      text: 'SELECT dossier_id FROM dossier_name WHERE name = $1',
      values: [name],
    });
    return rows[0]?.dossier_id ?? null;
  }

  /** Whether any dossier has been opened. */
  async any(): Promise<boolean> {
    const text = 'SELECT 1 FROM dossier_head WHERE sequence > 0 AND dossier_id <> $1 LIMIT 1';
    return (await this.pool.query(text, [ACCESS_LOG])).rowCount === 1;
  }

  private async idOfSlug(slug: string): Promise<string | null> {
    const id = await this.named(slugName(slug));
    if (id !== null) this.ids.set(slug, id);
    return id;
  }
}

export function noSuchDossier(reference: string): Rejection {
  return new Rejection('not-found', `There is no dossier ${quote(reference)}.`);
}
