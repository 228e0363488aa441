import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { Projector } from '../../src/ledger/projector.js';
import { Frontier } from '../../src/ledger/proof/frontier.js';
import { LeavesProjection } from '../../src/ledger/proof/leaves-projection.js';
import { Made } from '../../src/ledger/proof/made.js';
import { provenRoot } from '../../src/ledger/proof/proven-root.js';
import { LedgerDamaged, StoredTree } from '../../src/ledger/proof/stored-tree.js';
import { manyEvents, tamper, TestLedger } from '../ledger/test-ledger.js';
import { merkleTreeHash } from './verifier.js';

let ledger: TestLedger;
let database: DataSource;
let superuser: Client;
let dossier: string;
let leaves: Buffer[];

beforeAll(async () => {
  ledger = await TestLedger.open();
  database = await ledger.dataSource();
  superuser = await ledger.superuser();
});

afterAll(() => ledger.close());

/** A log of so many events, with their leaves. */
async function begin(count: number): Promise<void> {
  dossier = await ledger.newDossier();
  await ledger.appender().append(dossier, manyEvents(count));
  const projector = new Projector(database, ledger.log, ledger.clock.now);
  const projection = new LeavesProjection({ random: randomBytes });
  while ((await projector.step(dossier, projection)) === 'more');
  const { rows } = await ledger.pool.query<{ leaf_hash: Buffer }>(
    'SELECT leaf_hash FROM ledger_leaf WHERE dossier_id = $1 ORDER BY sequence',
    [dossier],
  );
  leaves = rows.map((row) => row.leaf_hash);
}

const rootOf = (size: number): Buffer => merkleTreeHash(leaves.slice(0, size));
const head = (size: number, root = rootOf(size)) => ({ size, root });
const edgeOf = (hashes: readonly Buffer[]): Frontier => Frontier.EMPTY.grown(hashes).frontier;

function prove(from: number, size: number, made: Made | null = null): Promise<Buffer> {
  const { pool: connection, log } = ledger;
  const tree = new StoredTree(connection, dossier);
  return provenRoot({ connection, log, dossier, tree }, { from: head(from), size, made });
}

const change = (sql: string, sequence: number): Promise<void> =>
  tamper(superuser, `${sql} WHERE dossier_id = '${dossier}' AND sequence >= ${sequence}`);

describe('the root that is signed', () => {
  it('follows from the events since the head that was signed last, however many, and from none beyond', async () => {
    await begin(1_003);
    for (const [from, size] of [
      [0, 1_003],
      [0, 500],
      [2, 700],
      [256, 256],
    ] as const)
      expect(await prove(from, size)).toEqual(rootOf(size));
  });

  it('is not proven where what is stored is not what follows from them', async () => {
    await begin(5);
    await change(`UPDATE event SET recorded_by = 'x'`, 4);
    expect(await prove(0, 3)).toEqual(rootOf(3));
    expect(await prove(5, 5)).toEqual(rootOf(5));
    await expect(prove(3, 5)).rejects.toThrow('Event 4 is not the one that its leaf was made of.');
  });

  it.each([
    ['one', 'sequence = 4 AND sequence', 4],
    ['the first since what was signed', 'sequence = 3 AND sequence', 3],
    ['the last one', 'sequence', 5],
    ['all of them', 'sequence', 1],
    ['all since what was signed', 'sequence', 3],
  ])('is not proven where of the events %s is gone', async (_, which, sequence) => {
    await begin(5);
    await tamper(superuser, `DELETE FROM event WHERE dossier_id = '${dossier}' AND ${which} >= ${sequence}`);
    const from = sequence < 3 ? 0 : 2;
    await expect(prove(from, 5)).rejects.toThrow(LedgerDamaged);
    await expect(prove(from, 5)).rejects.toThrow(`Event ${sequence} is missing.`);
  });

  describe('follows from the leaves that this process has made', () => {
    const UNSEEN = `UPDATE event SET recorded_by = 'x'`;

    it('since that very head, without a look at the events', async () => {
      await begin(5);
      await change(UNSEEN, 1);
      const made = Made.from(edgeOf(leaves.slice(0, 2))).grown(edgeOf(leaves), leaves[4]);
      expect(await prove(2, 5, made)).toEqual(rootOf(5));
      for (const [from, size] of [
        [1, 5],
        [2, 4],
      ] as const)
        await expect(prove(from, size, made)).rejects.toThrow('is not the one that its leaf was made of');
    });

    it('and from nothing else that is stored', async () => {
      await begin(5);
      const others = [...leaves.slice(0, 4), randomBytes(32)];
      const made = Made.from(edgeOf(leaves.slice(0, 2))).grown(edgeOf(others), others[4]);
      await expect(prove(2, 5, made)).rejects.toThrow(LedgerDamaged);
      await expect(prove(2, 5, made)).rejects.toThrow('The leaves or tiles between 2 and 5 were changed.');
    });
  });
});
