import type { Cast, ThingKind, ThingOf } from './cast.js';
import type { Finding, Named } from './rejection.js';

/** Resolves what a request calls things, gathering what cannot be resolved instead of stopping at the first. */
export class References {
  readonly findings: Finding[] = [];

  /** `malformed`: paths at which there is nothing to resolve. */
  constructor(
    private readonly cast: Cast,
    private readonly malformed: ReadonlySet<string> = new Set(),
  ) {}

  /** The id of the thing that is meant; null where none is named, or where the reference was refused. */
  id(kind: ThingKind, path: string, reference: string | null | undefined): string | null {
    return this.find(kind, path, reference)?.id ?? null;
  }

  ids(kind: ThingKind, path: string, references: readonly string[] | null | undefined): string[] {
    return (references ?? []).flatMap(
      (reference, index) => this.id(kind, `${path}.${index}`, reference) ?? [],
    );
  }

  private find<Kind extends ThingKind>(
    kind: Kind,
    path: string,
    reference: string | null | undefined,
  ): ThingOf[Kind] | null {
    if (reference === null || reference === undefined || this.malformed.has(path)) return null;
    const resolution = this.cast[kind].resolve(reference);
    if (resolution.status === 'found') return resolution.thing as ThingOf[Kind]; // holds: cast[kind] is the roster of that kind
    if (resolution.status === 'unknown') this.miss(kind, path, reference);
    else this.findings.push(ambiguous(kind, path, reference, resolution.candidates));
    return null;
  }

  /** Notes that nothing of this kind is called so. */
  miss(kind: ThingKind | 'statement', path: string, reference: string): void {
    const message = `no ${kind} in this dossier is called ${quote(reference)}`;
    this.findings.push({ code: 'unknown-reference', path, message, candidates: [] });
  }

  /** Notes that the statement referred to has been erased. */
  erased(path: string): void {
    const message = 'the statement that it refers to has been redacted';
    this.findings.push({ code: 'redacted-reference', path, message });
  }
}

function ambiguous(kind: string, path: string, reference: string, candidates: readonly Named[]): Finding {
  const named = candidates.map(({ id, slug, name }) => ({ id, slug, name }));
  return {
    code: 'ambiguous-reference',
    path,
    message: `more than one ${kind} is called ${quote(reference)}: give its id or slug`,
    candidates: named,
  };
}

/** A request's text in a message: quoted and cut, so that an answer is never as long as a hostile request. */
export function quote(text: string): string {
  const [cut = ''] = /.{0,80}/su.exec(text) ?? [];
  return JSON.stringify(cut === text ? text : `${cut}…`);
}
