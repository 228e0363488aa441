import { mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { syncFolder } from '../embedded/create-cluster.js';
import { oneLine } from '../embedded/embedded-postgres-error.js';
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { BackupError } from './backup-error.js';
import { checkPages } from './check-pages.js';
import { copyFile } from './copy-file.js';
import type { FileRecord } from './copy-file.js';
import { requireRoom } from './disk-room.js';
import { checkLogs } from './dossier-logs.js';
import type { DossierLog } from './dossier-logs.js';
import { INSTALLATION, readManifest } from './manifest.js';
import type { DossierHead, Manifest } from './manifest.js';
import { inDatabase, openSession } from './session.js';
import { syncAll } from './sync-all.js';
import { unlessGone } from './unless-gone.js';
import type { Watch } from './watch.js';
import { CLUSTER } from './what-to-copy.js';

export interface Restored {
  readonly manifest: Manifest;
  readonly logs: readonly DossierLog[];
}

export interface RestoreOptions {
  /** A folder made by takeBackup. */
  readonly backup: string;
  /** New or empty. */
  readonly into: string;
  readonly watch: Watch;
  /** What else is to be done in the restored folder, and kept on the disk, before it becomes an installation. */
  readonly complete?: (folder: string) => Promise<void>;
}

/**
 * Makes a backup the installation of an empty folder, after it has been found whole. Rejects with BackupError,
 * EmbeddedPostgresError, or with what the system refuses; the folder is empty then.
 */
export async function restoreBackup({ backup, into, watch, complete }: RestoreOptions): Promise<Restored> {
  const folder = resolve(into);
  const manifest = await readManifest(resolve(backup));
  const isNew = await requireEmpty(folder);
  // Inside, because the folder may be a file system of its own, onto which nothing can be moved.
  const draft = await mkdtemp(join(folder, '.restoring-'));
  try {
    await copyOut(manifest, resolve(backup), draft, watch);
    const logs = await check(draft, manifest, watch);
    await complete?.(draft);
    await moveUp(draft, folder);
    return { manifest, logs };
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if (isNew) await rmdir(folder);
    throw cause;
  }
}

/** Restores a backup into a temporary folder, which is removed again. */
export async function verifyBackup(backup: string, watch: Watch): Promise<Restored> {
  const folder = await mkdtemp(join(tmpdir(), 'standpoint-verify-'));
  try {
    return await restoreBackup({ backup, into: folder, watch });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Answers whether it had to be made. */
async function requireEmpty(folder: string): Promise<boolean> {
  const names = await unlessGone(readdir(folder));
  if (names === undefined) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return true;
  }
  if (names.length === 0) return false;
  throw new BackupError(`${folder} is not empty: restore into a new or an empty folder`);
}

async function copyOut(
  { folders, files }: Manifest,
  backup: string,
  draft: string,
  { progress, signal }: Watch,
): Promise<void> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  await requireRoom(draft, total);
  for (const path of folders) await mkdir(join(draft, path), { mode: 0o700 });
  let done = 0;
  for (const file of files) {
    await copyIntact(file, join(backup, INSTALLATION), draft, (bytes) => {
      signal.throwIfAborted();
      progress('restored', (done += bytes), total);
    });
  }
  // PostgreSQL itself syncs the whole of its data directory before it recovers (SyncDataDirectory).
  const ours = ['', ...folders, ...files.map(({ path }) => path)].filter((path) => !path.startsWith(CLUSTER));
  await syncAll(
    ours.map((path) => join(draft, path)),
    signal,
  );
}

async function copyIntact(
  { path, size, sha256 }: FileRecord,
  from: string,
  to: string,
  advance: (bytes: number) => void,
): Promise<void> {
  const found = await unlessGone(copyFile(join(from, path), join(to, path), advance));
  if (found?.size === size && found.sha256 === sha256) return;
  const what = found === undefined ? 'is missing from the backup' : 'is damaged';
  throw new BackupError(`${join(from, path)} ${what}: restore another backup`);
}

/** PostgreSQL recovers when it starts. */
async function check(folder: string, { dossiers }: Manifest, watch: Watch): Promise<readonly DossierLog[]> {
  const postgres = await startEmbeddedPostgres({ folder, log: watch.log });
  try {
    watch.signal.throwIfAborted();
    return await checkDatabase(inDatabase(postgres.superuserUrl), dossiers);
  } finally {
    await postgres.stop();
  }
}

async function checkDatabase(url: string, promised: readonly DossierHead[]): Promise<readonly DossierLog[]> {
  try {
    const { client } = await openSession(url);
    try {
      await checkPages(client);
      return await checkLogs(client, promised);
    } finally {
      await client.end();
    }
  } catch (cause) {
    if (cause instanceof BackupError) throw cause;
    const message = 'The restored database is damaged, restore another backup';
    throw new BackupError(`${message}: ${oneLine(String(cause))}`, { cause });
  }
}

/** The cluster last: a folder without it is not taken for an installation. */
async function moveUp(draft: string, folder: string): Promise<void> {
  const names = (await readdir(draft)).filter((name) => name !== 'postgres');
  for (const name of [...names, 'postgres']) await rename(join(draft, name), join(folder, name));
  await rmdir(draft);
  await syncFolder(folder);
}
