/**
 * Writes first-release.ndjson and first-answers.ndjson beside this script, by the service that `npm run build` has just built. It was run once,
 * by the first release; see README.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded/embedded-postgres.js';
import { Ledger1764000000001 } from '../../dist/migrations/1764000000001-ledger.js';
import { Projections1764000000002 } from '../../dist/migrations/1764000000002-projections.js';

const DOSSIER = '/dossiers/first';
const TOKEN = 'the-token-of-the-first-release';
const AT = '2026-01-01T00:00:00Z';

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What the migrations of the first release ran, and the table in which TypeORM keeps account of them. */
async function schema(client) {
  const { rows: keys } = await client.query(
    `SELECT conname AS name FROM pg_constraint WHERE conrelid = 'migration'::regclass AND contype = 'p'`,
  );
  const made = [
    `CREATE TABLE "migration" ("id" SERIAL NOT NULL, "timestamp" bigint NOT NULL, "name" character varying NOT NULL,
       CONSTRAINT "${keys[0].name}" PRIMARY KEY ("id"))`,
  ];
  const runner = { query: (sql) => Promise.resolve(void made.push(sql)) };
  for (const migration of [new Ledger1764000000001(), new Projections1764000000002()])
    await migration.up(runner);
  return made;
}

/** The rows of every table, each as PostgreSQL writes it as JSON: parsed and written anew it might be other text. */
async function rows(client) {
  const { rows: tables } = await client.query(
    `SELECT c.relname AS name,
            (SELECT json_agg(quote_ident(a.attname) ORDER BY a.attnum) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
       FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname`,
  );
  const lines = [];
  for (const { name, columns } of tables) {
    const { rows: found } = await client.query(
      `SELECT row_to_json(t)::text AS row FROM (SELECT ${columns.join(', ')} FROM ${name} ORDER BY 1, 2) t`,
    );
    lines.push(JSON.stringify({ table: name, columns }), ...found.map(({ row }) => `{"row":${row}}`));
  }
  return lines;
}

/** A client of the running service that keeps account of what it was answered. */
class Client {
  answers = [];
  writes = 0;

  constructor(url) {
    this.url = `${url}/api/v1`;
  }

