import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgresError, oneLine } from './embedded-postgres-error.js';

/** Only root makes copies; /var/cache is for data that can be made again (FHS 5.5) and no one else writes there. */
const parents = (): string[] => [...new Set(['/var/cache', '/var/tmp', tmpdir()])];

/**
 * Copies the programs to a folder that every account can reach and only root can change, once per label, and
 * returns what `use` makes of the copy. Tries the next parent when `use` fails: a file system may forbid
 * programs (noexec).
 */
export async function reachableCopy<Used>(
  native: string,
  label: string,
  use: (copy: string) => Promise<Used>,
): Promise<Used> {
  const failures: string[] = [];
  for (const parent of parents()) {
    try {
      return await use(await copyIn(parent, native, label));
    } catch (cause) {
      failures.push(`${parent}: ${oneLine(String(cause))}`);
    }
  }
  const message = `Root's PostgreSQL must run as another user, who cannot reach ${native}, nor a copy in`;
  throw new EmbeddedPostgresError(`${message} ${failures.join('; ')}`);
}

async function copyIn(parent: string, native: string, label: string): Promise<string> {
  const name = `standpoint-postgres-${label}`;
  const earlier = (await readdir(parent)).filter((entry) => entry.startsWith(name)).toSorted();
  for (const entry of earlier) {
    if (await isWhole(native, join(parent, entry))) return join(parent, entry);
  }
  const draft = await mkdtemp(join(parent, `${name}-`));
  try {
    await copyTree(native, draft);
    return await putInPlace(native, draft, join(parent, name));
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    throw cause;
  }
}

/** Returns where the copy is: in a folder that anyone may write to, another user may have taken its proper name. */
async function putInPlace(native: string, draft: string, copy: string): Promise<string> {
  if (await moved(draft, copy)) return copy;
  if (await isWhole(native, copy)) {
    await rm(draft, { recursive: true, force: true });
    return copy;
  }
  if (await isOurs(copy)) await rm(copy, { recursive: true, force: true });
  return (await moved(draft, copy)) ? copy : draft;
}

async function moved(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    () => false,
  );
}

async function isWhole(native: string, copy: string): Promise<boolean> {
  return (await isOurs(copy)) && (await isComplete(native, copy));
}

async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
}

/** Static libraries and the files for building extensions are a quarter of the package, and no server reads them. */
function isNeeded(name: string): boolean {
  return !name.endsWith('.a') && name !== 'pkgconfig' && name !== 'pgxs';
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!isNeeded(entry.name)) continue;
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await copyReadable(source, target);
  }
}

async function copyReadable(source: string, target: string): Promise<void> {
  await copyFile(source, target);
  const isProgram = ((await lstat(source)).mode & 0o100) !== 0;
  await chmod(target, isProgram ? 0o755 : 0o644);
}

/** Cleaners of temporary folders remove single files by age, so the name alone does not prove the copy. */
async function isComplete(from: string, to: string): Promise<boolean> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!isNeeded(entry.name)) continue;
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory() ? !(await isComplete(source, target)) : !(await sameSize(source, target)))
      return false;
  }
  return true;
}

async function sameSize(source: string, target: string): Promise<boolean> {
  const found = await lstat(target).catch(() => undefined);
  return found !== undefined && found.size === (await lstat(source)).size;
}
