import { Client, type Pool } from 'pg';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createDataSource, createPool } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrate.js';
import { Appender, type AppenderOptions } from '../../src/ledger/appender.js';
import type { Append, NewEvent, Provenance } from '../../src/ledger/event.js';
import { EventLog } from '../../src/ledger/event-log.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

export const PROVENANCE: Provenance = {
  recordedBy: 'tester',
  correlationId: '00000000-0000-7000-8000-000000000001',
  causationId: null,
};

/** A clock that stands still until it is set; it may go backwards. */
export class Clock {
  constructor(public instant = Date.parse('2025-04-01T10:00:00.000Z')) {}

  readonly now = (): string => new Date(this.instant).toISOString();

  move(milliseconds: number): void {
    this.instant += milliseconds;
  }
}

/** The ledger on a fresh database, as one service process would hold it. */
export class TestLedger {
  readonly clock = new Clock();
  readonly log: EventLog;
  readonly #ends: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly pool: Pool,
  ) {
    this.log = new EventLog(pool);
  }

  static async open(): Promise<TestLedger> {
    const database = await createTestDatabase();
    await migrate(database.ownerUrl, database.serviceUrl);
    return new TestLedger(database, createPool(database.serviceUrl));
  }

  appender(options: Partial<AppenderOptions> = {}): Appender {
    return new Appender({ pool: this.pool, now: this.clock.now, ...options });
  }

  /** Another process's connections. */
  anotherPool(url = this.database.serviceUrl): Pool {
    const pool = createPool(url);
    this.#ends.push(() => pool.end());
    return pool;
  }

  async dataSource(): Promise<DataSource> {
    const source = await createDataSource(this.database.serviceUrl, []).initialize();
    this.#ends.push(() => source.destroy());
    return source;
  }

  async superuser(): Promise<Client> {
    const client = new Client({ connectionString: this.database.superuserUrl });
    await client.connect();
    this.#ends.push(() => client.end());
    return client;
  }

  async newDossier(): Promise<string> {
    const id = uuidv7();
    await this.pool.query('INSERT INTO dossier_head (dossier_id, sequence, recorded_at) VALUES ($1, 0, $2)', [
      id,
      '2000-01-01T00:00:00Z',
    ]);
    return id;
  }

  async count(table: 'event' | 'claim' | 'idempotency', dossier: string): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>(
      `SELECT count(*) FROM ${table} WHERE dossier_id = $1`,
      [dossier],
    );
    return Number(rows[0]?.count);
  }

  /** How many transactions wrote the dossier's events. */
  async transactions(dossier: string): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>(
      'SELECT count(DISTINCT xmin::text) FROM event WHERE dossier_id = $1',
      [dossier],
    );
    return Number(rows[0]?.count);
  }

  /** How many connections wait for what another transaction holds. */
  async waitingForLocks(): Promise<number> {
    const { rowCount } = await this.pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rowCount ?? NaN;
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), ...this.#ends.map((end) => end())]);
    await this.database.drop();
  }
}

/** Past every trigger. */
export async function tamper(superuser: Client, sql: string): Promise<void> {
  await superuser.query(`SET session_replication_role = replica; ${sql}; RESET session_replication_role`);
}

/** An event that gives a stream a version. */
export function anEvent(
  streamId: string,
  streamVersion = 1,
  {
    type = 'something-happened',
    data = {},
    ...rest
  }: Partial<Omit<NewEvent, 'data'>> & { data?: unknown } = {},
): NewEvent {
  return {
    id: uuidv7(),
    streamKind: 'statement',
    streamId,
    streamVersion,
    type,
    schemaVersion: 1,
    data: JSON.stringify(data),
    ...rest,
  };
}

/** An append of one event to a stream, which by default must not exist. */
export function anAppend(
  streamId: string = uuidv7(),
  streamVersion = 1,
  rest: Partial<Append> & { data?: unknown } = {},
): Append {
  const { data, ...parts } = rest;
  return { events: [anEvent(streamId, streamVersion, { data })], provenance: PROVENANCE, ...parts };
}

/** An append of many events, each of a stream of its own. */
export function manyEvents(count: number, data: unknown = {}): Append {
  const [first, ...others] = Array.from({ length: count }, () => anEvent(uuidv7(), 1, { data }));
  if (first === undefined) throw new RangeError('An append has at least one event.');
  return { events: [first, ...others], provenance: PROVENANCE };
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Rejects unless it holds within the time. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  milliseconds = 10_000,
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(`Still not so after ${milliseconds} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
