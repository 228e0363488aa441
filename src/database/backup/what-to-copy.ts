import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unlessGone } from './unless-gone.js';

export interface Entry {
  /** From the data folder, with `/`. */
  readonly path: string;
  readonly kind: 'folder' | 'file';
  /** Bytes, when it was seen; 0 of a folder. */
  readonly size: number;
}

/** PostgreSQL's data directory in the data folder. */
export const CLUSTER = 'postgres/data';
/** Says from where recovery begins. Copied after everything else, as PostgreSQL itself does it. */
export const CONTROL_FILE = `${CLUSTER}/global/pg_control`;
/** Copied when it is complete: after the end. */
export const WAL = `${CLUSTER}/pg_wal`;

/**
 * What a base backup leaves out: PostgreSQL's manual, "Backing Up the Data Directory", and excludeDirContents and excludeFiles in
 * its src/backend/backup/basebackup.c. The folders must be there, empty.
 */
const EMPTIED = new Set(
  ['dynshmem', 'notify', 'replslot', 'serial', 'snapshots', 'stat_tmp', 'subtrans'].map(
    (name) => `${CLUSTER}/pg_${name}`,
  ),
);
const LEFT_OUT = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'backup_label',
  'tablespace_map',
  'backup_manifest',
  'postgresql.auto.conf.tmp',
  'current_logfiles.tmp',
]);
const LEFT_OUT_PREFIXES = /^(pgsql_tmp|pg_internal\.init)/;

/** Of ours: the server's log, and clusters that were never completed. */
const NOT_NEEDED = /^(postgres\.log(\.1)?|postgres\.new-[^/]*|\.restoring-[^/]*)$/;

/** Everything in a data folder that a backup copies while the server runs, each folder before what is in it. */
export async function* entriesToCopy(folder: string, path = ''): AsyncGenerator<Entry> {
  for (const name of (await unlessGone(readdir(join(folder, path)))) ?? []) {
    const inner = path === '' ? name : `${path}/${name}`;
    const found = await unlessGone(stat(join(folder, inner)));
    if (found?.isDirectory() && isWanted(inner, 'folder')) {
      yield { path: inner, kind: 'folder', size: 0 };
      if (!EMPTIED.has(inner)) yield* entriesToCopy(folder, inner);
    }
    if (found?.isFile() && isWanted(inner, 'file')) yield { path: inner, kind: 'file', size: found.size };
  }
}

/** Exported for its test. */
export function isWanted(path: string, kind: Entry['kind']): boolean {
  if (!path.startsWith(`${CLUSTER}/`)) return !NOT_NEEDED.test(path);
  if (LEFT_OUT.has(basename(path)) || LEFT_OUT_PREFIXES.test(basename(path))) return false;
  return kind === 'folder' || (path !== CONTROL_FILE && !path.startsWith(`${WAL}/`));
}
