import { resolve } from 'node:path';
import { InstallationCopy } from './installation-copy.js';
import type { SourceDescription } from './installation-copy.js';
import type { Manifest } from './manifest.js';
import { openSession } from './session.js';
import { reachServer, requireInstallation } from './source-server.js';
import { fillAndName, requireFreeTarget } from './unfinished.js';

export interface BackupOrder extends SourceDescription {
  /** Where the backup shall appear; must not be there. */
  readonly target: string;
}

/**
 * Copies an installation while it runs, or while it does not. Rejects with BackupError, EmbeddedPostgresError, or with what the
 * system refuses; there is nothing at the target then.
 */
export async function takeBackup(order: BackupOrder): Promise<Manifest> {
  const folder = resolve(order.folder);
  const target = resolve(order.target);
  await requireInstallation(folder);
  await requireFreeTarget(target, folder);
  const server = await reachServer(folder, order.watch.log);
  try {
    return await copyFrom(server.url, { ...order, folder, target });
  } finally {
    await server.leave();
  }
}

async function copyFrom(url: string, order: BackupOrder): Promise<Manifest> {
  const session = await openSession(url);
  try {
    return await fillAndName(order.target, (draft) => new InstallationCopy(draft, session, order).make());
  } catch (cause) {
    session.lost.throwIfAborted();
    throw cause;
  } finally {
    await session.client.end().catch(() => undefined);
  }
}
