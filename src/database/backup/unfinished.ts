import { lstat, mkdtemp, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { syncFolder } from '../embedded/create-cluster.js';
import { isAlive } from '../embedded/postmaster-process.js';
import { BackupError } from './backup-error.js';
import { unlessGone } from './unless-gone.js';

/** Refuses a target that is there, one whose folder is not, and one inside the data folder, with which it would be lost. */
export async function requireFreeTarget(target: string, folder: string): Promise<void> {
  if ((await unlessGone(lstat(target))) !== undefined)
    throw new BackupError(`${target} is there already: name another target`);
  const parent = await unlessGone(realpath(dirname(target)));
  if (parent === undefined)
    throw new BackupError(`The folder ${dirname(target)} is not there: make it, or mount it`);
  if (`${parent}${sep}`.startsWith(`${await realpath(folder)}${sep}`))
    throw new BackupError(
      `${target} is inside the data folder and would be lost with it: name another target`,
    );
}

/**
 * Has a folder beside the target filled, and moves it there when it is whole and on the disk: a backup that is killed leaves
 * nothing by its name, and what it leaves is removed by the next to the same target.
 */
export async function fillAndName<Result>(
  target: string,
  fill: (draft: string) => Promise<Result>,
): Promise<Result> {
  await discardUnfinished(target);
  const draft = await mkdtemp(`${draftPrefix(target)}${process.pid}-`);
  try {
    const result = await fill(draft);
    await rename(draft, target);
    await syncFolder(dirname(target));
    return result;
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    throw cause;
  }
}

const draftPrefix = (target: string): string => `${resolve(target)}.unfinished-`;

async function discardUnfinished(target: string): Promise<void> {
  const prefix = basename(draftPrefix(target));
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix)) continue;
    const maker = Number(name.slice(prefix.length).split('-')[0]);
    if (maker > 0 && (maker === process.pid || !isAlive(maker)))
      await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}
