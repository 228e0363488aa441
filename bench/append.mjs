/**
 * How fast appending is, each figure beside its limit measured in the same run.
 *
 *   npm run bench:append              about three minutes
 *   BENCH_SECONDS=0.5 BENCH_ROUNDS=1  shorter and rougher: seconds of one measurement, and rounds. A round takes every measurement
 *                                     once; told is the median of the rounds, and of the ratios within a round
 *   BENCH_ONLY=process|http           half of it
 *
 * In process: callers that each append one ~700-byte event to a new stream and wait for the answer, all on one dossier or spread over
 * sixteen. Limits: one INSERT per transaction from as many connections (64 at most) into a table of the same shape, and INSERT … unnest of
 * 1,000 events with binary parameters on one connection.
 * Over HTTP: the built service, one statement a request, 64 connections. Limit: a bare Nest-on-Fastify POST of the same body.
 *
 * It starts its own embedded PostgreSQL, with production settings (fsync = on), in a folder that it removes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { createPool } from '../dist/src/database/data-source.js';
import { startEmbeddedPostgres } from '../dist/src/database/embedded/embedded-postgres.js';
import { migrate } from '../dist/src/database/migrate.js';
import { Appender } from '../dist/src/ledger/appender.js';
import { integers, texts, uuids } from '../dist/src/ledger/binary-array.js';
import { measureHttp } from './http.mjs';
import { cells, ratio, tail, under } from './figures.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 0.8);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
const ONLY = process.env.BENCH_ONLY ?? 'process,http';
const CALLERS = [1, 8, 64, 256];
const DOSSIERS = [1, 16];
const BATCH = 1_000;
const MOST_CONNECTIONS = 64;

const DATA = JSON.stringify({
  act: 'DemandMade',
  saidAt: '2025-04-21',
  quote: 'q'.repeat(300),
  summary: 's'.repeat(200),
  note: 'n'.repeat(120),
});
const PROVENANCE = { recordedBy: 'bench', correlationId: uuidv7(), causationId: null };
const KIND = 'statement';
const TYPE = 'statement-recorded';

/** As many callers as told, each calling again as soon as it is answered, for a while. */
async function measure(callers, call) {
  const latencies = [];
  const began = performance.now();
  const end = began + SECONDS * 1_000;
  const caller = async (number) => {
    for (let at = performance.now(); at < end;) {
      await call(number);
      const answered = performance.now();
      latencies.push(answered - at);
      at = answered;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, number) => caller(number)));
  return under(latencies, performance.now() - began);
}

async function openDossiers(pool) {
  const ids = Array.from({ length: Math.max(...DOSSIERS) }, () => uuidv7());
  await pool.query(
    'INSERT INTO dossier_head (dossier_id, sequence, recorded_at) SELECT id, 0, now() FROM unnest($1::uuid[]) AS id',
    [ids],
  );
  return ids;
}

function ledgerMeasurements(appender, dossiers) {
  const append = (dossier) =>
    appender.append(dossier, {
      events: [
        {
          id: uuidv7(),
          streamKind: KIND,
          streamId: uuidv7(),
          streamVersion: 1,
          type: TYPE,
          schemaVersion: 1,
          data: DATA,
        },
      ],
      provenance: PROVENANCE,
    });
  return DOSSIERS.flatMap((count) =>
    CALLERS.map((callers) => ({
      name: `ledger ${callers} ${count}`,
      callers,
      run: () => measure(callers, (number) => append(dossiers[number % count])),
    })),
  );
}

const COLUMNS = `(dossier_id, sequence, id, stream_kind, stream_id, stream_version, type, schema_version,
  recorded_at, recorded_by, correlation_id, causation_id, data)`;

/** One INSERT per transaction, prepared, each caller on a connection of its own; more callers than connections take turns. */
function insertMeasurements(pool, dossier) {
  let sequence = 0;
  const insert = () =>
    pool.query({
      name: 'insert',
      text: `INSERT INTO plain_event ${COLUMNS} VALUES ($1, $2, $3, $4, $5, 1, $6, 1, now(), $7, $8, NULL, $9)`,
      values: [
        dossier,
        ++sequence,
        uuidv7(),
        KIND,
        uuidv7(),
        TYPE,
        PROVENANCE.recordedBy,
        PROVENANCE.correlationId,
        DATA,
      ],
    });
  return CALLERS.map((callers) => ({
    name: `insert ${callers}`,
    callers,
    run: () => measure(callers, insert),
  }));
}

