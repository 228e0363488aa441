import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { errorCode } from '../embedded/embedded-postgres-error.js';
import { BackupError } from './backup-error.js';
import type { FileRecord } from './copy-file.js';

/** How far the log of a dossier goes. */
export interface DossierHead {
  readonly id: string;
  readonly sequence: number;
}

/** What a backup holds. Stored, as JSON: every later version must be able to read it. */
export interface Manifest {
  readonly format: 1;
  /** Versions of what made it. */
  readonly standpoint: string;
  readonly postgres: string;
  /** RFC 3339. What was acknowledged before `takenAt` is in the backup. */
  readonly startedAt: string;
  readonly takenAt: string;
  /** As of `takenAt`: a restored log goes at least that far. */
  readonly dossiers: readonly DossierHead[];
  /** Paths from the data folder, with `/`, each after the one that it is in. */
  readonly folders: readonly string[];
  readonly files: readonly FileRecord[];
}

/** In a backup: the data folder as it shall be, the manifest, and its checksum as `sha256sum --check` reads it. */
export const INSTALLATION = 'installation';
export const MANIFEST = 'manifest.json';
export const CHECKSUM = 'manifest.json.sha256';

export const manifestText = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 1)}\n`;
export const checksumText = (manifest: string): string => `${sha256(manifest)}  ${MANIFEST}\n`;

/** Rejects with BackupError when it is no backup, or one whose manifest is damaged. */
export async function readManifest(backup: string): Promise<Manifest> {
  const text = await readFile(join(backup, MANIFEST), 'utf8').catch(notThere(backup));
  const checksum = await readFile(join(backup, CHECKSUM), 'utf8').catch(notThere(backup));
  if (checksum !== checksumText(text))
    throw new BackupError(`${join(backup, MANIFEST)} is damaged: restore another backup`);
  const manifest: unknown = JSON.parse(text);
  if (isManifest(manifest)) return manifest;
  throw new BackupError(`${backup} is of a format that this version does not read: use the one that made it`);
}

function notThere(backup: string): (cause: unknown) => never {
  return (cause) => {
    if (!['ENOENT', 'ENOTDIR'].includes(errorCode(cause))) throw cause;
    throw new BackupError(`${backup} is not a backup, or not a whole one: it has no manifest`, { cause });
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
/** Leads nowhere else than into the data folder. */
const path = { type: 'string', pattern: '^(?!/)(?!(.*/)?\\.\\.?(/|$))[^\\0\\\\]+$' };
const record = (properties: object): object => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
const list = (items: object): object => ({ type: 'array', items });

const isManifest = new Ajv2020({ strict: false }).compile<Manifest>(
  record({
    format: { const: 1 },
    standpoint: text,
    postgres: text,
    startedAt: text,
    takenAt: text,
    dossiers: list(record({ id: text, sequence: count })),
    folders: list(path),
    files: list(record({ path, size: count, sha256: text })),
  } satisfies Record<keyof Manifest, object>),
);
