import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';
import { figureOf } from './figures.mjs';
import { CALLERS, DOSSIERS, PROCESSES } from './in-process.mjs';
import { start, TOKEN } from './service.mjs';

const HEADERS = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };
const EXAMPLE = new URL('../example/april-2025-talks.ndjson', import.meta.url);

/** About 700 bytes, about the cast of the example dossier. */
const STATEMENT = JSON.stringify({
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
});

/** Seconds of load, and connections, before anything is counted: until then an engine still compiles what a request runs through. */
const WARM_UP = { seconds: 6, connections: 64 };

/** Services on this database and a bare one beside them, and how each is measured. */
export async function measureHttp({ serviceUrl, ownerUrl }, seconds) {
  const environment = { DATABASE_URL: serviceUrl, DATABASE_MIGRATION_URL: ownerUrl };
  const services = [];
  for (const _ of Array(Math.max(...PROCESSES)))
    services.push(await start('../dist/src/main.js', environment));
  const bare = await start('bare-nest.mjs', {});
  const dossiers = await openDossiers(services[0].url);
  const [dossier] = dossiers;
  for (const { url } of services)
    await post(url, [statements(dossier)], WARM_UP.connections, WARM_UP.seconds);
  await post(bare.url, ['/bare'], WARM_UP.connections, WARM_UP.seconds);
  await catchUp(services[0].url, [dossier]);
  const record = async (connections, on, processes) => {
    const used = services.slice(0, processes);
    const share = Math.ceil(connections / processes);
    const figure = figureOf(
      await Promise.all(used.map(({ url }) => post(url, on.map(statements), share, seconds))),
    );
    return { ...figure, behind: await catchUp(services[0].url, on) };
  };
  const measurements = CALLERS.flatMap((callers) => [
    ...DOSSIERS.flatMap((count) =>
      PROCESSES.filter((processes) => processes <= callers).map((processes) => ({
        name: `service ${callers} ${count} ${processes}`,
        run: () => record(callers, dossiers.slice(0, count), processes),
      })),
    ),
    {
      name: `bare ${callers}`,
      run: async () => figureOf([await post(bare.url, ['/bare'], callers, seconds)]),
    },
  ]);
  return { measurements, stop: () => Promise.all([...services, bare].map((each) => each.close())) };
}

const statements = (dossier) => `/api/v1/dossiers/${dossier}/statements`;

/** Dossiers with the example's cast. */
async function openDossiers(url) {
  const lines = (await readFile(EXAMPLE, 'utf8')).split('\n');
  const cast = lines.filter((line) => line.startsWith('{"kind"')).join('\n');
  const slugs = Array.from({ length: Math.max(...DOSSIERS) }, (_, number) => `bench-${number}`);
  for (const slug of slugs) {
    await send(`${url}/api/v1/dossiers`, 'application/json', JSON.stringify({ slug, title: slug }));
    await send(`${url}/api/v1/dossiers/${slug}/import?stopOnError=true`, 'application/x-ndjson', cast);
  }
  return slugs;
}

async function send(url, type, body) {
  const answer = await fetch(url, { method: 'POST', headers: { ...HEADERS, 'content-type': type }, body });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
  await answer.text();
}

/**
 * Milliseconds until everything recorded is in the positions, the lists, the search and a signed checkpoint: the next measurement begins with a
 * quiet service.
 */
async function catchUp(url, dossiers) {
  const began = performance.now();
  for (const dossier of dossiers) {
    const path = `${url}/api/v1/dossiers/${dossier}`;
    const { sequence } = await (await fetch(path, { headers: HEADERS })).json();
    const signed = `ledger/checkpoint?covering=${sequence}`;
    for (const what of ['positions', 'statements?limit=1', 'statements?limit=1&q=nothing', signed])
      for (let status = 503; status === 503;)
        ({ status } = await fetch(`${path}/${what}`, { headers: HEADERS }));
  }
  return performance.now() - began;
}

/** Every answer must be 201: a fast refusal is no figure. */
async function post(url, paths, connections, seconds) {
  const latencies = [];
  let wrong = null;
  const began = performance.now();
  const run = autocannon({
    url,
    connections,
    duration: seconds,
    requests: paths.map((path) => ({ method: 'POST', path, headers: HEADERS, body: STATEMENT })),
  });
  run.on('response', (_client, status, _bytes, milliseconds) => {
    if (status !== 201) wrong = status;
    latencies.push(milliseconds);
  });
  await run;
  if (wrong !== null) throw new Error(`${url} answers ${wrong}.`);
  return { latencies, milliseconds: performance.now() - began };
}