  async send(method, path, body) {
    const key = method === 'GET' || this.writes++ % 3 > 0 ? undefined : `first-${this.writes}`; // a kept answer is the largest of rows
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(key && { 'idempotency-key': key }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    if (method === 'GET' || (key && this.writes % 2 === 0))
      this.answers.push({ method, path, ...(body && { body, key }), answer: JSON.parse(text) });
    return JSON.parse(text);
  }

  post(path, body) {
    return this.send('POST', DOSSIER + path, body);
  }
}

async function cast(client) {
  await client.send('POST', '/dossiers', {
    slug: 'first',
    title: 'First',
    description: 'Of the first release.',
  });
  for (const party of [
    { slug: 'north', name: 'North Bank', aliases: ['the North'], kind: 'state' },
    { slug: 'south', name: 'South Bank' },
  ])
    await client.post('/parties', party);
  await client.post('/speakers', {
    slug: 'ada',
    name: 'Ada',
    affiliations: [{ party: 'north', from: '2020', to: null }],
  });
  await client.post('/topics', { slug: 'bridge', name: 'Bridge', proposition: 'A bridge is built' });
  await client.post('/topics', { slug: 'ferry', name: 'Ferry' });
  const text = 'On Monday Ada said: “Build the bridge 🌉 now.”';
  await client.post('/sources', {
    slug: 'paper',
    title: 'Paper',
    url: 'https://example.org/',
    outlet: 'The Paper',
    text,
  });
}

/** Each act once, in the order of the catalogue, each answering an act that it may answer. */
async function statements(client) {
  const { items } = await (
    await fetch(`${client.url}/acts`, { headers: { authorization: `Bearer ${TOKEN}` } })
  ).json();
  for (const [index, { act, refersTo }] of items.entries()) {
    const answered =
      refersTo === null || refersTo.optional
        ? null
        : refersTo.acts === 'any'
          ? 'proposal-made'
          : slugOf(refersTo.acts[0]);
    const party = act === 'AllegationDenied' ? 'south' : 'north';
    await client.post('/statements', {
      slug: slugOf(act),
      act,
      party,
      ...(index % 2 === 0 && party === 'north' && { speaker: 'ada' }),
      topic: index % 3 === 0 ? 'ferry' : 'bridge',
      saidAt: `2025-${String(1 + (index % 12)).padStart(2, '0')}-${String(10 + (index % 18))}`,
      attribution: index % 2 === 0 ? 'direct' : 'reported',
      source: 'paper',
      passage: { exact: 'Build the bridge 🌉 now.', prefix: 'said: “', suffix: '”' },
      summary: `${act}, as heard.`,
      addressees: ['south'],
      against: 'south',
      refersTo: answered,
      conditions:
        index % 5 === 0 || ['ConditionSet', 'UltimatumIssued'].includes(act) ? ['The ferry goes on'] : [],
      language: 'en',
      note: 'Heard twice.',
    });
  }
}

async function changes(client) {
  const patch = (path, body) => client.send('PATCH', DOSSIER + path, body);
  await patch('/parties/north', {
    name: 'Northern Bank',
    aliases: ['the North', 'Northerners'],
    kind: 'organisation',
  });
  await patch('/speakers/ada', {
    name: 'Ada L.',
    aliases: ['A.'],
    affiliations: [{ party: 'south', role: 'Envoy', from: '2025-06' }],
  });
  await patch('/topics/bridge', { name: 'The bridge', proposition: 'A bridge is built soon' });
  await patch('/sources/paper', {
    title: 'The Paper',
    url: 'https://example.org/paper',
    outlet: 'Paper & Sons',
    publishedAt: '2025-04-22',
    language: 'en',
    text: 'On Monday Ada said: “Build the bridge now.”',
  });
  const reason = 'Misheard.';
  await client.post('/statements/doubt-voiced/correct', {
    changes: { saidAt: '2025-11-30', topic: 'ferry' },
    reason,
  });
  await client.post('/statements/appeal-made/void', { reason });
  await client.post('/statements/support-expressed/void', { reason });
  await client.post('/statements/support-expressed/restore', { reason });
  const judged = {
    party: 'north',
    topic: 'ferry',
    stance: 'open',
    asOf: '2025-12-01',
    basis: ['doubt-voiced'],
    rationale: 'All in all.',
  };
  const { id } = await client.post('/assessments', judged);
  await client.post(`/assessments/${id}/correct`, { changes: { stance: 'skeptical' }, reason });
  await client.post(`/assessments/${id}/void`, { reason });
  await client.post(`/assessments/${id}/restore`, { reason });
}

async function reads(client) {
  const kinds = ['parties', 'speakers', 'topics', 'sources', 'statements', 'assessments', 'shifts'];
  const pairs = ['north/bridge', 'north/ferry'];
  const paths = [
    ...kinds.map((kind) => `/${kind}?limit=500`),
    `/positions?at=${AT}`,
    `/positions?at=${AT}&known=30`,
    ...pairs.flatMap((pair) => [`/positions/${pair}?at=${AT}`, `/positions/${pair}/history`]),
    `/compare?at=2025-06-01T00:00:00Z&at=${AT}`,
    '/statements/doubt-voiced',
    '/statements/doubt-voiced/history',
    '/statements/proposal-made/replies',
  ];
  for (const path of paths) await client.send('GET', DOSSIER + path);
}

function slugOf(act) {
  return act.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
}

const folder = await mkdtemp(join(tmpdir(), 'standpoint-first-'));
const postgres = await startEmbeddedPostgres({ folder });
const service = spawn(process.execPath, [beside('../../dist/src/main.js')], {
  env: {
    ...process.env,
    PORT: '0',
    DATABASE_URL: postgres.serviceUrl,
    DATABASE_MIGRATION_URL: postgres.ownerUrl,
    STANDPOINT_ADMIN_TOKEN: TOKEN,
    STANDPOINT_EXAMPLE: 'off',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const [line] = await once(createInterface({ input: service.stdout }), 'line');
  const client = new Client(/http:\S+/.exec(line)[0]);
  await cast(client);
  await statements(client);
  await changes(client);
  await reads(client);
  service.kill('SIGTERM');
  await once(service, 'exit');
  const database = new pg.Client({ connectionString: postgres.ownerUrl });
  await database.connect();
  const lines = (await schema(database)).map((sql) => JSON.stringify({ sql }));
  await writeFile(beside('first-release.ndjson'), `${[...lines, ...(await rows(database))].join('\n')}\n`, {
    flag: 'wx',
  });
  await database.end();
  const answers = client.answers.map((answer) => JSON.stringify(answer)).join('\n');
  await writeFile(beside('first-answers.ndjson'), `${answers}\n`, { flag: 'wx' });
} finally {
  service.kill('SIGKILL');
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
