import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import pg from 'pg';
import { quote } from '../../domain/references.js';
import { Rejection } from '../../domain/rejection.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { Checkpoints } from '../../ledger/proof/checkpoints.js';
import { WIDTH } from '../../ledger/proof/frontier.js';
import { LoggedEntries, type LoggedEntry } from '../../ledger/proof/logged-entries.js';
import { LedgerDamaged, StoredTree } from '../../ledger/proof/stored-tree.js';
import { bundle, isWithinTree, readTileAddress, type TileAddress } from '../../ledger/proof/tiles.js';
import { Proving, refusalOf } from './proving.js';

/** A tile or a bundle of entries, by its address below `tile/` (C2SP tlog-tiles). It never changes. */
export class ShowTile extends Query<Buffer> {
  constructor(
    readonly dossier: string,
    readonly address: string,
  ) {
    super();
  }
}

@QueryHandler(ShowTile)
export class ShowTileHandler implements IQueryHandler<ShowTile> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly proving: Proving,
    private readonly checkpoints: Checkpoints,
    private readonly entries: LoggedEntries,
    private readonly pool: pg.Pool,
  ) {}

  /** Only what a checkpoint has told of is there. */
  async execute({ dossier, address: text }: ShowTile): Promise<Buffer> {
    const { id } = await this.dossiers.current(dossier);
    const address = readTileAddress(text);
    if (address === null || !(await this.isThere(id, dossier, address)))
      throw new Rejection('not-found', `There is no tile ${quote(text)} in this log.`);
    const { level, index, width } = address;
    try {
      return level === 'entries'
        ? await this.bundle(id, index * WIDTH, width)
        : await new StoredTree(this.pool, id).tile({ level, index, width });
    } catch (error) {
      throw refusalOf(error);
    }
  }

  private async isThere(id: string, dossier: string, address: TileAddress): Promise<boolean> {
    const signed = await this.checkpoints.last(id);
    if (signed !== null && isWithinTree(address, signed.size)) return true;
    return this.proving.open(dossier, ({ checkpoint }) =>
      Promise.resolve(isWithinTree(address, checkpoint.size)),
    );
  }

  private async bundle(dossier: string, after: number, width: number): Promise<Buffer> {
    const entries: Pick<LoggedEntry, 'entry'>[] = [];
    while (entries.length < width) {
      const page = await this.entries.read(dossier, after + entries.length, width - entries.length);
      if (page.length === 0) throw missing(after);
      for (const { sequence, entry } of page) {
        if (sequence !== after + entries.length + 1) throw missing(after);
        entries.push({ entry }); // without its payload, which may be long
      }
    }
    return bundle(entries);
  }
}

function missing(after: number): LedgerDamaged {
  return new LedgerDamaged(`An event after ${after} or its leaf is missing.`);
}
