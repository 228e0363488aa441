import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { AccessModule } from './access/access.module.js';
import type { Limits } from './access/limits/limits.js';
import type { IssuerSettings } from './access/oidc/issuer-settings.js';
import { AuditModule } from './audit/audit.module.js';
import { LedgerAuditModule } from './audit/ledger/ledger-audit.module.js';
import { DossiersModule } from './dossiers/dossiers.module.js';
import type { Surroundings } from './dossiers/surroundings.js';
import { VOCABULARY } from './dossiers/vocabulary.js';
import { BodyChecker } from './http/body-checker.js';
import { InputPipe } from './http/input.pipe.js';
import { ProblemFilter } from './http/problem.filter.js';
import { QueryGuard } from './http/query.guard.js';
import { Bell } from './ledger/follower.js';
import { LedgerModule } from './ledger/ledger.module.js';
import type { Projection } from './ledger/projection.js';
import { ProjectionRunner } from './ledger/projection-runner.js';
import { ProjectionsModule } from './ledger/projections.module.js';
import { CheckpointKeeper } from './ledger/proof/checkpoint-keeper.js';
import { LeavesProjection } from './ledger/proof/leaves-projection.js';
import type { VerifierKey } from './ledger/proof/note.js';
import { ProofModule } from './ledger/proof/proof.module.js';
import { OperatingModule } from './operating/operating.module.js';
import { PositionsModule } from './positions/positions.module.js';
import { EntriesModule } from './entries/entries.module.js';
import { PositionsProjection } from './entries/positions-projection.js';
import { AssessmentVersion } from './recording/assessments/assessment-version.entity.js';
import { RecordingModule } from './recording/recording.module.js';
import { StatementVersion } from './recording/statements/statement-version.entity.js';
import { StatementsProjection } from './recording/statements/statements-projection.js';
import { WordsProjection } from './recording/statements/words-projection.js';

export interface AppOptions {
  readonly pool: pg.Pool;
  readonly dataSource: DataSource;
  readonly adminToken: string;
  readonly limits: Limits;
  /** Who else issues tokens; null: nobody. */
  readonly issuer: IssuerSettings | null;
  /** Where the keys are that sign logs. */
  readonly dataFolder: string;
  /** Whose signatures are taken under checkpoints. */
  readonly witnesses: readonly VerifierKey[];
  readonly surroundings: Surroundings;
}

/** Read models that TypeORM reads. */
export const ENTITIES = [StatementVersion, AssessmentVersion];

/** The whole service. With service.ts the only file that knows every part. */
@Module({})
export class AppModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly runner: ProjectionRunner,
    private readonly keeper: CheckpointKeeper,
  ) {}

  static register(options: AppOptions): DynamicModule {
    const { pool, dataSource, adminToken, issuer, limits, dataFolder, witnesses, surroundings } = options;
    const { now, newId, random } = surroundings;
    const made = new Bell();
    const leaves = new LeavesProjection({ random, made: (dossier) => made.ring(dossier) });
    const projections: readonly Projection[] = [
      new StatementsProjection(),
      new PositionsProjection(),
      new WordsProjection(),
      leaves,
    ];
    return {
      module: AppModule,
      global: true,
      imports: [
        LedgerModule.register({ pool, vocabulary: VOCABULARY, now }),
        ProjectionsModule.register(projections, now),
        ProofModule.register({ dataFolder, leaves, made, witnesses, now, newId }),
        DossiersModule.register(surroundings),
        AccessModule.register({ firstAdministratorsToken: adminToken, issuer, limits, surroundings }),
        EntriesModule,
        RecordingModule,
        PositionsModule,
        AuditModule,
        LedgerAuditModule,
        OperatingModule.register(projections),
      ],
      providers: [
        BodyChecker,
        { provide: DataSource, useValue: dataSource },
        { provide: APP_GUARD, useClass: QueryGuard },
        { provide: APP_PIPE, useClass: InputPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [BodyChecker, DataSource],
    };
  }

  onApplicationBootstrap(): void {
    this.runner.start();
    this.keeper.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.keeper.stop();
    await this.runner.stop();
  }
}
