import type { DataSource } from 'typeorm';
import type { RecordedEvent } from '../../src/ledger/event.js';
import { Bell } from '../../src/ledger/follower.js';
import type { Projection, Target } from '../../src/ledger/projection.js';
import { ProjectionBuilds } from '../../src/ledger/projection-builds.js';
import { ProjectionRunner, type RunnerOptions } from '../../src/ledger/projection-runner.js';
import { Projector } from '../../src/ledger/projector.js';
import { manyEvents, TestLedger, times } from './test-ledger.js';

/** Writes a row for each event: its sequence, and the sum of all up to it, which an event left out or repeated would spoil for ever. */
export class Sums implements Projection {
  readonly name = 'sums';

  constructor(
    readonly version = 1,
    private readonly trouble: (event: RecordedEvent, target: Target) => unknown = () => undefined,
  ) {}

  async apply(events: readonly RecordedEvent[], target: Target): Promise<void> {
    const values = [target.dossier, target.build];
    const [last]: { sum: string }[] = await target.manager.query(
      'SELECT coalesce(max(running_sum), 0) AS sum FROM test_row WHERE dossier_id = $1 AND build = $2',
      values,
    );
    let sum = Number(last?.sum);
    const sums: number[] = [];
    for (const event of events) {
      await this.trouble(event, target);
      sum += event.sequence;
      sums.push(sum);
    }
    await target.manager.query(
      'INSERT INTO test_row SELECT $1, $2, e.sequence, $3, e.sum FROM unnest($4::bigint[], $5::bigint[]) AS e(sequence, sum)',
      [...values, this.version, events.map(({ sequence }) => sequence), sums],
    );
  }

  async clear({ dossier: id, build, manager }: Target): Promise<void> {
    await manager.query('DELETE FROM test_row WHERE dossier_id = $1 AND build = $2', [id, build]);
  }
}

interface Row {
  readonly sequence: number;
  readonly version: number;
  readonly sum: number;
}

export interface BuildRow {
  readonly build: number;
  readonly version: number;
  readonly status: string;
  readonly checkpoint: number;
}

/** What the rows of a log of `count` events must be. */
const fold = (count: number, version: number): Row[] =>
  times(count, (index) => ({ sequence: index + 1, version, sum: ((index + 1) * (index + 2)) / 2 }));

/** A ledger with projections that sum, and what they have made of a dossier's log. */
export class SumsLedger {
  dossier = '';
  readonly #runners: ProjectionRunner[] = [];

  private constructor(
    readonly ledger: TestLedger,
    readonly database: DataSource,
  ) {}

  static async open(): Promise<SumsLedger> {
    const ledger = await TestLedger.open();
    const owner = ledger.anotherPool(ledger.database.ownerUrl);
    // No primary key: whatever is applied twice is there twice.
    await owner.query(
      'CREATE TABLE test_row (dossier_id uuid, build integer, sequence bigint, version integer, running_sum bigint)',
    );
    await owner.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON test_row TO ${new URL(ledger.database.serviceUrl).username}`,
    );
    return new SumsLedger(ledger, await ledger.dataSource());
  }

  readonly now = (): string => this.ledger.clock.now();

  /** Goes on with a new dossier, about which the rest is from now on. */
  async begin(): Promise<string> {
    this.dossier = await this.ledger.newDossier();
    return this.dossier;
  }

  async stopRunners(): Promise<void> {
    await Promise.all(this.#runners.splice(0).map((each) => each.stop()));
  }

  close(): Promise<void> {
    return this.ledger.close();
  }

  projector(): Projector {
    return new Projector(this.database, this.ledger.log, this.now);
  }

  builds(): ProjectionBuilds {
    return new ProjectionBuilds(this.database, this.now);
  }

  runner(projections: Projection[], options: Partial<RunnerOptions> = {}): ProjectionRunner {
    const made = new ProjectionRunner({
      database: this.database,
      projector: this.projector(),
      projections,
      bell: new Bell(),
      isAppending: () => false,
      now: this.now,
      complain: () => undefined,
      ...options,
    });
    this.#runners.push(made);
    return made;
  }

  async append(count: number): Promise<void> {
    await this.ledger.appender().append(this.dossier, manyEvents(count));
  }

  /** Steps until nothing is left or it cannot go on. */
  async catchUp(projection: Projection, by = this.projector()): Promise<string> {
    for (;;) {
      const outcome = await by.step(this.dossier, projection);
      if (outcome !== 'more') return outcome;
    }
  }

  async rows(build = 1): Promise<Row[]> {
    const found: Record<string, string>[] = await this.database.query(
      'SELECT sequence, version, running_sum FROM test_row WHERE dossier_id = $1 AND build = $2 ORDER BY sequence, running_sum',
      [this.dossier, build],
    );
    return found.map(({ sequence, version, running_sum }) => ({
      sequence: Number(sequence),
      version: Number(version),
      sum: Number(running_sum),
    }));
  }

  /** Where the rows of a build first differ from the fold of a log of `count` events; null if nowhere. */
  async difference(count: number, build = 1, version = 1): Promise<unknown> {
    const [found, right] = [await this.rows(build), fold(count, version)];
    const at = right.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(found[index]));
    if (at >= 0) return { at, found: found[at] ?? null, right: right[at] };
    return found.length > count ? { at: count, found: found[count], right: null } : null;
  }

  /** The dossier's builds. */
  book(): Promise<BuildRow[]> {
    return this.database.query(
      'SELECT build, version, status, checkpoint::int AS checkpoint FROM projection_build WHERE dossier_id = $1 ORDER BY build',
      [this.dossier],
    );
  }

  letters(): Promise<{ sequence: string; type: string; error: string }[]> {
    return this.database.query(
      'SELECT sequence, type, error FROM dead_letter WHERE dossier_id = $1 ORDER BY sequence',
      [this.dossier],
    );
  }
}
