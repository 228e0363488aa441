import type { Named } from './rejection.js';

interface Bearer extends Named {
  readonly aliases: readonly string[];
  /** What has erased its names: what is shown in their place finds nothing. */
  readonly redacted?: object | null;
}

export type Resolution<T> =
  | { readonly status: 'found'; readonly thing: T }
  | { readonly status: 'ambiguous'; readonly candidates: readonly T[] }
  | { readonly status: 'unknown' };

/** Names are the same when they differ only in case, in the width of white space or in Unicode composition (NFC). */
export function sameNameKey(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();
}

/** The things of one kind in a dossier, found by id, slug, name or alias, listed in the order in which they were added. */
export class Roster<T extends Bearer> {
  private readonly things = new Map<string, T>();
  private readonly slugs = new Map<string, string>();
  private readonly bearers = new Map<string, Set<string>>();

  get size(): number {
    return this.things.size;
  }

  byId(id: string): T | undefined {
    return this.things.get(id);
  }

  /** Ids are UUIDs, which RFC 9562 reads in either case. */
  byIdOrSlug(reference: string): T | undefined {
    const slugged = this.slugs.get(reference);
    return this.things.get(reference) ?? this.things.get(slugged ?? reference.toLowerCase());
  }

  all(): T[] {
    return [...this.things.values()];
  }

  /** Adds a thing, or replaces the one of the same id. */
  put(thing: T): void {
    const before = this.things.get(thing.id);
    if (before !== undefined) for (const name of namesOf(before)) this.unbear(name, before.id);
    this.things.set(thing.id, thing);
    if (thing.slug !== null) this.slugs.set(thing.slug, thing.id);
    for (const name of namesOf(thing)) this.bear(name, thing.id);
  }

  /** An id or a slug names one thing for certain; a name or an alias does when exactly one thing bears it. */
  resolve(reference: string): Resolution<T> {
    const certain = this.byIdOrSlug(reference);
    if (certain !== undefined) return { status: 'found', thing: certain };
    const [first, ...others] = this.bearing(reference);
    if (first === undefined) return { status: 'unknown' };
    return others.length === 0
      ? { status: 'found', thing: first }
      : { status: 'ambiguous', candidates: [first, ...others] };
  }

  private bearing(name: string): T[] {
    const ids = [...(this.bearers.get(sameNameKey(name)) ?? [])];
    return ids.flatMap((id) => this.things.get(id) ?? []);
  }

  /** A name that nobody bears any more is not remembered either. */
  private unbear(name: string, id: string): void {
    const ids = this.bearers.get(name);
    ids?.delete(id);
    if (ids?.size === 0) this.bearers.delete(name);
  }

  private bear(name: string, id: string): void {
    const ids = this.bearers.get(name);
    if (ids === undefined) this.bearers.set(name, new Set([id]));
    else ids.add(id);
  }
}

function namesOf(thing: Bearer): string[] {
  if (thing.redacted) return [];
  return [thing.name, ...thing.aliases].map(sameNameKey);
}
