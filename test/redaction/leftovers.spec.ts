import { mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { connect } from '../support/queries.js';
import { killAll, Service, type ServiceProcess } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/test-folder.js';
import { MARK, recordMarked, redactAll, type Marked } from './marked.js';

/**
 * Where words could remain after they were erased. To see red, leave out
 * - migrations/1764000000007: `UPDATE idempotency`, `UPDATE dead_letter`, `UPDATE projection_build`: each shows in the tables; `UPDATE event`: nothing is redacted, as no salt may go before its payload;
 * - dossiers/version-table.ts, `erase`, or the same in positions/positions-projection.ts: the tables, and the answers;
 * - dossiers/redaction-watch.ts, the loop over `this.memories`; domain/roster.ts, `if (ids?.size === 0)`: the second process's memory.
 */
const DOSSIER = 'river';

let folder: string;
let database: TestDatabase;
let superuser: Client;
let first: Service;
let second: Service;
let marked: Marked;
/** The tables that held it. */
let held: string[];
/** What the first process has answered since, of everything. */
const answersOfFirst: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standpoint-redaction-'));
  database = await createTestDatabase();
  superuser = await connect(database.superuserUrl);
  first = await startWith('first');
  second = await Service.start({ database, token: first.token, environment: snapshotsIn('second') });
  marked = await recordMarked(first, DOSSIER);
  await rememberEverywhere();
  await leaveOldRows();
  held = (await tablesWith(MARK)).toSorted();
  await redactAll(first, DOSSIER, marked);
}, 180_000);

