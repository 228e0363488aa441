import pg from 'pg';
import { DataSource } from 'typeorm';
import { Ledger1764000000001 } from '../../migrations/1764000000001-ledger.js';
import { Projections1764000000002 } from '../../migrations/1764000000002-projections.js';
import { RecordsFromTheLog1764000000003 } from '../../migrations/1764000000003-records-from-the-log.js';
import { Access1764000000005 } from '../../migrations/1764000000005-access.js';
import { TransparencyLog1764000000006 } from '../../migrations/1764000000006-transparency-log.js';
import { Redaction1764000000007 } from '../../migrations/1764000000007-redaction.js';
import { KnownCast1764000000009 } from '../../migrations/1764000000009-known-cast.js';
import { SaidAtAsGiven1764000000011 } from '../../migrations/1764000000011-said-at-as-given.js';
import { EvidenceInSaidOrder1764000000012 } from '../../migrations/1764000000012-evidence-in-said-order.js';
import { NoWordsInVersions1764000000013 } from '../../migrations/1764000000013-no-words-in-versions.js';
import { NewStreams1764000000014 } from '../../migrations/1764000000014-new-streams.js';
import { UnconditionalAppends1764000000015 } from '../../migrations/1764000000015-unconditional-appends.js';

/** Every migration, in order. */
const MIGRATIONS = [
  Ledger1764000000001,
  Projections1764000000002,
  RecordsFromTheLog1764000000003,
  Access1764000000005,
  TransparencyLog1764000000006,
  Redaction1764000000007,
  KnownCast1764000000009,
  SaidAtAsGiven1764000000011,
  EvidenceInSaidOrder1764000000012,
  NoWordsInVersions1764000000013,
  NewStreams1764000000014,
  UnconditionalAppends1764000000015,
];

/** Connections: of the ledger, whose appends each hold one, and of TypeORM, which reads and projects. */
const LEDGER_CONNECTIONS = 10;
/** Of those, how many are kept while nobody writes: to open one takes as long as twenty appends. */
const KEPT_CONNECTIONS = 2;
const TYPEORM_CONNECTIONS = 10;

/**
 * Milliseconds until a connection that cannot be had is given up, and a statement that does not end. The server ends it; where the server
 * is frozen or the way to it is cut, nobody but us can give up.
 */
const CONNECT_TIMEOUT = 5_000;
const STATEMENT_TIMEOUT = 30_000;
const ANSWER_TIMEOUT = STATEMENT_TIMEOUT + 5_000;

/**
 * A connection may break while nobody waits for anything of it: just after it was made, or between two statements of a transaction. The next
 * statement fails then; that it broke is an 'error' event too, which would end the process if nobody listened.
 */
function onConnect(client: pg.ClientBase): void {
  client.on('error', () => undefined);
}

type EntityClass = new () => object;

/** TypeORM's connections; `entities` are the read models. Not yet open. */
export function createDataSource(url: string, entities: readonly EntityClass[]): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: [...entities],
    migrations: MIGRATIONS,
    migrationsTableName: 'migration',
    poolSize: TYPEORM_CONNECTIONS,
    connectTimeoutMS: CONNECT_TIMEOUT,
    applicationName: 'standpoint',
    poolErrorHandler: () => undefined, // an idle connection that breaks is replaced when the next one is asked for
    extra: {
      statement_timeout: STATEMENT_TIMEOUT,
      query_timeout: ANSWER_TIMEOUT,
      keepAlive: true,
      onConnect,
    },
  });
}

/** The ledger's own connections, without an object mapper between. */
export function createPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: LEDGER_CONNECTIONS,
    min: KEPT_CONNECTIONS,
    pipeline: true, // a batch is sent while the one before it commits
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    query_timeout: ANSWER_TIMEOUT,
    keepAlive: true,
    onConnect,
    application_name: 'standpoint',
  });
  pool.on('error', () => undefined); // an idle connection that broke is gone from the pool, and the next one is asked for when it is needed
  return pool;
}
