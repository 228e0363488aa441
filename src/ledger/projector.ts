import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { RecordedEvent } from './event.js';
import type { EventLog } from './event-log.js';
import { isOutage } from './outage.js';
import type { Build, Projection, Target } from './projection.js';
import { ProjectionBuilds, RETRY } from './projection-builds.js';

/** Most events of one step: large enough that a rebuild is fast, small enough that a reader does not wait for it. */
export const STEP = 500;

/** Most while appends keep coming: those who append wait while this thread makes rows. A rebuild in such steps takes a quarter longer. */
export const SHORT_STEP = 150;

/** `done`: nothing is left to take in; `more`: go on; `elsewhere`: another process has it in hand; `stopped`: an event cannot be taken in. */
export type StepOutcome = 'done' | 'more' | 'elsewhere' | 'stopped';

/** Takes a dossier's events into a projection's rows: in sequence order, each exactly once, rows and checkpoint in one transaction. */
export class Projector {
  constructor(
    private readonly database: DataSource,
    private readonly log: EventLog,
    private readonly now: () => string,
  ) {}

  /** One step, of `most` events, of every build of the projection that this version of the code may write. */
  async step(dossier: string, projection: Projection, most = STEP): Promise<StepOutcome> {
    const builds = await new ProjectionBuilds(this.database, this.now).open(dossier, projection);
    const outcomes = new Set<StepOutcome>();
    for (const build of builds.filter(({ version }) => version === projection.version))
      outcomes.add(this.rests(build) ? 'stopped' : await this.advance(dossier, projection, build, most));
    return (['more', 'stopped', 'elsewhere'] as const).find((outcome) => outcomes.has(outcome)) ?? 'done';
  }

  /** Removes the rows of builds that were served once. */
  async clearExpired(projections: readonly Projection[]): Promise<void> {
    const builds = new ProjectionBuilds(this.database, this.now);
    for (const { dossier, name, build } of await builds.expired(projections.map((each) => each.name))) {
      const projection = projections.find((each) => each.name === name);
      await this.database.transaction(async (manager) => {
        await projection?.clear(await this.target(dossier, build, manager));
        await new ProjectionBuilds(manager, this.now).forget(dossier, name, build);
      });
    }
  }

  /** Whether it stopped at an event only just now: another try would run into the same. */
  private rests({ failure, changedAt }: Build): boolean {
    return failure !== null && changedAt.getTime() + RETRY > Date.parse(this.now());
  }

  private async advance(
    dossier: string,
    projection: Projection,
    build: Build,
    limit: number,
  ): Promise<StepOutcome> {
    try {
      return await this.database.transaction((manager) =>
        this.take(dossier, projection, build, limit, manager).catch((error: unknown) =>
          blame(error, manager),
        ),
      );
    } catch (error) {
      if (!(error instanceof EventFault)) throw error;
      return limit > 1
        ? this.oneByOne(dossier, projection, build)
        : this.stop(dossier, projection, build, error.cause);
    }
  }

  private async take(
    dossier: string,
    projection: Projection,
    { build, status }: Build,
    limit: number,
    manager: EntityManager,
  ): Promise<StepOutcome> {
    if (!projection.isDurable) await manager.query('SET LOCAL synchronous_commit = off'); // what a crash undoes here is derived again from the log
    const builds = new ProjectionBuilds(manager, this.now);
    const checkpoint = await builds.lock(dossier, projection, build);
    if (checkpoint === null) return 'elsewhere';
    const target = await this.target(dossier, build, manager);
    const log = projection.takesAsStored ? target.log.stored() : target.log;
    const { events, isLast } = await log.page(dossier, checkpoint, limit);
    const last = events.at(-1)?.sequence ?? checkpoint;
    if (!(await builds.advance(dossier, projection, build, checkpoint, last))) return 'elsewhere';
    if (events.length > 0)
      await projection.apply(await this.understood(events, projection, target, builds), target);
    if (!isLast) return 'more';
    // It has read all that there was a moment ago. Where much is appended there is always something more: readers wait for that as ever.
    if (status === 'building') await builds.serve(dossier, projection, build);
    return 'done';
  }

  /** The events that this code understands. The others stop nothing: they are kept in the log and reported. */
  private async understood(
    events: readonly RecordedEvent[],
    projection: Projection,
    { dossier, build }: Target,
    builds: ProjectionBuilds,
  ): Promise<RecordedEvent[]> {
    for (const { sequence, type, obscure } of events)
      if (obscure !== null)
        await builds.bury(dossier, projection.name, build, { sequence, type, error: obscure });
    return events.filter(({ obscure }) => obscure === null);
  }

  /** After a failed step: as far as it goes, so that the event that cannot be taken in is known by its number. */
  private async oneByOne(dossier: string, projection: Projection, build: Build): Promise<StepOutcome> {
    for (let taken = 0; taken < STEP; taken++) {
      const outcome = await this.advance(dossier, projection, build, 1);
      if (outcome !== 'more') return outcome;
    }
    return 'more';
  }

  private async stop(
    dossier: string,
    projection: Projection,
    { build }: Build,
    reason: unknown,
  ): Promise<StepOutcome> {
    await this.database.transaction(async (manager) => {
      const builds = new ProjectionBuilds(manager, this.now);
      const checkpoint = await builds.lock(dossier, projection, build);
      if (checkpoint === null) return;
      const [event] = await (await this.target(dossier, build, manager)).log.read(dossier, checkpoint, 1);
      const error = reason instanceof Error ? reason.message : String(reason);
      if (event !== undefined)
        await builds.fail(dossier, projection, build, { sequence: event.sequence, type: event.type, error });
    });
    return 'stopped';
  }

  private async target(dossier: string, build: number, manager: EntityManager): Promise<Target> {
    const client = (await manager.queryRunner?.connect()) as PoolClient; // holds: a transaction's manager has a runner, and PostgreSQL's runner connects to a pg client
    return { dossier, build, manager, connection: client, log: this.log.through(client) };
  }
}

/** An event could not be taken in although the database is there. Nobody but Projector.advance sees it. */
class EventFault extends Error {
  constructor(override readonly cause: unknown) {
    super();
  }
}

/** In a transaction that failed a statement, PostgreSQL answers every other one with this SQLSTATE: it is there. */
const FAILED_TRANSACTION = '25P02';

/**
 * Rejects with EventFault where it was an event's fault, with the error itself where the database went away: a broken connection must not
 * be taken for an event that nobody can take in, in whatever words the driver tells of it.
 */
async function blame(error: unknown, manager: EntityManager): Promise<never> {
  if (isOutage(error) || !(await isThere(manager))) throw error;
  throw new EventFault(error);
}

async function isThere(manager: EntityManager): Promise<boolean> {
  return manager.query('SELECT 1').then(
    () => true,
    (error: { code?: unknown }) => error.code === FAILED_TRANSACTION,
  );
}
