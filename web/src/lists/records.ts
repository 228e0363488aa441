import { answered, api, type Schemas } from '../api/client.js';

/** What a dossier has lists of. */
export const KINDS = ['parties', 'speakers', 'topics', 'sources'] as const;
export type Kind = (typeof KINDS)[number];

export type Listed = Schemas['Party'] | Schemas['Speaker'] | Schemas['Topic'] | Schemas['Source'];
/** Fields by their names, as the service takes them. What is wrong with them, it says. */
export type Fields = Readonly<Record<string, unknown>>;

interface ListPageOf<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export const isKind = (text: string): text is Kind => KINDS.some((kind) => kind === text);

export const nameOf = (record: Listed): string => ('title' in record ? record.title : record.name);

/** A page of a list; `q` finds by any name, tolerant of spelling. */
export function list(
  kind: Kind,
  dossier: string,
  { q, cursor }: { readonly q?: string | undefined; readonly cursor?: string | null },
  signal: AbortSignal,
): Promise<ListPageOf<Listed>> {
  const query = { limit: 100, ...(q && { q }), ...(cursor && { cursor }) };
  const asked = { params: { path: { dossier }, query }, signal };
  switch (kind) {
    case 'parties':
      return answered(api.GET('/api/v1/dossiers/{dossier}/parties', asked));
    case 'speakers':
      return answered(api.GET('/api/v1/dossiers/{dossier}/speakers', asked));
    case 'topics':
      return answered(api.GET('/api/v1/dossiers/{dossier}/topics', asked));
    case 'sources':
      return answered(api.GET('/api/v1/dossiers/{dossier}/sources', asked));
  }
}

/** Changes a record (`id`), or enters one (null). Throws a `Refusal` with what is wrong, field by field. */
export function save(kind: Kind, dossier: string, id: string | null, fields: Fields): Promise<unknown> {
  const body = fields as never; // holds: the service checks every field, and its answer is shown beside it
  if (id === null) {
    const asked = { params: { path: { dossier } }, body };
    switch (kind) {
      case 'parties':
        return answered(api.POST('/api/v1/dossiers/{dossier}/parties', asked));
      case 'speakers':
        return answered(api.POST('/api/v1/dossiers/{dossier}/speakers', asked));
      case 'topics':
        return answered(api.POST('/api/v1/dossiers/{dossier}/topics', asked));
      case 'sources':
        return answered(api.POST('/api/v1/dossiers/{dossier}/sources', asked));
    }
  }
  const asked = { params: { path: { dossier, id } }, body };
  switch (kind) {
    case 'parties':
      return answered(api.PATCH('/api/v1/dossiers/{dossier}/parties/{id}', asked));
    case 'speakers':
      return answered(api.PATCH('/api/v1/dossiers/{dossier}/speakers/{id}', asked));
    case 'topics':
      return answered(api.PATCH('/api/v1/dossiers/{dossier}/topics/{id}', asked));
    case 'sources':
      return answered(api.PATCH('/api/v1/dossiers/{dossier}/sources/{id}', asked));
  }
}
