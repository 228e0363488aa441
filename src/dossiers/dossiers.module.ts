import {
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import pg from 'pg';
import { EventLog } from '../ledger/event-log.js';
import { ProjectionRunner } from '../ledger/projection-runner.js';
import { Casts } from './casts.js';
import { Dossiers } from './dossiers.js';
import { Reading } from './reading.js';
import { RedactionWatch } from './redaction-watch.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

/** What every job needs to know of a dossier. */
@Module({})
export class DossiersModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly watch: RedactionWatch) {}

  static register(surroundings: Surroundings): DynamicModule {
    return {
      module: DossiersModule,
      global: true,
      providers: [
        { provide: SURROUNDINGS, useValue: surroundings },
        { provide: Casts, useFactory: (log: EventLog) => new Casts(log), inject: [EventLog] },
        {
          provide: RedactionWatch,
          useFactory: (log: EventLog, casts: Casts) => {
            const logger = new Logger('RedactionWatch');
            const watch = new RedactionWatch(log.redactions, (error) => logger.error(error));
            watch.watch(casts);
            return watch;
          },
          inject: [EventLog, Casts],
        },
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
      exports: [SURROUNDINGS, Casts, RedactionWatch, Dossiers, Reading],
    };
  }

  onApplicationBootstrap(): void {
    this.watch.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.watch.stop();
  }
}
