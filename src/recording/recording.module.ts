import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { Reading } from '../dossiers/reading.js';
import { RedactionWatch } from '../dossiers/redaction-watch.js';
import { Appender } from '../ledger/appender.js';
import { EventLog } from '../ledger/event-log.js';
import { ActController } from './acts.controller.js';
import { AssessPositionHandler, CorrectAssessmentHandler } from './assessments/assess-position.js';
import { AssessmentLookup } from './assessments/assessment-lookup.js';
import { AssessmentController } from './assessments/assessments.controller.js';
import { ListAssessmentsHandler, ShowAssessmentHandler } from './assessments/list-assessments.js';
import { AddThingHandler } from './cast/add-thing.js';
import { CAST_CONTROLLERS } from './cast/cast.controller.js';
import { ChangeThingHandler } from './cast/change-thing.js';
import { ListThingsHandler, ShowThingHandler } from './cast/list-things.js';
import { DossierController } from './dossiers/dossiers.controller.js';
import { DossierDescriptions, ListDossiersHandler, ShowDossierHandler } from './dossiers/list-dossiers.js';
import { OpenDossierHandler } from './dossiers/open-dossier.js';
import { ImportController } from './import/import.controller.js';
import { ImportStreamHandler } from './import/import-stream.js';
import { WhatElse } from './malformed/what-else.js';
import { RedactHandler } from './redaction/redact.js';
import { REDACTION_CONTROLLERS } from './redaction/redaction.controller.js';
import { STANDING_CONTROLLERS } from './records/standing.controller.js';
import { SetStandingHandler } from './records/set-standing.js';
import { CorrectStatementHandler } from './statements/correct-statement.js';
import { ListStatementsHandler } from './statements/list-statements.js';
import { RecordStatementHandler, RecordStatementsHandler } from './statements/record-statements.js';
import {
  ListRepliesHandler,
  ListStatementEventsHandler,
  ShowStatementHandler,
} from './statements/show-statement.js';
import { ShowTimelineHandler } from './statements/show-timeline.js';
import { SourceTexts } from './statements/source-texts.js';
import { StatementLookup } from './statements/statement-lookup.js';
import { StatementController } from './statements/statements.controller.js';
import { TimelineController } from './statements/timeline.controller.js';
import { Writer } from '../dossiers/write.js';

/** Job 1: recording new statements, and the dossiers, parties, speakers, topics and sources that they need. */
@Module({
  imports: [CqrsModule],
  controllers: [
    DossierController,
    ...CAST_CONTROLLERS,
    StatementController,
    TimelineController,
    ImportController,
    AssessmentController,
    ...STANDING_CONTROLLERS,
    ...REDACTION_CONTROLLERS,
    ActController,
  ],
  providers: [
    {
      provide: Writer,
      useFactory: (appender: Appender, log: EventLog) => new Writer(appender, log),
      inject: [Appender, EventLog],
    },
    { provide: StatementLookup, useFactory: (log: EventLog) => new StatementLookup(log), inject: [EventLog] },
    {
      provide: AssessmentLookup,
      useFactory: (log: EventLog) => new AssessmentLookup(log),
      inject: [EventLog],
    },
    {
      provide: SourceTexts,
      useFactory: (log: EventLog, watch: RedactionWatch) => {
        const texts = new SourceTexts(log);
        watch.watch(texts);
        return texts;
      },
      inject: [EventLog, RedactionWatch],
    },
    {
      provide: DossierDescriptions,
      useFactory: (reading: Reading, log: EventLog, database: DataSource) =>
        new DossierDescriptions(reading, log, database),
      inject: [Reading, EventLog, DataSource],
    },
    WhatElse,
    OpenDossierHandler,
    ListDossiersHandler,
    ShowDossierHandler,
    AddThingHandler,
    ChangeThingHandler,
    ListThingsHandler,
    ShowThingHandler,
    RecordStatementHandler,
    RecordStatementsHandler,
    CorrectStatementHandler,
    SetStandingHandler,
    RedactHandler,
    ListStatementsHandler,
    ShowTimelineHandler,
    ShowStatementHandler,
    ListStatementEventsHandler,
    ListRepliesHandler,
    AssessPositionHandler,
    CorrectAssessmentHandler,
    ListAssessmentsHandler,
    ShowAssessmentHandler,
    ImportStreamHandler,
  ],
})
export class RecordingModule {}
