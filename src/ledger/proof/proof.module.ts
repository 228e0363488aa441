import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { join } from 'node:path';
import pg from 'pg';
import { Appender } from '../appender.js';
import { EventLog } from '../event-log.js';
import type { Bell } from '../follower.js';
import { ProjectionRunner } from '../projection-runner.js';
import { CheckpointKeeper } from './checkpoint-keeper.js';
import { Checkpoints } from './checkpoints.js';
import { KeyFolder, LEDGER_FOLDER } from './keys.js';
import type { LeavesProjection } from './leaves-projection.js';
import { LoggedEntries } from './logged-entries.js';
import type { VerifierKey } from './note.js';
import { Rotations } from './rotation.js';
import { SignedHeads } from './signed-heads.js';
import { Signer } from './signer.js';
import { Witnesses } from './witnesses.js';

export interface ProofOptions {
  readonly dataFolder: string;
  readonly leaves: LeavesProjection;
  /** Rings where leaves are being made. */
  readonly made: Bell;
  readonly witnesses: readonly VerifierKey[];
  readonly now: () => string;
  readonly newId: () => string;
}

/** Signs logs, and reads what proves them. */
@Module({})
export class ProofModule {
  static register({ dataFolder, leaves, made, witnesses, now, newId }: ProofOptions): DynamicModule {
    const logger = new Logger('Ledger');
    const complain = (error: unknown): void =>
      logger.error(error instanceof Error ? (error.stack ?? error.message) : error);
    const draft = (): string => `draft-${newId()}`;
    return {
      module: ProofModule,
      global: true,
      providers: [
        { provide: KeyFolder, useFactory: () => new KeyFolder(join(dataFolder, LEDGER_FOLDER), now, draft) },
        {
          provide: SignedHeads,
          useFactory: () => new SignedHeads(join(dataFolder, LEDGER_FOLDER, 'signed'), draft),
        },
        {
          provide: Rotations,
          useFactory: (log: EventLog, appender: Appender) => new Rotations(log, appender, newId),
          inject: [EventLog, Appender],
        },
        {
          provide: Signer,
          useFactory: (
            pool: pg.Pool,
            log: EventLog,
            keys: KeyFolder,
            heads: SignedHeads,
            rotations: Rotations,
          ) => new Signer({ pool, log, keys, heads, rotations, leaves, now }),
          inject: [pg.Pool, EventLog, KeyFolder, SignedHeads, Rotations],
        },
        {
          provide: CheckpointKeeper,
          useFactory: (
            pool: pg.Pool,
            signer: Signer,
            runner: ProjectionRunner,
            keys: KeyFolder,
            heads: SignedHeads,
          ) => new CheckpointKeeper({ pool, signer, runner, keys, heads, made, complain }),
          inject: [pg.Pool, Signer, ProjectionRunner, KeyFolder, SignedHeads],
        },
        { provide: Checkpoints, useFactory: (pool: pg.Pool) => new Checkpoints(pool), inject: [pg.Pool] },
        { provide: LoggedEntries, useFactory: (pool: pg.Pool) => new LoggedEntries(pool), inject: [pg.Pool] },
        {
          provide: Witnesses,
          useFactory: (checkpoints: Checkpoints) => new Witnesses(checkpoints, witnesses, now),
          inject: [Checkpoints],
        },
      ],
      exports: [KeyFolder, Rotations, Signer, CheckpointKeeper, Checkpoints, LoggedEntries, Witnesses],
    };
  }
}
