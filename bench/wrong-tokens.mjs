/**
 * What guessing costs those who have a token: how long a client with a right token waits for the example's board, alone, and while others send wrong tokens as fast
 * as told.
 *
 *   npm run bench:guessing            about half a minute
 *   BENCH_SECONDS=1 BENCH_ROUNDS=1    shorter and rougher
 *   BENCH_GUESSES=10000               wrong tokens a second
 *
 * Both come from processes of their own. Without limits, so that each wrong token is looked at and answered with 401, and with the usual ones,
 * where it is put off with 429.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { startEmbeddedPostgres } from '../dist/src/database/embedded/embedded-postgres.js';
import { migrate } from '../dist/src/database/migrate.js';
import { median, print } from './figures.mjs';
import { start, TOKEN } from './service.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const GUESSES = Number(process.env.BENCH_GUESSES ?? 10_000);
const BOARD = '/api/v1/dossiers/april-2025-talks/positions';
const NO_LIMIT = '1000000000';

/** A second process guesses, and says how many guesses a second were answered, and how. */
async function guess(url) {
  const run = autocannon({
    url: url + BOARD,
    connections: 16,
    duration: SECONDS + 1,
    overallRate: GUESSES,
    headers: { authorization: `Bearer ${'wrong'.repeat(8)}` },
  });
  const statuses = {};
  run.on('response', (_client, status) => (statuses[status] = (statuses[status] ?? 0) + 1));
  const began = performance.now();
  await run;
  const seconds = (performance.now() - began) / 1_000;
  return Object.fromEntries(Object.entries(statuses).map(([status, count]) => [status, count / seconds]));
}

async function read(url) {
  const result = await autocannon({
    url: url + BOARD,
    connections: 1,
    duration: SECONDS,
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  return result.latency;
}

async function measure(postgres, name, environment) {
  const service = await start('../dist/src/main.js', {
    DATABASE_URL: postgres.serviceUrl,
    DATABASE_MIGRATION_URL: postgres.ownerUrl,
    ...environment,
  });
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const alone = await read(service.url);
    const guesser = fork(fileURLToPath(import.meta.url), {
      env: { ...process.env, BENCH_GUESS: service.url },
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const among = await read(service.url);
    const [guessed] = await once(guesser, 'message');
    rounds.push({ alone, among, guessed });
  }
  await service.close();
  const of = (pick) => median(rounds.map(pick));
  return [
    name,
    of(({ alone }) => alone.mean).toFixed(2),
    of(({ among }) => among.mean).toFixed(2),
    of(({ alone, among }) => among.mean / alone.mean).toFixed(2),
    ...[401, 429].map((status) => Math.round(of(({ guessed }) => guessed[status] ?? 0)).toLocaleString('en')),
  ];
}

if (process.env.BENCH_GUESS !== undefined) {
  process.send(await guess(process.env.BENCH_GUESS));
  process.disconnect();
} else {
  const folder = await mkdtemp(join(tmpdir(), 'standpoint-bench-'));
  try {
    const postgres = await startEmbeddedPostgres({ folder });
    try {
      await migrate(postgres.ownerUrl, postgres.serviceUrl);
      print([
        [
          'a board with a right token',
          'alone ms',
          'among guesses ms',
          'times',
          '401 a second',
          '429 a second',
        ],
        await measure(postgres, 'without limits', {
          STANDPOINT_LIMIT_FAILED_LOGINS: NO_LIMIT,
          STANDPOINT_LOG_LEVEL: 'error',
        }),
        await measure(postgres, 'with the usual limits', {}),
      ]);
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
