import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Rejection } from '../../domain/rejection.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { Witnesses } from '../../ledger/proof/witnesses.js';

/** Whose signatures stand under which checkpoint. */
export interface Cosignatures {
  readonly size: number;
  readonly witnesses: readonly string[];
}

/** Adds witnesses' signatures to a checkpoint: a signed note with their lines under it. */
export class CosignCheckpoint extends Command<Cosignatures> {
  constructor(
    readonly dossier: string,
    readonly note: string,
  ) {
    super();
  }
}

@CommandHandler(CosignCheckpoint)
export class CosignCheckpointHandler implements ICommandHandler<CosignCheckpoint> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly witnesses: Witnesses,
  ) {}

  async execute({ dossier, note }: CosignCheckpoint): Promise<Cosignatures> {
    const { id } = await this.dossiers.current(dossier);
    const outcome = await this.witnesses.cosign(id, note);
    switch (outcome.status) {
      case 'added':
        return { size: outcome.size, witnesses: outcome.witnesses };
      case 'unknown-checkpoint':
        throw new Rejection('not-found', 'This log has no such checkpoint.');
      case 'unknown-witness':
        throw new Rejection(
          'unknown-witness',
          'None of its signatures is of a witness in STANDPOINT_WITNESSES.',
        );
      case 'wrong-signature':
        throw new Rejection('wrong-signature', 'A witness that it names has not signed it.');
    }
  }
}
