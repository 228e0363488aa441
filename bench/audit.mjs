/**
 * What an audit costs, beside one plain SQL query that reads the same rows in the same run:
 *
 *   npm run bench:audit                     dossiers of 1,000 and of 100,000 statements: about two minutes, most of them to make the dossiers
 *   BENCH_EVENTS=20000 BENCH_ROUNDS=3       another size of the larger one, and rounds; told are medians
 *
 * The audit of a pair is asked in pages of 500, as an auditor would read it to its end. The same pair's rows are in both dossiers: what the
 * larger one costs more is what the rest of the log costs. It starts its own embedded PostgreSQL in a folder that it removes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../dist/src/database/embedded/embedded-postgres.js';
import { median, print } from './figures.mjs';
import { makeDossier } from './large-dossier.mjs';
import { start, TOKEN } from './service.mjs';

const LARGE = Number(process.env.BENCH_EVENTS ?? 100_000);
const SMALL = 1_000;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
/** Entries of a pair that both dossiers have, and of one that only the larger has. */
const [SAME, MANY] = [500, LARGE / 10];
const PAGE = 500;

const OF_PAIR = `SELECT e.sequence, e.type, e.recorded_at, e.recorded_by, e.data FROM event e
   WHERE e.dossier_id = $1 AND e.stream_id IN (
     SELECT record_id FROM position_entry p WHERE p.dossier_id = $1 AND p.party_id = $2 AND p.topic_id = $3)
   ORDER BY e.sequence`;
const OF_RECORDERS = `SELECT recorded_by, type, count(*) FROM event
   WHERE dossier_id = $1 AND stream_kind IN ('statement', 'assessment') GROUP BY 1, 2`;
const OF_PRESENTS = `SELECT p.*, e.data FROM (
     SELECT DISTINCT ON (party_id, topic_id) * FROM position_entry
      WHERE dossier_id = $1 AND known_to IS NULL AND stance IS NOT NULL ORDER BY party_id, topic_id, said DESC, origin DESC) p
   JOIN event e ON e.dossier_id = $1 AND e.stream_id = p.record_id`;

const folder = await mkdtemp(join(tmpdir(), 'standpoint-bench-'));
const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
const service = await start('../dist/src/main.js', {
  DATABASE_URL: postgres.serviceUrl,
  DATABASE_MIGRATION_URL: postgres.ownerUrl,
  STANDPOINT_EXAMPLE: 'off',
  STANDPOINT_DATA: join(folder, 'data'),
});
const pool = new pg.Pool({ connectionString: postgres.serviceUrl, max: 1 });
try {
  const made = { url: service.url, databaseUrl: postgres.serviceUrl, seed: 42, progress: () => undefined };
  const small = await makeDossier({ ...made, events: SMALL, own: [SAME] });
  const large = await makeDossier({ ...made, events: LARGE, own: [SAME, MANY] });
  for (const dossier of [small, large]) await ask(dossier, '/positions?limit=1');
  await measure(small, large);
} finally {
  await pool.end();
  await service.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(small, large) {
  const [inSmall, same, many] = [await pair(small, 0), await pair(large, 0), await pair(large, 1)];
  const cases = [
    [
      `audit of ${SAME} entries, in ${shown(SMALL)}`,
      () => audit(small, inSmall),
      [OF_PAIR, small, ...inSmall],
    ],
    [`audit of ${SAME} entries, in ${shown(LARGE)}`, () => audit(large, same), [OF_PAIR, large, ...same]],
    [`audit of ${shown(MANY)} entries, all pages`, () => audit(large, many), [OF_PAIR, large, ...many]],
    [`its first page`, () => ask(large, address(many)), [`${OF_PAIR} LIMIT ${PAGE}`, large, ...many]],
    ['recorders', () => ask(large, '/audit/recorders'), [OF_RECORDERS, large]],
    ['weak positions, all pages', () => all(large, '/audit/weak-positions?limit=500'), [OF_PRESENTS, large]],
  ];
  const rounds = cases.map(() => ({ service: [], query: [] }));
  for (let round = 0; round <= ROUNDS; round++)
    for (const [index, [, call, [text, ...values]]] of cases.entries()) {
      const figures = { service: await timed(call), query: await timed(() => pool.query(text, values)) };
      if (round > 0) for (const [name, figure] of Object.entries(figures)) rounds[index][name].push(figure);
    }
  print([
    [`of ${shown(LARGE)} events`, 'ms', 'the same rows by one query, ms', 'times'],
    ...cases.map(([what], index) => {
      const { service: ours, query } = rounds[index];
      const times = median(ours.map((each, round) => each / query[round]));
      return [what, median(ours).toFixed(1), median(query).toFixed(1), times.toFixed(1)];
    }),
  ]);
}

function address([party, topic]) {
  return `/positions/${party}/${topic}/audit?limit=${PAGE}`;
}

function audit(dossier, ids) {
  return all(dossier, address(ids));
}

/** Of the party and the topic that were made first, second …: their ids. */
async function pair(dossier, index) {
  const idOf = async (kind) =>
    (await ask(dossier, `/${kind}?limit=50`)).items.find(({ name }) => name.endsWith(` ${index}`)).id;
  return [await idOf('parties'), await idOf('topics')];
}

async function all(dossier, path) {
  for (let cursor = null; ;) {
    const { next } = await ask(
      dossier,
      cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
    );
    if (next === null) return;
    cursor = next;
  }
}

async function ask(dossier, path) {
  const headers = { authorization: `Bearer ${TOKEN}` };
  for (;;) {
    const answer = await fetch(`${service.url}/api/v1/dossiers/${dossier}${path}`, { headers });
    if (answer.ok) return answer.json();
    if (answer.status !== 503) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    await answer.text(); // what is asked for is still being derived
  }
}

async function timed(call) {
  const began = performance.now();
  await call();
  return performance.now() - began;
}

function shown(number) {
  return number.toLocaleString('en');
}