function unnestMeasurement(pool, dossier) {
  let sequence = 0;
  const fill = (value) => Array.from({ length: BATCH }, () => value);
  const insert = async () => {
    await pool.query({
      name: 'unnest',
      text: `INSERT INTO plain_batch ${COLUMNS}
        SELECT $1::uuid, $2::bigint + e.ordinal, e.id, e.stream_kind, e.stream_id, e.stream_version, e.type, e.schema_version, now(), e.recorded_by, e.correlation_id, NULL, e.data::json
          FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::int[], $7::text[], $8::int[], $9::text[], $10::uuid[], $11::text[]) WITH ORDINALITY
            AS e(id, stream_kind, stream_id, stream_version, type, schema_version, recorded_by, correlation_id, data, ordinal)`,
      values: [
        dossier,
        sequence,
        uuids(Array.from({ length: BATCH }, () => uuidv7())),
        texts(fill(KIND)),
        uuids(Array.from({ length: BATCH }, () => uuidv7())),
        integers(fill(1)),
        texts(fill(TYPE)),
        integers(fill(1)),
        texts(fill(PROVENANCE.recordedBy)),
        uuids(fill(PROVENANCE.correlationId)),
        texts(fill(DATA)),
      ],
    });
    sequence += BATCH;
  };
  const run = async () => {
    const { perSecond, ...rest } = await measure(1, insert);
    return { perSecond: perSecond * BATCH, ...rest };
  };
  return { name: 'unnest', callers: MOST_CONNECTIONS, run };
}

async function inProcess(postgres) {
  const owner = new pg.Client({ connectionString: postgres.ownerUrl });
  await owner.connect();
  await owner.query('CREATE TABLE plain_event (LIKE event INCLUDING ALL)');
  await owner.query('CREATE TABLE plain_batch (LIKE event INCLUDING ALL)');
  await owner.end();
  const pool = createPool(postgres.serviceUrl);
  const plain = new pg.Pool({ connectionString: postgres.ownerUrl, max: MOST_CONNECTIONS });
  const dossiers = await openDossiers(pool);
  const appender = new Appender({ pool, now: () => new Date().toISOString() });
  const measurements = [
    ...ledgerMeasurements(appender, dossiers),
    ...insertMeasurements(plain, dossiers[0]),
    unnestMeasurement(plain, dossiers[0]),
  ].sort((one, other) => one.callers - other.callers); // what is compared stands close together
  try {
    return await interleaved(measurements);
  } finally {
    await Promise.all([pool.end(), plain.end()]);
  }
}

async function overHttp(postgres) {
  const { measurements, stop } = await measureHttp(postgres, SECONDS);
  try {
    return await interleaved(measurements);
  } finally {
    await stop();
  }
}

/** Every measurement once a round, so that all share the machine's good and bad minutes; the first round only warms up. */
async function interleaved(measurements) {
  const figures = new Map(measurements.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++)
    for (const { name, run } of measurements) {
      const figure = await run();
      if (round > 0) figures.get(name).push(figure);
      process.stderr.write(`round ${round}: ${name}: ${Math.round(figure.perSecond)}/s\n`);
    }
  return figures;
}

function printInProcess(figures) {
  const row = (callers, count) => {
    const each = figures.get(`ledger ${callers} ${count}`);
    return [
      `${callers} callers, ${count} dossiers`.replace(/\b1 (\w+)s/g, '1 $1'),
      ...cells(each),
      ratio(each, figures.get('unnest')),
      ratio(each, figures.get(`insert ${callers}`)),
      tail(each),
    ];
  };
  print([
    ['in process', 'events/s', 'p50 ms', 'p99 ms', 'of unnest', 'of INSERTs', 'p99/p50'],
    ...DOSSIERS.flatMap((count) => CALLERS.map((callers) => row(callers, count))),
    ...CALLERS.map((callers) => [
      `limit: one INSERT a transaction, ${callers} callers`,
      ...cells(figures.get(`insert ${callers}`)),
    ]),
    [`limit: unnest of ${BATCH}, one connection (a batch)`, ...cells(figures.get('unnest'))],
  ]);
}

function printHttp(figures) {
  const [service, bare] = [figures.get('service'), figures.get('bare')];
  print([
    ['over HTTP, 64 connections', 'requests/s', 'p50 ms', 'p99 ms', 'of bare Nest', 'p99/p50'],
    ['POST a statement', ...cells(service), ratio(service, bare), tail(service)],
    ['limit: bare Nest on Fastify, same body', ...cells(bare)],
  ]);
}

function print(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const line = (row) =>
    `| ${widths.map((width, column) => (row[column] ?? '')[column === 0 ? 'padEnd' : 'padStart'](width)).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  console.log([line(table[0]), rule, ...table.slice(1).map(line), ''].join('\n'));
}

const folder = await mkdtemp(join(tmpdir(), 'standpoint-bench-'));
try {
  const postgres = await startEmbeddedPostgres({ folder });
  try {
    await migrate(postgres.ownerUrl, postgres.serviceUrl);
    if (ONLY.includes('http')) printHttp(await overHttp(postgres)); // first: the service finds an empty database
    if (ONLY.includes('process')) printInProcess(await inProcess(postgres));
  } finally {
    await postgres.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
