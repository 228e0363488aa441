import { AccessLog } from '../../src/access/log/access-log.js';
import { Opening } from '../../src/access/opening.js';
import { AuditPosition, AuditPositionHandler } from '../../src/audit/revisions/audit-position.js';
import { ListRevisions, ListRevisionsHandler } from '../../src/audit/revisions/list-revisions.js';
import { Steps } from '../../src/audit/revisions/steps.js';
import { explain, BodyChecker, type BodyType } from '../../src/http/body-checker.js';
import { inOneLine, Rejection } from '../../src/domain/rejection.js';
import { ComparePositions, ComparePositionsHandler } from '../../src/positions/compare-positions.js';
import { ChangedPairs } from '../../src/entries/changed-pairs.js';
import { Entries } from '../../src/entries/entries.js';
import {
  ListPositions,
  ListPositionsHandler,
  ShowPosition,
  ShowPositionHandler,
} from '../../src/positions/list-positions.js';
import { ListShifts, ListShiftsHandler } from '../../src/positions/list-shifts.js';
import { ShowHistory, ShowHistoryHandler } from '../../src/positions/show-history.js';
import {
  AssessPosition,
  AssessPositionHandler,
  CorrectAssessment,
  CorrectAssessmentHandler,
} from '../../src/recording/assessments/assess-position.js';
import { AssessmentLookup } from '../../src/recording/assessments/assessment-lookup.js';
import { AddThing, AddThingHandler } from '../../src/recording/cast/add-thing.js';
import { ChangeThing, ChangeThingHandler } from '../../src/recording/cast/change-thing.js';
import { OpenDossier, OpenDossierHandler } from '../../src/recording/dossiers/open-dossier.js';
import { ImportStream, ImportStreamHandler } from '../../src/recording/import/import-stream.js';
import { Redact, RedactHandler } from '../../src/recording/redaction/redact.js';
import { SetStanding, SetStandingHandler } from '../../src/recording/records/set-standing.js';
import {
  CorrectStatement,
  CorrectStatementHandler,
} from '../../src/recording/statements/correct-statement.js';
import {
  RecordStatement,
  RecordStatementHandler,
  RecordStatements,
  RecordStatementsHandler,
} from '../../src/recording/statements/record-statements.js';
import { SourceTexts } from '../../src/recording/statements/source-texts.js';
import { StatementLookup } from '../../src/recording/statements/statement-lookup.js';
import { Writer } from '../../src/dossiers/write.js';
import { RedactionWatch } from '../../src/dossiers/redaction-watch.js';
import type { Parts } from './core.js';

type Message = abstract new (...parameters: never[]) => object;

interface Handler<Handled> {
  execute(message: Handled): Promise<unknown>;
}

/** Which handler takes which command or query. */
export class Handlers {
  private readonly handlers = new Map<unknown, Handler<never>>();

  add<Handled extends Message>(message: Handled, handler: Handler<InstanceType<Handled>>): this {
    this.handlers.set(message, handler);
    return this;
  }

  handle<Result>(message: object): Promise<Result> {
    const handler = this.handlers.get(message.constructor);
    if (handler === undefined) throw new RangeError(`Nothing handles ${message.constructor.name} here.`);
    return handler.execute(message as never) as Promise<Result>; // holds: `add` takes a handler of just this message, whose type names its result
  }
}

export function commandHandlers({ surroundings, pool, log, appender, dossiers, reading }: Parts): Handlers {
  const writer = new Writer(appender, log);
  const statements = new StatementLookup(log);
  const assessments = new AssessmentLookup(log);
  const texts = new SourceTexts(log);
  const watch = new RedactionWatch(log.redactions, () => undefined);
  const access = new AccessLog({ log, clock: () => performance.now(), complain: () => undefined });
  const opening = new Opening(access, surroundings.newId);
  const recording = [dossiers, writer, statements, texts, surroundings] as const;
  return new Handlers()
    .add(OpenDossier, new OpenDossierHandler(pool, dossiers, log, opening, surroundings))
    .add(AddThing, new AddThingHandler(dossiers, writer, surroundings))
    .add(ChangeThing, new ChangeThingHandler(dossiers, writer, surroundings))
    .add(RecordStatement, new RecordStatementHandler(...recording))
    .add(RecordStatements, new RecordStatementsHandler(...recording))
    .add(CorrectStatement, new CorrectStatementHandler(...recording))
    .add(SetStanding, new SetStandingHandler(dossiers, writer, statements, assessments, surroundings))
    .add(
      Redact,
      new RedactHandler(dossiers, reading, writer, log, watch, statements, assessments, surroundings),
    )
    .add(AssessPosition, new AssessPositionHandler(dossiers, writer, statements, surroundings))
    .add(
      CorrectAssessment,
      new CorrectAssessmentHandler(dossiers, writer, statements, assessments, surroundings),
    )
    .add(
      ImportStream,
      new ImportStreamHandler(dossiers, log, writer, statements, texts, new DecoratedBodies(), surroundings),
    );
}

export function queryHandlers({ reading, database, log, surroundings }: Parts): Handlers {
  const entries = new Entries(database);
  return new Handlers()
    .add(ListPositions, new ListPositionsHandler(reading, entries, surroundings))
    .add(ShowPosition, new ShowPositionHandler(reading, entries, surroundings))
    .add(ShowHistory, new ShowHistoryHandler(reading, entries))
    .add(ListShifts, new ListShiftsHandler(reading, database))
    .add(
      ComparePositions,
      new ComparePositionsHandler(reading, entries, new ChangedPairs(database, log), surroundings),
    )
    .add(ListRevisions, new ListRevisionsHandler(reading, new Steps(database), entries, log))
    .add(AuditPosition, new AuditPositionHandler(reading, new Steps(database), entries, log));
}

/** Checks bodies by their decorators alone: the compiled schema, which must say the same, comes from a running application. */
class DecoratedBodies extends BodyChecker {
  override check<T extends object>(type: BodyType<T>, body: unknown): T {
    const given = body as object; // holds: the lines that tests import are objects
    const errors = [...explain(type, given), ...(type.crossCheck?.(given) ?? [])];
    if (errors.length > 0) throw new Rejection('validation-failed', inOneLine(errors), errors);
    return body as T; // holds: every field has just been checked
  }
}
