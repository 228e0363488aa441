import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { validate as isUuid } from 'uuid';
import { quote } from '../domain/references.js';
import { Rejection } from '../domain/rejection.js';
import type { Casts, DossierState } from './casts.js';

/** The name under which a dossier's slug, or the idempotency key of its opening, is kept: unique among all dossiers. */
export const slugName = (slug: string): string => `slug/${slug}`;
export const keyName = (key: string): string => `key/${key}`;

/** Finds dossiers by id or slug. A slug is given once and for ever, so what was found stays found. */
export class Dossiers {
  private readonly ids = new LRUCache<string, string>({ max: 10_000 });

  constructor(
    private readonly pool: Pool,
    private readonly casts: Casts,
  ) {}

  /** The dossier as it is now. Rejects with `not-found`. */
  async current(reference: string): Promise<DossierState> {
    const id = isUuid(reference) ? reference.toLowerCase() : await this.idOfSlug(reference);
    const state = id === null ? null : await this.casts.fresh(id);
    if (state === null || state.head.sequence === 0)
      throw new Rejection('not-found', `There is no dossier ${quote(reference)}.`);
    return state;
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
    return (await this.pool.query('SELECT 1 FROM dossier_head WHERE sequence > 0 LIMIT 1')).rowCount === 1;
  }

  private async idOfSlug(slug: string): Promise<string | null> {
    const kept = this.ids.get(slug);
    if (kept !== undefined) return kept;
    const id = await this.named(slugName(slug));
    if (id !== null) this.ids.set(slug, id);
    return id;
  }
}
