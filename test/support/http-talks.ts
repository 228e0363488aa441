import { readFile } from 'node:fs/promises';
import type { OpenedDossier } from '../../src/recording/dossiers/open-dossier.js';
import type { LineResult } from '../../src/recording/import/importer.js';
import type { Service } from './service.js';

const folder = new URL('../data/april-2025-talks/', import.meta.url);

/** The project's own copy of a file of the talks of April 2025. */
export const talks = (name: string): Promise<string> => readFile(new URL(name, folder), 'utf8');

/** A line of an import as far as tests look at it. */
export interface TalkLine {
  readonly kind?: string;
  readonly slug: string;
  readonly text?: string;
  readonly passage?: { readonly exact: string };
}

export interface ExpectedPosition {
  readonly party: string;
  readonly topic: string;
  readonly stance: string;
  readonly conditions: readonly string[];
  readonly since: string;
  /** Slugs in said-order. */
  readonly statements: readonly string[];
}

export interface ExpectedPositions {
  readonly at: string;
  readonly positions: readonly ExpectedPosition[];
}

export async function expectedPositions(): Promise<ExpectedPositions> {
  return JSON.parse(await talks('expected-positions.json')) as ExpectedPositions; // holds: the file is part of the project
}

export async function talkLines(): Promise<TalkLine[]> {
  return (await talks('dossier.ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TalkLine); // holds: likewise
}

/** Opens a dossier. */
export function open(service: Service, slug: string): Promise<OpenedDossier> {
  return service.write('/dossiers', { slug, title: `Dossier ${slug}` });
}

/** Sends NDJSON to a dossier's import. */
export async function importLines(
  service: Service,
  dossier: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<LineResult[]> {
  const { status, text } = await service.request<string>('POST', `/dossiers/${dossier}/import`, {
    body,
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });
  if (status !== 200) throw new Error(`The import answered ${status}: ${text}`);
  return results(text);
}

export function results(ndjson: string): LineResult[] {
  return ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LineResult); // holds: every answer is held against its schema
}

/** Records the whole dossier of the talks; answers with the id of each slug. */
export async function recordTalks(service: Service, dossier: string): Promise<Map<string, string>> {
  await open(service, dossier);
  const lines = await talkLines();
  const answered = await importLines(service, dossier, await talks('dossier.ndjson'));
  return new Map(
    lines.map(({ kind = 'statement', slug }, index) => {
      const result = answered[index];
      if (result === undefined || !('id' in result))
        throw new Error(`Line ${index + 1} was refused: ${JSON.stringify(result)}`);
      return [`${kind} ${slug}`, result.id];
    }),
  );
}
