import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SURROUNDINGS, type Surroundings } from '../dossiers/surroundings.js';
import type { Projection } from '../ledger/projection.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ProjectionStatus } from './projection-status.js';
import { ProjectionController } from './projections.controller.js';

/** What whoever runs the service needs: health, metrics, rebuilding projections. */
@Module({})
export class OperatingModule {
  static register(projections: readonly Projection[]): DynamicModule {
    return {
      module: OperatingModule,
      controllers: [HealthController, MetricsController, ProjectionController],
      providers: [
        {
          provide: ProjectionStatus,
          useFactory: (database: DataSource, { now }: Surroundings) =>
            new ProjectionStatus(database, projections, now),
          inject: [DataSource, SURROUNDINGS],
        },
      ],
    };
  }
}