afterAll(async () => {
  await killAll();
  await superuser?.end();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const snapshotsIn = (name: string): Record<string, string> => ({
  NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${join(folder, name)}`,
});

const startWith = (name: string): Promise<Service> =>
  Service.start({ database, environment: snapshotsIn(name) });

const at = (path: string): string => `/dossiers/${DOSSIER}/${path}`;

/** The second process has answered of all of it, so that whatever remembers remembers it. */
async function rememberEverywhere(): Promise<void> {
  for (const service of [first, second]) {
    await service.read(at('sources/d'));
    await service.read(at(`statements?q=${MARK}`));
    await service.read(at('positions'));
    await service.read(at(`parties?q=${MARK}`));
  }
}

/** Rows as earlier builds of the service have left them, and complaints that quote what they are about. */
async function leaveOldRows(): Promise<void> {
  await superuser.query(
    `UPDATE statement_version SET state = '{"summary": "${MARK}"}', words = to_tsvector('simple', '${MARK}') WHERE statement_id = ANY($1)`,
    [marked.statements],
  );
  await superuser.query(
    `INSERT INTO projection_build (dossier_id, name, build, version, status, checkpoint, changed_at, failure)
       SELECT dossier_id, name, 99, 1, 'retired', checkpoint, now() + interval '1 day', CASE name WHEN 'words' THEN
                (SELECT json_build_object('sequence', sequence, 'type', type, 'error', 'not so: ${MARK}') FROM event WHERE stream_id = $1 AND stream_version = 1)
              END
         FROM projection_build WHERE name <> 'ledger' AND dossier_id IN (SELECT dossier_id FROM event WHERE stream_id = $1)`,
    [marked.statements[0]],
  );
  await superuser.query(
    `INSERT INTO dead_letter SELECT dossier_id, 'words', 99, sequence, type, 'not so: ${MARK}', now() FROM event WHERE stream_id = $1 AND stream_version = 1`,
    [marked.statements[0]],
  );
  for (const [table, columns] of Object.entries(OF_BUILDS))
    await superuser.query(
      `INSERT INTO ${table} (build, ${columns}) SELECT 99, ${columns} FROM ${table} t
        WHERE dossier_id IN (SELECT dossier_id FROM event WHERE stream_id = $1)`,
      [marked.statements[0]],
    );
}

const OF_BUILDS = {
  statement_version:
    'dossier_id, statement_id, known_from, known_to, origin, version, said, act, party_id, recorded_by, voided, state, words',
  assessment_version:
    'dossier_id, assessment_id, known_from, known_to, origin, version, said, party_id, topic_id, recorded_by, voided',
  statement_words: 'dossier_id, statement_id, known_from, known_to, words',
  position_entry:
    'dossier_id, record_id, known_from, known_to, party_id, topic_id, said, origin, act, speaker_id, stance, conditions',
  position_pair: 'dossier_id, party_id, topic_id',
};

/** The tables of which a row holds a text, in any column, also as bytes. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows } = await superuser.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const bytes = Buffer.from(text).toString('hex');
  const found = rows.map(async ({ name }) => {
    const sql = `SELECT 1 FROM ${name} t WHERE t::text ILIKE $1 OR t::text ILIKE $2 LIMIT 1`;
    return (await superuser.query(sql, [`%${text}%`, `%${bytes}%`])).rowCount === 0 ? [] : [name];
  });
  return (await Promise.all(found)).flat();
}

/** All rows that are derived for what is served, but for the number of their build. */
async function derivedRows(): Promise<Record<string, string[]>> {
  const tables = { ...OF_BUILDS, statement_count: 'statements' };
  const all: Record<string, string[]> = {};
  for (const table of Object.keys(tables)) {
    const name =
      table === 'statement_words' ? 'words' : table.startsWith('position') ? 'positions' : 'statements';
    const { rows } = await superuser.query<{ row: string }>(
      `SELECT (to_jsonb(t) - 'build')::text AS row FROM ${table} t JOIN projection_build b USING (dossier_id, build)
        WHERE b.name = $1 AND b.status = 'live' ORDER BY 1`,
      [name],
    );
    all[table] = rows.map(({ row }) => row);
  }
  return all;
}

/** Whatever a dossier answers about anything, at any state of knowledge. */
async function* everyAnswer(service: Service): AsyncGenerator<{ path: string; text: string }> {
  const { sequence } = await service.read<{ sequence: number }>(`/dossiers/${DOSSIER}`);
  const kinds = ['parties', 'speakers', 'topics', 'sources'] as const;
  const ids = [...marked.statements, marked.reply];
  const paths = [
    '',
    ...kinds.flatMap((kind) => [kind, `${kind}/${marked[kind]}`, `${kind}?q=${MARK}`]),
    ...ids.flatMap((id) => [`statements/${id}`, `statements/${id}/history`, `statements/${id}/replies`]),
    ...marked.assessments.map((id) => `assessments/${id}`),
    'events?limit=500',
    `statements?q=${MARK}`,
    'compare?known=3&known=500&at=2030-01-01T00:00:00Z',
  ];
  for (let known = 0; known <= sequence; known += 4) {
    const lists = [
      'statements?include=voided&',
      'assessments?include=voided&',
      'positions?at=2030-01-01T00:00:00Z&',
      'shifts?',
    ];
    paths.push(...lists.map((list) => `${list}known=${known}`), `statements/${ids[0]}?known=${known}`);
    paths.push(`positions/p/bridge/history?known=${known}`, `statements?q=${MARK}&known=${known}`);
  }
  for (const path of paths) {
    const { text } = await service.get(path === '' ? `/dossiers/${DOSSIER}` : at(path));
    yield { path, text };
  }
  for (const { method, path, body, headers } of marked.writes)
    yield { path, text: (await service.request(method, path, { body, headers })).text };
}

const holds = (text: string): boolean => text.toLowerCase().includes(MARK);

describe('What was erased by law', () => {
  it('is in no column of any table', async () => {
    const derived = ['position_entry', 'statement_version', 'statement_words'];
    expect(held).toEqual(['dead_letter', 'event', 'idempotency', ...derived, 'projection_build'].toSorted());
    expect(await tablesWith(MARK)).toEqual([]);
    const { rows } = await superuser.query(
      'SELECT FROM event e JOIN ledger_leaf l USING (dossier_id, sequence) WHERE (e.data IS NULL) <> (l.salt IS NULL)',
    );
    expect(rows).toEqual([]);
  });

  it('is in no answer of any process, at any state of knowledge', async () => {
    let asked = 0;
    for (const service of [first, second])
      for await (const { path, text } of everyAnswer(service)) {
        asked++;
        if (service === first) answersOfFirst.push(text);
        if (path.includes('?q=') || path.includes('&q=')) expect(text).toBe('{"items":[],"next":null}');
        else expect({ path, text: holds(text) ? text : '' }).toEqual({ path, text: '' });
      }
    expect(asked).toBeGreaterThan(200);
  }, 60_000);

  it('is not known either to a process that knows the log only from after, which tells the same of what is left', async () => {
    const third = await Service.start({ database, token: first.token });
    const answers: string[] = [];
    for await (const { text } of everyAnswer(third)) answers.push(text);
    expect(answers).toEqual(answersOfFirst);
    await third.stop();
  }, 120_000);

  it('does not come back, nor anything else change, when rows are derived anew', async () => {
    const before = await derivedRows();
    expect(before['statement_version']?.length).toBeGreaterThan(0);
    for (const name of ['statements', 'positions', 'words', 'ledger']) {
      await first.post(`/admin/projections/${name}/rebuild`);
      await eventually(async () => {
        const { items } = await first.read<{ items: { name: string; building: unknown; stopped: number }[] }>(
          '/admin/projections',
        );
        const state = items.find((each) => each.name === name);
        expect(state?.stopped).toBe(0);
        return state?.building === null;
      }, 60_000);
    }
    expect(await derivedRows()).toEqual(before);
    expect(await tablesWith(MARK)).toEqual([]);
    expect((await first.get('/health/ready')).status).toBe(200);
  }, 120_000);

  it('is in no line that a process has logged', () => {
    for (const { process } of [first, second]) expect(holds(process.output)).toBe(false);
  });

  it.each(['first', 'second'])(
    'has left the memory of the %s process',
    async (name) => {
      const { process } = name === 'first' ? first : second;
      let found = '';
      await eventually(async () => {
        found = await heapOf(process, join(folder, name));
        return !found.includes(MARK);
      }, 90_000).catch(() => undefined);
      const places = [...found.matchAll(new RegExp(`.{0,60}${MARK}.{0,60}`, 'gu'))].map(([place]) => place);
      expect(places).toEqual([]);
      expect(found).toContain('A court demands it.'); // what stays is there: the search finds what is in memory
    },
    120_000,
  );
});

/** The strings of a process's heap, once all garbage has been collected. */
async function heapOf(process: ServiceProcess, directory: string): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
  process.signal('SIGUSR2');
  let name = '';
  await eventually(async () => {
    name = (await readdir(directory)).find((each) => each.endsWith('.heapsnapshot')) ?? '';
    return name !== '' && (await endOf(join(directory, name))) === ']}'; // else it is still being written
  }, 60_000);
  const snapshot = await readFile(join(directory, name));
  // They come last in it, after a hundred times as many numbers that nobody needs to parse.
  const strings = snapshot.subarray(snapshot.lastIndexOf('"strings":[') + '"strings":'.length);
  return (JSON.parse(strings.toString().trimEnd().slice(0, -1)) as string[]).join('\n'); // holds: V8's format
}

async function endOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, 8);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString().trimEnd().slice(-2);
  } finally {
    await file.close();
  }
}
