import { statfs } from 'node:fs/promises';
import { BackupError } from './backup-error.js';

const megabyte = 1_000_000;

/** Refuses what is sure not to fit, before it is begun. */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const [needed, free] = [bytes, bavail * bsize].map((each) => Math.ceil(each / megabyte));
  throw new BackupError(`No room in ${folder}: ${needed} MB are needed, and ${free} MB are free`);
}
