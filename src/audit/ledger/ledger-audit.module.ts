import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CosignCheckpointHandler } from './cosign.js';
import { LedgerKeyController } from './keys.controller.js';
import { LedgerController } from './ledger.controller.js';
import { GiveReceiptHandler, ProveConsistencyHandler, ProveEventHandler } from './prove-events.js';
import { Proving } from './proving.js';
import { ContinueLogHandler, ReplaceKeyHandler } from './replace-key.js';
import { ListVerifierKeysHandler, ShowCheckpointHandler } from './show-checkpoint.js';
import { ShowTileHandler } from './show-tile.js';

/** Proving the log without trusting the service: docs/proof.md. */
@Module({
  imports: [CqrsModule],
  controllers: [LedgerController, LedgerKeyController],
  providers: [
    Proving,
    ShowCheckpointHandler,
    ListVerifierKeysHandler,
    ProveEventHandler,
    GiveReceiptHandler,
    ProveConsistencyHandler,
    ShowTileHandler,
    CosignCheckpointHandler,
    ReplaceKeyHandler,
    ContinueLogHandler,
  ],
})
export class LedgerAuditModule {}
