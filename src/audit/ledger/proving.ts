import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { Rejection } from '../../domain/rejection.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import type { Checkpoint } from '../../ledger/proof/checkpoint.js';
import { CheckpointKeeper } from '../../ledger/proof/checkpoint-keeper.js';
import { Prover } from '../../ledger/proof/prover.js';
import { SigningRefused } from '../../ledger/proof/signer.js';
import { LedgerDamaged, StoredTree } from '../../ledger/proof/stored-tree.js';
import { ProjectionBehind, ProjectionStopped } from '../../ledger/projection.js';

/** A dossier's log for one request: signed at least as far as it went when it was asked for. */
export interface ProvenLog {
  readonly dossier: string;
  readonly checkpoint: Checkpoint;
  readonly tree: StoredTree;
  /** Of the tree as it was at a size that is no larger than the checkpoint's. */
  prover(size: number): Prover;
}

/** Opens logs for proving. */
@Injectable()
export class Proving {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly keeper: CheckpointKeeper,
    private readonly pool: pg.Pool,
  ) {}

  /** Rejects with `not-found`, and with what `refusals` makes of a log that cannot be signed or proven. */
  async open<T>(reference: string, read: (log: ProvenLog) => Promise<T>): Promise<T> {
    const { id, head } = await this.dossiers.current(reference);
    try {
      const checkpoint = await this.keeper.covering(id, head.sequence);
      const tree = new StoredTree(this.pool, id);
      return await read({ dossier: id, checkpoint, tree, prover: (size) => new Prover(tree, size) });
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** What a caller is told where a log cannot be signed or proven. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof SigningRefused) return new Rejection('checkpoint-refused', error.message);
  if (error instanceof LedgerDamaged) return new Rejection('ledger-damaged', error.message);
  if (error instanceof ProjectionBehind) return new Rejection('projection-behind', error.message);
  if (error instanceof ProjectionStopped) return new Rejection('projection-stopped', error.message);
  return error;
}

/** Rejects with `validation-failed`. */
export function wrong(path: string, message: string): Rejection {
  return new Rejection('validation-failed', `${path} ${message}.`, [{ path, message }]);
}
