import 'reflect-metadata';
import type { Command, Query } from '@nestjs/cqrs';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource, createPool } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { Casts } from '../../src/dossiers/casts.js';
import { Dossiers } from '../../src/dossiers/dossiers.js';
import { Reading } from '../../src/dossiers/reading.js';
import type { Surroundings } from '../../src/dossiers/surroundings.js';
import { VOCABULARY } from '../../src/dossiers/vocabulary.js';
import { Appender } from '../../src/ledger/appender.js';
import { EventLog } from '../../src/ledger/event-log.js';
import { Bell } from '../../src/ledger/follower.js';
import { ProjectionBuilds } from '../../src/ledger/projection-builds.js';
import { ProjectionRunner } from '../../src/ledger/projection-runner.js';
import { LeavesProjection } from '../../src/ledger/proof/leaves-projection.js';
import { Projector } from '../../src/ledger/projector.js';
import { PositionsProjection } from '../../src/entries/positions-projection.js';
import { AssessmentVersion } from '../../src/recording/assessments/assessment-version.entity.js';
import { StatementVersion } from '../../src/recording/statements/statement-version.entity.js';
import { StatementsProjection } from '../../src/recording/statements/statements-projection.js';
import { WordsProjection } from '../../src/recording/statements/words-projection.js';
import { commandHandlers, queryHandlers, type Handlers } from './core-handlers.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** The parts that handlers are made of. */
export interface Parts {
  readonly surroundings: Surroundings;
  readonly pool: Pool;
  readonly database: DataSource;
  readonly log: EventLog;
  readonly appender: Appender;
  readonly dossiers: Dossiers;
  readonly reading: Reading;
}

/** The service's own handlers on a database of their own, in process: neither Nest's container nor HTTP stands between. */
export class Core {
  private readonly commands: Handlers;
  private readonly queries: Handlers;

  private constructor(
    private readonly testDatabase: TestDatabase,
    private readonly parts: Parts,
    private readonly runner: ProjectionRunner,
  ) {
    this.commands = commandHandlers(parts);
    this.queries = queryHandlers(parts);
  }

  /** Time and ids come from `surroundings`, so recorded-time is the test's to decide. */
  static async open(surroundings: Surroundings): Promise<Core> {
    const testDatabase = await createTestDatabase();
    await migrate(testDatabase.ownerUrl, testDatabase.serviceUrl);
    const pool = createPool(testDatabase.serviceUrl);
    const entities = [StatementVersion, AssessmentVersion];
    const database = await createDataSource(testDatabase.serviceUrl, entities).initialize();
    const { now } = surroundings;
    const log = new EventLog(pool, VOCABULARY);
    const bell = new Bell();
    const appender = new Appender({ pool, now, committed: (dossier) => bell.ring(dossier) });
    const projector = new Projector(database, log, now);
    const { random } = surroundings;
    const projections = [
      new StatementsProjection(),
      new WordsProjection(),
      new PositionsProjection(),
      new LeavesProjection({ random }),
    ];
    const complain = (error: unknown): boolean => process.stderr.write(`${String(error)}\n`);
    const isAppending = (dossier: string): boolean => appender.isAppending(dossier);
    const runner = new ProjectionRunner({
      database,
      projector,
      projections,
      bell,
      isAppending,
      now,
      complain,
    });
    const dossiers = new Dossiers(pool, new Casts(log));
    const reading = new Reading(dossiers, log, runner);
    runner.start();
    return new Core(testDatabase, { surroundings, pool, database, log, appender, dossiers, reading }, runner);
  }

  get log(): EventLog {
    return this.parts.log;
  }

  execute<Result>(command: Command<Result>): Promise<Result> {
    return this.commands.handle(command);
  }

  ask<Result>(query: Query<Result>): Promise<Result> {
    return this.queries.handle(query);
  }

  /** Derives a dossier's rows anew, and resolves once those are served in place of the old ones. */
  async rebuild(dossier: string, projection: string): Promise<void> {
    const builds = new ProjectionBuilds(this.parts.database, this.parts.surroundings.now);
    const named = this.runner.named(projection);
    const [before] = await builds.open(dossier, named);
    await builds.start(dossier, named);
    for (;;) {
      this.runner.wake(dossier);
      const [live] = await builds.open(dossier, named);
      if (live !== undefined && live.build !== before?.build && live.status === 'live') return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    await this.runner.stop();
    await this.parts.database.destroy();
    await this.parts.pool.end();
    await this.testDatabase.drop();
  }
}
