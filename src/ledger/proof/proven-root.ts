import type { Connection, EventLog } from '../event-log.js';
import type { TreeHead } from './checkpoint.js';
import type { Made } from './made.js';
import { checkLeaves } from './recomputed.js';
import { LedgerDamaged, type StoredTree } from './stored-tree.js';

/** Events that are looked at again at once. */
const PAGE = 500;

export interface ProvenRoot {
  readonly connection: Connection;
  readonly log: EventLog;
  readonly dossier: string;
  readonly tree: StoredTree;
}

/**
 * The root of a tree that has grown from a head (found in what is stored before): by the leaves that this process itself has made since, or,
 * where it has not, by those that follow from the events. Rejects with LedgerDamaged where what is stored gives another.
 */
export async function provenRoot(
  { connection, log, dossier, tree }: ProvenRoot,
  { from, size, made }: { from: TreeHead; size: number; made: Made | null },
): Promise<Buffer> {
  const stored = (await tree.frontier(size)).root();
  const known = made?.frontier.size === size && made.growsFrom(from) ? made.frontier : null;
  const frontier = known ?? (await recomputed());
  if (!frontier.root().equals(stored))
    throw new LedgerDamaged(`The leaves or tiles between ${from.size} and ${size} were changed.`);
  return stored;

  async function recomputed(): Promise<Made['frontier']> {
    let grown = await tree.frontier(from.size);
    const asStored = log.through(connection).stored();
    while (grown.size < size) {
      const events = await asStored.read(dossier, grown.size, Math.min(PAGE, size - grown.size));
      const gap = events.findIndex(({ sequence }, index) => sequence !== grown.size + index + 1);
      if (events.length === 0 || gap >= 0)
        throw new LedgerDamaged(`Event ${grown.size + Math.max(gap, 0) + 1} is missing.`);
      grown = grown.grown(await checkLeaves(connection, dossier, events)).frontier;
    }
    return grown;
  }
}
