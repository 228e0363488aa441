/**
 * How fast appending is, each figure beside its limits and its peer measured in the same run.
 *
 *   npm run bench:append              about eight minutes
 *   BENCH_SECONDS=0.5 BENCH_ROUNDS=1  shorter and rougher: seconds of one measurement, and rounds. A round takes every measurement
 *                                     once; told is the median of the rounds, and of the ratios within a round
 *   BENCH_ONLY=process|http           half of it
 *
 * In process: callers that each append one ~700-byte event to a new stream and wait for the answer, all on one dossier or spread over
 * sixteen, in one process or half of them in each of two. Limits: one INSERT per transaction from as many connections (64 at most) into a
 * table of the same shape, and INSERT … unnest of 1,000 events with binary parameters on one connection. Peer: Emmett, see bench/package.json.
 * Over HTTP: the built service, one statement a request, as many connections. Limit: a bare Nest-on-Fastify POST of the same body. `behind`
 * is how long the projections still took when the load was over; they make way for appends.
 *
 * It starts its own embedded PostgreSQL, with production settings (fsync = on), in a folder that it removes. Before the first round it has
 * written its first gigabyte of log: the files of the log are written over from then on instead of being made.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../dist/src/database/embedded/embedded-postgres.js';
import { migrate } from '../dist/src/database/migrate.js';
import { cells, medianOf, print, ratio, tail } from './figures.mjs';
import { measureHttp } from './http.mjs';
import { CALLERS, DOSSIERS, measureInProcess, PROCESSES } from './in-process.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 0.8);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
const ONLY = process.env.BENCH_ONLY ?? 'process,http';

async function take(measuring, postgres) {
  const { measurements, stop } = await measuring(postgres, SECONDS);
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

/** Rows of the same kind of measurement, by callers, dossiers and processes. */
function rows(figures, kind, ...columns) {
  return PROCESSES.flatMap((processes) =>
    DOSSIERS.flatMap((dossiers) =>
      CALLERS.flatMap((callers) => {
        const each = figures.get(`${kind} ${callers} ${dossiers} ${processes}`);
        const name = [
          counted(callers, 'caller', 's'),
          counted(dossiers, 'dossier', 's'),
          counted(processes, 'process', 'es'),
        ].join(', ');
        if (each === undefined) return [];
        return [[name, ...cells(each), ...columns.map((column) => column(each, callers)), tail(each)]];
      }),
    ),
  );
}

const counted = (count, one, ending) => `${count} ${one}${count === 1 ? '' : ending}`;

function printInProcess(figures) {
  const others = (kind, name) =>
    CALLERS.map((callers) => [
      `${name}, ${counted(callers, 'caller', 's')}`,
      ...cells(figures.get(`${kind} ${callers}`)),
    ]);
  print([
    ['in process', 'events/s', 'p50 ms', 'p99 ms', 'of unnest', 'of INSERTs', 'of Emmett', 'p99/p50'],
    ...rows(
      figures,
      'ledger',
      (each) => ratio(each, figures.get('unnest')),
      (each, callers) => ratio(each, figures.get(`insert ${callers}`)),
      (each, callers) => ratio(each, figures.get(`emmett ${callers}`)),
    ),
    ...others('insert', 'limit: one INSERT a transaction'),
    ['limit: unnest of 1,000, one connection (a batch)', ...cells(figures.get('unnest'))],
    ...others('emmett', 'peer: Emmett'),
  ]);
}

function printHttp(figures) {
  print([
    ['over HTTP', 'requests/s', 'p50 ms', 'p99 ms', 'of bare Nest', 'behind ms', 'p99/p50'],
    ...rows(
      figures,
      'service',
      (each, callers) => ratio(each, figures.get(`bare ${callers}`)),
      (each) => medianOf(each, 'behind').toFixed(0),
    ),
    ...CALLERS.map((callers) => [
      `limit: bare Nest on Fastify, ${counted(callers, 'caller', 's')}`,
      ...cells(figures.get(`bare ${callers}`)),
    ]),
  ]);
}

/**
 * As many files of PostgreSQL's log as it keeps (max_wal_size), made and given back to be written over. While they are still being made,
 * everybody waits some 50 ms for each, at full load every half second: whoever is measured first would pay for all of them.
 */
async function makeLogFiles(superuserUrl) {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  const { rows: told } = await client.query(
    `SELECT pg_size_bytes(current_setting('max_wal_size')) / pg_size_bytes(current_setting('wal_segment_size')) AS files`,
  );
  for (let made = 0; made < Number(told[0].files); made++) {
    await client.query(`SELECT pg_logical_emit_message(false, 'bench', '')`);
    await client.query('SELECT pg_switch_wal()');
  }
  await client.query('CHECKPOINT');
  await client.end();
}

const folder = await mkdtemp(join(tmpdir(), 'standpoint-bench-'));
try {
  const postgres = await startEmbeddedPostgres({ folder });
  try {
    await migrate(postgres.ownerUrl, postgres.serviceUrl);
    await makeLogFiles(postgres.superuserUrl);
    if (ONLY.includes('http')) printHttp(await take(measureHttp, postgres));
    if (ONLY.includes('process')) printInProcess(await take(measureInProcess, postgres));
  } finally {
    await postgres.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
