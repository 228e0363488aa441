import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { under } from './figures.mjs';

const CONNECTIONS = 64;
const TOKEN = 'bench-bench-bench-bench';

/** About 700 bytes, in the example dossier. */
const STATEMENT = {
  act: 'DemandMade',
  saidAt: '2025-04-21',
  attribution: 'direct',
  party: 'russia',
  speaker: 'putin',
  topic: 'direct-talks',
  source: 'article',
  passage: {
    exact: `We have always looked upon any peace initiative ${'positively, '.repeat(18)}and we hope.`,
  },
  summary: `Asks for direct talks ${'and for an answer '.repeat(8)}`.trim(),
  note: `Said on television ${'and repeated '.repeat(4)}`.trim(),
  language: 'en',
};

/** The service on this database and a bare one beside it, and how each is measured. */
export async function measureHttp({ serviceUrl, ownerUrl }, seconds) {
  const service = await start(
    ['../dist/src/main.js', ...(process.env.BENCH_SERVICE_ARGUMENTS?.split(' ') ?? [])],
    {
      PORT: '0',
      DATABASE_URL: serviceUrl,
      DATABASE_MIGRATION_URL: ownerUrl,
      STANDPOINT_ADMIN_TOKEN: TOKEN,
    },
  );
  const bare = await start(['bare-nest.mjs'], {});
  const path = '/api/v1/dossiers/april-2025-talks/statements';
  const load = (url, expected) => () => post(url, seconds, expected);
  return {
    measurements: [
      { name: 'service', run: load(`${service.url}${path}`, 201) },
      { name: 'bare', run: load(`${bare.url}/bare`, 201) },
    ],
    stop: () => Promise.all([service.stop(), bare.stop()]),
  };
}

async function start([script, ...flags], environment) {
  const child = spawn(process.execPath, [...flags, fileURLToPath(new URL(script, import.meta.url))], {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill());
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const [url] = /http:\/\/\S+/.exec(line) ?? [];
    if (url !== undefined) return { url, stop: () => end(child) };
  }
  throw new Error(`${script} did not start.`);
}

async function end(child) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Every answer must be the expected one: a fast refusal is no figure. */
async function post(url, seconds, expected) {
  const latencies = [];
  let wrong = null;
  const began = performance.now();
  const run = autocannon({
    url,
    method: 'POST',
    connections: CONNECTIONS,
    duration: seconds,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(STATEMENT),
  });
  run.on('response', (_client, status, _bytes, milliseconds) => {
    if (status !== expected) wrong = status;
    latencies.push(milliseconds);
  });
  await run;
  if (wrong !== null) throw new Error(`${url} answers ${wrong}.`);
  return under(latencies, performance.now() - began);
}
