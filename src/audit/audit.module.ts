import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { ExportController } from './export/export.controller.js';
import { ExportDossierHandler } from './export/export-dossier.js';
import { FindingsController } from './findings/findings.controller.js';
import { ListWeakPositionsHandler } from './findings/list-weak-positions.js';
import { ShowRecordersHandler } from './findings/show-recorders.js';
import { LogController } from './log.controller.js';
import { FollowEventsHandler, ListEventsHandler } from './read-log.js';
import { AuditPositionHandler } from './revisions/audit-position.js';
import { ListRevisionsHandler } from './revisions/list-revisions.js';
import { RevisionController } from './revisions/revisions.controller.js';
import { Steps } from './revisions/steps.js';

/** Job 3: auditing how stances changed: how our record did, and the log itself. */
@Module({
  imports: [CqrsModule],
  controllers: [LogController, ExportController, RevisionController, FindingsController],
  providers: [
    { provide: Steps, useFactory: (database: DataSource) => new Steps(database), inject: [DataSource] },
    ListEventsHandler,
    FollowEventsHandler,
    AuditPositionHandler,
    ExportDossierHandler,
    ListRevisionsHandler,
    ShowRecordersHandler,
    ListWeakPositionsHandler,
  ],
})
export class AuditModule {}
