import { syncFolder } from '../embedded/create-cluster.js';

/** File systems write the journal once for all that ask at the same time. */
const atOnce = 16;

/** Files and folders: on the disk when this returns. */
export async function syncAll(paths: readonly string[], signal: AbortSignal): Promise<void> {
  const left = paths.values();
  const syncOnes = async (): Promise<void> => {
    for (const path of left) {
      signal.throwIfAborted();
      await syncFolder(path);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, syncOnes));
}
