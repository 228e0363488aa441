import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Appender } from './appender.js';
import { EventLog } from './event-log.js';
import { Bell } from './follower.js';
import type { Projection } from './projection.js';
import { ProjectionRunner } from './projection-runner.js';
import { Projector } from './projector.js';

/** Keeps these projections up with the log. */
@Module({})
export class ProjectionsModule {
  static register(projections: readonly Projection[], now: () => string): DynamicModule {
    const logger = new Logger('Projections');
    const complain = (error: unknown): void =>
      logger.error(error instanceof Error ? (error.stack ?? error.message) : error);
    return {
      module: ProjectionsModule,
      global: true,
      providers: [
        {
          provide: ProjectionRunner,
          useFactory: (database: DataSource, log: EventLog, bell: Bell, appender: Appender) =>
            new ProjectionRunner({
              database,
              projector: new Projector(database, log, now),
              projections,
              bell,
              isAppending: (dossier) => appender.isAppending(dossier),
              now,
              complain,
            }),
          inject: [DataSource, EventLog, Bell, Appender],
        },
      ],
      exports: [ProjectionRunner],
    };
  }
}
