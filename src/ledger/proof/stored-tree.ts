import type { QueryResultRow } from 'pg';
import type { Connection } from '../event-log.js';
import { Frontier, WIDTH } from './frontier.js';
import { HASH } from './hashing.js';

/** Rows of a transparency log are not what they were when they were written. */
export class LedgerDamaged extends Error {
  override readonly name = 'LedgerDamaged';
}

/** A tile by its level and its index in it, and how many of its hashes are asked for. */
export interface TileRange {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** The hashes of a dossier's transparency log as the database keeps them: leaves one by one, all above them as tiles. */
export class StoredTree {
  constructor(
    private readonly connection: Connection,
    private readonly dossier: string,
  ) {}

  /** The last leaf; null while there is none. */
  async last(): Promise<{ readonly sequence: number; readonly hash: Buffer } | null> {
    const [row] = await this.rows<{ sequence: string; leaf_hash: Buffer }>(
      'last leaf',
      'SELECT sequence, leaf_hash FROM ledger_leaf WHERE dossier_id = $1 ORDER BY sequence DESC LIMIT 1',
    );
    return row === undefined ? null : { sequence: Number(row.sequence), hash: row.leaf_hash };
  }

  /** The first hashes of a tile. Rejects with LedgerDamaged where there are fewer. */
  async tile({ level, index, width }: TileRange): Promise<Buffer> {
    const hashes = level === 0 ? await this.leaves(index, width) : await this.nodes(level, index, width);
    if (hashes.length !== width * HASH)
      throw new LedgerDamaged(`Tile ${level}/${index} has ${hashes.length / HASH} hashes of ${width}.`);
    return hashes;
  }

  /** The right edge of the tree as it was at a size. Rejects with LedgerDamaged where rows are missing. */
  async frontier(size: number): Promise<Frontier> {
    const tiles = Frontier.widths(size).map((width, level) => {
      const index = Math.floor(size / WIDTH ** (level + 1));
      return this.tile({ level, index, width });
    });
    return new Frontier(size, await Promise.all(tiles));
  }

  private leaves(index: number, width: number): Promise<Buffer> {
    return this.hashes(
      'leaves of tile',
      `SELECT coalesce(string_agg(leaf_hash, ''::bytea ORDER BY sequence), '') AS hashes FROM ledger_leaf
        WHERE dossier_id = $1 AND sequence > $2 AND sequence <= $3`,
      index * WIDTH,
      index * WIDTH + width,
    );
  }

  private nodes(level: number, index: number, width: number): Promise<Buffer> {
    return this.hashes(
      'tile',
      `SELECT substring(hashes FOR $4) AS hashes FROM ledger_tile WHERE dossier_id = $1 AND level = $2 AND index = $3`,
      level,
      index,
      width * HASH,
    );
  }

  private async hashes(...query: [name: string, text: string, ...values: number[]]): Promise<Buffer> {
    const rows = await this.rows<{ hashes: Buffer }>(...query);
    return Buffer.concat(rows.map(({ hashes }) => hashes));
  }

  private async rows<Row extends QueryResultRow>(
    name: string,
    text: string,
    ...values: number[]
  ): Promise<Row[]> {
    const { rows } = await this.connection.query<Row>({
      name: `ledger ${name}`,
      text,
      values: [this.dossier, ...values],
    });
    return rows;
  }
}
