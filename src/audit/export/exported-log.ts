import type { Connection } from '../../ledger/event-log.js';
import { Checkpoints } from '../../ledger/proof/checkpoints.js';
import { FULL, WIDTH } from '../../ledger/proof/frontier.js';
import { HASH } from '../../ledger/proof/hashing.js';
import { LoggedEntries, type LoggedEntry } from '../../ledger/proof/logged-entries.js';
import { LedgerDamaged, StoredTree } from '../../ledger/proof/stored-tree.js';
import { readRedactions } from './redactions.js';

/** Events read at a time. */
const AT_ONCE = 1_000;

/** Checkpoints read at a time. */
const CHECKPOINTS = 200;

/** The lines of a log up to a size: entries, payloads, tiles and checkpoints (docs/proof.md, "Export"). */
export class ExportedLog {
  private readonly entries: LoggedEntries;
  private readonly tree: StoredTree;
  private readonly checkpoints: Checkpoints;
  /** The tile of leaves that is being filled. */
  private readonly leaves = Buffer.alloc(FULL);

  constructor(
    private readonly connection: Connection,
    private readonly dossier: string,
    private readonly size: number,
  ) {
    this.entries = new LoggedEntries(connection);
    this.tree = new StoredTree(connection, dossier);
    this.checkpoints = new Checkpoints(connection);
  }

  /** Each yield is what belongs to some events. */
  async *lines(): AsyncGenerator<string[], void, void> {
    const redactions = await readRedactions(this.connection, this.dossier, this.size);
    const notes = this.notes();
    let note = await notes.next();
    for (let after = 0, next = this.page(after); after < this.size;) {
      const page = await next;
      after = page.at(-1)?.sequence ?? this.size;
      next = after < this.size ? this.page(after) : Promise.resolve([]);
      next.catch(() => undefined); // whoever awaits it is told; until then it is nobody's
      const lines: string[] = [];
      for (const event of page) {
        lines.push(`E ${event.entry}`, carried(event, redactions));
        for (const tile of await this.filled(event)) lines.push(tile);
        if (note.value?.size !== event.sequence) continue;
        lines.push(`N ${JSON.stringify(note.value.note)}`);
        note = await notes.next();
      }
      yield lines;
    }
    yield await this.partialTiles();
  }

  private async page(after: number): Promise<LoggedEntry[]> {
    const page = await this.entries.read(this.dossier, after, Math.min(AT_ONCE, this.size - after));
    if (page.length === 0) throw new LedgerDamaged(`Event ${after + 1} or its leaf is missing.`);
    return page;
  }

  /** The tiles that a leaf fills. */
  private async filled({ sequence, leafHash }: LoggedEntry): Promise<string[]> {
    leafHash.copy(this.leaves, ((sequence - 1) % WIDTH) * HASH);
    const lines: string[] = [];
    for (let level = 0, nodes = sequence; nodes > 0 && nodes % WIDTH === 0; level++, nodes /= WIDTH) {
      const index = nodes / WIDTH - 1;
      lines.push(tileLine(level, index, await this.tile(level, index, WIDTH)));
    }
    return lines;
  }

  private async partialTiles(): Promise<string[]> {
    const lines: string[] = [];
    for (let level = 0, nodes = this.size; nodes > 0; level++, nodes = Math.floor(nodes / WIDTH)) {
      const index = Math.floor(nodes / WIDTH);
      if (nodes % WIDTH > 0) lines.push(tileLine(level, index, await this.tile(level, index, nodes % WIDTH)));
    }
    return lines;
  }

  private async tile(level: number, index: number, width: number): Promise<Buffer> {
    return level === 0 ? this.leaves.subarray(0, width * HASH) : this.tree.tile({ level, index, width });
  }

  private async *notes(): AsyncGenerator<{ readonly size: number; readonly note: string }, undefined, void> {
    for (let after = 0; ;) {
      const page = await this.checkpoints.after(this.dossier, after, CHECKPOINTS);
      for (const checkpoint of page)
        yield { size: checkpoint.size, note: await this.checkpoints.cosigned(this.dossier, checkpoint) };
      const last = page.at(-1);
      if (last === undefined) return undefined;
      after = last.size;
    }
  }
}

function carried({ sequence, payload }: LoggedEntry, redactions: ReadonlyMap<number, number>): string {
  const by = redactions.get(sequence);
  if (by !== undefined) return `R ${by}`;
  if (payload === null) throw new LedgerDamaged(`The payload of event ${sequence} is missing.`);
  return `P ${payload.salt.toString('base64')} ${payload.text}`;
}

function tileLine(level: number, index: number, hashes: Buffer): string {
  return `T ${level}/${index} ${hashes.toString('base64')}`;
}
