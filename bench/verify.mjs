/**
 * How fast a dossier is exported and verified, beside SHA-256 of the same bytes in the same run.
 *
 *   npm run bench:verify                    dossiers of 100,000 and of 1,000,000 events: about fifteen minutes, most of them to make the dossiers
 *   BENCH_EVENTS=20000 BENCH_ROUNDS=3       other sizes, separated by commas, and rounds; told are medians
 *   BENCH_EXPORT=FILE                       only verifies, and hashes, a file that is there
 *
 * Verifying is `standpoint verify FILE` in a process of its own, its start and all. The two limits are explained in hashing.mjs.
 * It starts its own embedded PostgreSQL in a folder that it removes.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../dist/src/database/embedded/embedded-postgres.js';
import { print, median } from './figures.mjs';
import { makeDossier } from './large-dossier.mjs';
import { start, TOKEN } from './service.mjs';

const SIZES = (process.env.BENCH_EVENTS ?? '100000,1000000').split(',').map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const tell = (line) => process.stderr.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'standpoint-bench-'));
const table = [
  [
    'verifying',
    'events/s',
    'MB/s',
    'peak MB',
    'of the hashes it needs',
    'of one stream',
    'hashes it needs, events/s',
    'one stream, events/s',
  ],
];
const made = [
  ['making and exporting', 'export events/s', 'peak MB of the command', 'peak MB of the service'],
];
try {
  if (process.env.BENCH_EXPORT !== undefined) await measure(process.env.BENCH_EXPORT);
  else await exportAndMeasure();
} finally {
  await rm(folder, { recursive: true, force: true });
}
print(made);
print(table);

async function exportAndMeasure() {
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
  for (const events of SIZES) {
    const environment = {
      DATABASE_URL: postgres.serviceUrl,
      DATABASE_MIGRATION_URL: postgres.ownerUrl,
      STANDPOINT_EXAMPLE: 'off',
      STANDPOINT_DATA: join(folder, 'data'),
    };
    const service = await start('../dist/src/main.js', environment);
    const progress = (done) => done % 100_000 === 0 && tell(`${done} events made`);
    const dossier = await makeDossier({
      url: service.url,
      databaseUrl: postgres.serviceUrl,
      events,
      seed: 42,
      progress,
    });
    await settled(service.url, dossier, events);
    await service.close();
    const fresh = await start('../dist/src/main.js', environment);
    const file = join(folder, `${events}.export`);
    const words = ['export', dossier, file, '--url', fresh.url];
    const exported = await run(here('../dist/src/cli/standpoint.js'), words, {
      ...environment,
      STANDPOINT_ADMIN_TOKEN: TOKEN,
    });
    const peak = await peakOf(fresh.url);
    made.push([
      `${events.toLocaleString('en')} events`,
      round(events / exported.seconds),
      megabytes(exported.kilobytes),
      peak,
    ]);
    await fresh.close();
    await measure(file);
    await rm(file);
  }
  await postgres.stop();
}

/** Every projection has taken everything in, and the log is signed. */
async function settled(url, dossier, events) {
  for (;;) {
    const answer = await fetch(`${url}/api/v1/dossiers/${dossier}/ledger/checkpoint`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const positions = await fetch(`${url}/api/v1/dossiers/${dossier}/positions?limit=1`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    if (answer.ok && positions.ok && (await answer.text()).split('\n')[1] === String(events)) return;
    tell('waiting for leaves and positions');
  }
}

async function measure(file) {
  const { size } = await stat(file);
  const rounds = { verify: [], each: [], stream: [] };
  for (let turn = 0; turn <= ROUNDS; turn++) {
    const figures = {
      verify: await run(here('../dist/verify/main.js'), [file, '--trust-on-first-use']),
      each: await limit('each', file),
      stream: await limit('stream', file),
    };
    if (turn > 0) for (const [name, figure] of Object.entries(figures)) rounds[name].push(figure);
  }
  const events = Number(
    /^(\d+) events/.exec(
      (await run(here('../dist/verify/main.js'), [file, '--trust-on-first-use'])).output,
    )?.[1],
  );
  const seconds = (name) => median(rounds[name].map((each) => each.seconds));
  const of = (name) =>
    `${(100 * median(rounds.verify.map((each, turn) => rounds[name][turn].seconds / each.seconds))).toFixed(0)} %`;
  table.push([
    `${events.toLocaleString('en')} events, ${Math.round(size / 1e6)} MB`,
    round(events / seconds('verify')),
    round(size / 1e6 / seconds('verify')),
    megabytes(Math.max(...rounds.verify.map((each) => each.kilobytes))),
    of('each'),
    of('stream'),
    round(events / seconds('each')),
    round(events / seconds('stream')),
  ]);
}

async function limit(how, file) {
  return JSON.parse((await promisify(execFile)(process.execPath, [here('hashing.mjs'), how, file])).stdout);
}

/** A command in a process of its own: what it took from its start to its end. */
async function run(script, words, environment = {}) {
  const tellPeak =
    'data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS))';
  const began = performance.now();
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', tellPeak, script, ...words],
    {
      env: { ...process.env, ...environment },
    },
  );
  const seconds = (performance.now() - began) / 1_000;
  return { seconds, output: stdout, kilobytes: Number(/peak (\d+)/.exec(stderr)?.[1]) };
}

async function peakOf(url) {
  const text = await (
    await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })
  ).text();
  const now = /^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1];
  return now === undefined ? '' : `${Math.round(Number(now) / 1e6)} (after it)`;
}

function megabytes(kilobytes) {
  return Math.round((kilobytes * 1_024) / 1e6).toLocaleString('en');
}

function round(number) {
  return Math.round(number).toLocaleString('en');
}
