import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Dossiers } from '../../dossiers/dossiers.js';
import type { Provenance } from '../../ledger/event.js';
import { CheckpointKeeper } from '../../ledger/proof/checkpoint-keeper.js';
import { KeyFolder } from '../../ledger/proof/keys.js';
import { Signer } from '../../ledger/proof/signer.js';
import { Proving, refusalOf } from './proving.js';

/** Replaces the key that signs all logs. Each log tells of it in an event before the new one signs it. */
export class ReplaceKey extends Command<ReplacedKey> {
  constructor(
    readonly reason: string,
    readonly provenance: Provenance,
  ) {
    super();
  }
}

export interface ReplacedKey {
  /** Ed25519 (RFC 8032), in base64. */
  readonly publicKey: string;
  /** How many the installation has had. */
  readonly keys: number;
}

/** Goes on signing a log that does not follow from what was signed, or that another installation has signed, by the key of today. */
export class ContinueLog extends Command<ContinuedLog> {
  constructor(
    readonly dossier: string,
    readonly reason: string,
    readonly provenance: Provenance,
  ) {
    super();
  }
}

export interface ContinuedLog {
  readonly checkpoint: string;
}

@CommandHandler(ReplaceKey)
export class ReplaceKeyHandler implements ICommandHandler<ReplaceKey> {
  constructor(private readonly keys: KeyFolder) {}

  async execute({ reason, provenance: { recordedBy } }: ReplaceKey): Promise<ReplacedKey> {
    const { publicKey } = await this.keys.replace({ reason, recordedBy });
    return { publicKey: publicKey.toString('base64'), keys: (await this.keys.all()).length };
  }
}

@CommandHandler(ContinueLog)
export class ContinueLogHandler implements ICommandHandler<ContinueLog> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly signer: Signer,
    private readonly keeper: CheckpointKeeper,
    private readonly proving: Proving,
  ) {}

  async execute({ dossier, reason, provenance: { recordedBy } }: ContinueLog): Promise<ContinuedLog> {
    const { id } = await this.dossiers.current(dossier);
    await this.signer.goOn(id, { reason, recordedBy }).catch((error: unknown) => {
      throw refusalOf(error);
    });
    this.keeper.refusals.delete(id);
    return this.proving.open(dossier, ({ checkpoint }) => Promise.resolve({ checkpoint: checkpoint.note }));
  }
}
