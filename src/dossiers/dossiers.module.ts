import { Module, type DynamicModule } from '@nestjs/common';
import pg from 'pg';
import { EventLog } from '../ledger/event-log.js';
import { ProjectionRunner } from '../ledger/projection-runner.js';
import { Casts } from './casts.js';
import { Dossiers } from './dossiers.js';
import { Reading } from './reading.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

/** What every job needs to know of a dossier. */
@Module({})
export class DossiersModule {
  static register(surroundings: Surroundings): DynamicModule {
    return {
      module: DossiersModule,
      global: true,
      providers: [
        { provide: SURROUNDINGS, useValue: surroundings },
        { provide: Casts, useFactory: (log: EventLog) => new Casts(log), inject: [EventLog] },
        {
          provide: Dossiers,
          useFactory: (pool: pg.Pool, casts: Casts) => new Dossiers(pool, casts),
          inject: [pg.Pool, Casts],
        },
        {
          provide: Reading,
          useFactory: (dossiers: Dossiers, log: EventLog, runner: ProjectionRunner) =>
            new Reading(dossiers, log, runner),
          inject: [Dossiers, EventLog, ProjectionRunner],
        },
      ],
      exports: [SURROUNDINGS, Casts, Dossiers, Reading],
    };
  }
}
