import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Rejection } from '../../domain/rejection.js';
import { Checkpoints } from '../../ledger/proof/checkpoints.js';
import { verifierKeyOf } from '../../ledger/proof/keys.js';
import { verifierKeyText } from '../../ledger/proof/note.js';
import { Rotations } from '../../ledger/proof/rotation.js';
import { Proving } from './proving.js';

/** The checkpoint that covers what the log holds now, or the first one that covers an event, with its witnesses: a signed note. */
export class ShowCheckpoint extends Query<string> {
  constructor(
    readonly dossier: string,
    readonly covering?: number | undefined,
  ) {
    super();
  }
}

/** The verifier keys of a log: the one of its last checkpoint, then those before it, the latest first. */
export class ListVerifierKeys extends Query<readonly [string, ...string[]]> {
  constructor(readonly dossier: string) {
    super();
  }
}

@QueryHandler(ShowCheckpoint)
export class ShowCheckpointHandler implements IQueryHandler<ShowCheckpoint> {
  constructor(
    private readonly proving: Proving,
    private readonly checkpoints: Checkpoints,
  ) {}

  execute({ dossier, covering }: ShowCheckpoint): Promise<string> {
    return this.proving.open(dossier, async ({ dossier: id, checkpoint: last }) => {
      const [checkpoint] =
        covering === undefined ? [last] : await this.checkpoints.after(id, covering - 1, 1);
      if (checkpoint === undefined)
        throw new Rejection('not-found', 'No checkpoint covers such an event yet.');
      return this.checkpoints.cosigned(id, checkpoint);
    });
  }
}

@QueryHandler(ListVerifierKeys)
export class ListVerifierKeysHandler implements IQueryHandler<ListVerifierKeys> {
  constructor(
    private readonly proving: Proving,
    private readonly rotations: Rotations,
  ) {}

  execute({ dossier }: ListVerifierKeys): Promise<readonly [string, ...string[]]> {
    return this.proving.open(dossier, async (log) => {
      const { all: earlier } = await this.rotations.of(log.dossier);
      const current = verifierKeyText(verifierKeyOf(log.dossier, log.checkpoint.publicKey));
      return [current, ...earlier.map(({ from }) => from).toReversed()];
    });
  }
}
