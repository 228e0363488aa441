import { link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file that must not be there yet, readable by its owner alone: all of it and durably, or not at all. False: it is there already.
 * Of several processes that try at once one succeeds. `draft` is a path that nobody else writes.
 */
export async function writeExclusively(path: string, draft: string, content: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeDurably(draft, content);
  try {
    await link(draft, path);
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false; // holds: the file system's errors have codes
    throw error;
  } finally {
    await unlink(draft);
  }
}

/** Writes a file in place of one that may be there, likewise: the old or the new one is there, whatever happens. */
export async function replaceDurably(path: string, draft: string, content: string): Promise<void> {
  await writeDurably(draft, content);
  await rename(draft, path);
  await syncFolder(dirname(path));
}

async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** What is done about a file that is not there: nothing. */
export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
