import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, type QueryResult } from 'pg';
import { checkService } from '../../verify/service.js';
import { startService, type FreshService } from '../support/service.js';
import { dice, newKey } from './made-export.js';
import { recordRiver } from './served-dossier.js';

const seed = Number(process.env['STANDPOINT_SEED'] ?? Date.now() % 1_000_000);
const roll = dice(seed);

/** Whatever verifying looks at. */
const TABLES = [
  'event',
  'ledger_leaf',
  'ledger_tile',
  'ledger_checkpoint',
  'claim',
  'idempotency',
  'dossier_name',
  'dossier_head',
  'position_entry',
  'position_pair',
];

let folder: string;
let running: FreshService;
let superuser: Client;
let address: string;
let key: string;
let size: number;
let dossier: string;
const tried = new Map<string, { all: number; caught: number }>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standpoint-tampering-'));
  running = await startService({ environment: { STANDPOINT_DATA: folder } });
  await recordRiver(running.service, 'river', roll);
  superuser = new Client({ connectionString: running.database.superuserUrl });
  await superuser.connect();
  await superuser.query('SET session_replication_role = replica'); // no trigger sees what follows
  address = `${running.service.url}/api/v1/dossiers/river`;
  key = (await running.service.get('/dossiers/river/ledger/key')).text.trim();
  const before = await wrong();
  if (before !== null) throw new Error(before);
  const { rows } = await superuser.query<{ id: string; sequence: string }>(
    "SELECT dossier_id AS id, sequence FROM dossier_head JOIN dossier_name USING (dossier_id) WHERE name = 'slug/river'",
  );
  [dossier, size] = [rows[0]?.id ?? '', Number(rows[0]?.sequence)];
  await remember('intact');
}, 120_000);

afterAll(async () => {
  for (const [table, { caught, all }] of tried)
    process.stderr.write(`tampered ${table}: ${caught} of ${all} caught\n`);
  await superuser.end();
  await running.end();
  await rm(folder, { recursive: true });
});

/** What verifying the served dossier says is wrong; null if nothing is. */
const wrong = (trust: { readonly key?: string; readonly since?: string } = {}): Promise<string | null> =>
  checkService(address, running.service.token, { key, since: null, ...trust }, () => undefined).then(
    () => null,
    (error: Error) => error.message,
  );

async function remember(name: string): Promise<void> {
  await superuser.query(`CREATE SCHEMA ${name}`);
  for (const table of TABLES)
    await superuser.query(
      `CREATE TABLE ${name}.${table} AS SELECT * FROM public.${table} WHERE dossier_id = '${dossier}'`,
    );
}

async function restore(name: string): Promise<void> {
  for (const table of TABLES)
    await superuser.query(
      `DELETE FROM public.${table} WHERE dossier_id = '${dossier}'; INSERT INTO public.${table} SELECT * FROM ${name}.${table}`,
    );
}

/** Tampers with a table, verifies, and puts it back. `d` is the dossier, `n` its size. */
async function wrongAfter(table: string, sql: string): Promise<string | null> {
  const statement = sql.replaceAll(':d', `'${dossier}'`).replaceAll(':n', String(size));
  const results = (await superuser.query(`BEGIN; ${statement}; COMMIT`)) as unknown as QueryResult[]; // holds: they are several
  const idle = results.filter(
    ({ command, rowCount }) => /UPDATE|INSERT|DELETE/.test(command) && rowCount === 0,
  );
  if (idle.length > 0) throw new Error(`It changes nothing: ${statement}`);
  const found = await wrong();
  await restore('intact');
  const count = tried.get(table) ?? { all: 0, caught: 0 };
  tried.set(table, { all: count.all + 1, caught: count.caught + (found === null ? 0 : 1) });
  return found;
}

const swapped = (table: string, column: string, place: string, one: string, other: string): string =>
  `CREATE TEMP TABLE one ON COMMIT DROP AS SELECT ${column} AS value, ${place} AS place FROM ${table} WHERE dossier_id = :d AND ${place} IN (${one}, ${other});
   UPDATE ${table} t SET ${column} = o.value FROM one o WHERE t.dossier_id = :d AND t.${place} IN (${one}, ${other}) AND o.place <> t.${place}`;
const flip = (column: string, at = 5): string => `set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 4)`;
/** Makes room for a row in the middle of the log, and counts it. */
const SHIFT = ['event', 'ledger_leaf']
  .map(
    (table) =>
      `UPDATE ${table} SET sequence = -sequence - 1 WHERE dossier_id = :d AND sequence >= 120; UPDATE ${table} SET sequence = -sequence WHERE dossier_id = :d AND sequence < 0`,
  )
  .join('; ');

const event = (columns: string): string =>
  `UPDATE event SET ${columns} WHERE dossier_id = :d AND sequence = 100`;
const leaf = (columns: string): string =>
  `UPDATE ledger_leaf SET ${columns} WHERE dossier_id = :d AND sequence = 100`;
const tile = (columns: string): string =>
  `UPDATE ledger_tile SET ${columns} WHERE dossier_id = :d AND level = 1`;
const LAST = '(SELECT max(size) FROM ledger_checkpoint WHERE dossier_id = :d)';
const FIRST = '(SELECT min(size) FROM ledger_checkpoint WHERE dossier_id = :d)';
const checkpoint = (columns: string, which = LAST): string =>
  `UPDATE ledger_checkpoint SET ${columns} WHERE dossier_id = :d AND size = ${which}`;
const ENTRY =
  '(SELECT e.record_id FROM position_entry e WHERE e.dossier_id = :d AND e.known_to IS NULL AND e.stance IS NOT NULL ORDER BY e.said, e.origin LIMIT 1)';
const entry = (columns: string): string =>
  `UPDATE position_entry SET ${columns} WHERE dossier_id = :d AND known_to IS NULL AND record_id = ${ENTRY}`;

const TAMPERINGS: Record<string, [what: string, sql: string, named: RegExp][]> = {
  event: [
    [
      'a bit of a payload',
      event(`data = replace(data::text, 'bridge', 'bridgf')::json, type = type`).replace(
        '100',
        `(SELECT min(sequence) FROM event WHERE dossier_id = :d AND data::text LIKE '%"bridge"%')`,
      ),
      /^event \d+: its payload and salt/,
    ],
    ['a blank in a payload', event(`data = (data::text || ' ')::json`), /^event 100: its payload and salt/],
    [
      'who recorded it',
      event(`recorded_by = 'bdmin'`),
      /^event 100: its entry is not the one that was hashed/,
    ],
    ['its type', event(`type = 'DoubtVoiced' || type`), /^event 100: its entry is not/],
    ['its schema version', event('schema_version = 3'), /^event 100: its entry is not/],
    ['its id', event(`id = correlation_id`), /^event 100: its entry is not/],
    ['its correlation', event(`correlation_id = id`), /^event 100: its entry is not/],
    ['its cause', event(`causation_id = id`), /^event 100: its entry is not/],
    ['its instant', event(`recorded_at = recorded_at + interval '1 hour'`), /^event 10[01]: /],
    ['its stream', event(`stream_id = id`), /^event 100: its entry is not|^the answer/],
    ['its version', event('stream_version = 2'), /^event 100: has version 2/],
    ['its kind', event(`stream_kind = 'assessment'`), /^event 100: its entry is not/],
    [
      'two payloads changed places',
      swapped('event', 'data', 'sequence', '100', '101'),
      /^event 100: its payload and salt/,
    ],
    [
      'two rows changed places',
      'UPDATE event SET sequence = CASE sequence WHEN 100 THEN -101 ELSE -100 END WHERE dossier_id = :d AND sequence IN (100, 101); UPDATE event SET sequence = -sequence WHERE dossier_id = :d AND sequence < 0',
      /^event 100: /,
    ],
    [
      'a row in the middle is missing',
      'DELETE FROM event WHERE dossier_id = :d AND sequence = 100',
      /\/export answers|^event 10[01]|the end/,
    ],
    ['the last row is missing', 'DELETE FROM event WHERE dossier_id = :d AND sequence = :n', /answers|event/],
    [
      'the last row is missing, and the head knows',
      'DELETE FROM event WHERE dossier_id = :d AND sequence = :n; UPDATE dossier_head SET sequence = :n - 1 WHERE dossier_id = :d',
      /answers|the end|event/,
    ],
    [
      'a row more in the middle, with a leaf of its own',
      `${SHIFT}; INSERT INTO event SELECT dossier_id, 120, correlation_id, stream_kind, gen_random_uuid(), 1, type, schema_version, recorded_at, recorded_by, correlation_id, causation_id, data FROM event WHERE dossier_id = :d AND sequence = 119; INSERT INTO ledger_leaf SELECT dossier_id, 120, salt, payload_hash, leaf_hash FROM ledger_leaf WHERE dossier_id = :d AND sequence = 119; UPDATE dossier_head SET sequence = :n + 1 WHERE dossier_id = :d`,
      /^event \d+: |answers/,
    ],
    [
      'a row beyond the head',
      `INSERT INTO event SELECT dossier_id, :n + 1, gen_random_uuid(), stream_kind, gen_random_uuid(), 1, type, schema_version, recorded_at, recorded_by, correlation_id, causation_id, data FROM event WHERE dossier_id = :d AND sequence = 119`,
      /answers/,
    ],
  ],
  ledger_leaf: [
    [
      'a bit of a hash',
      leaf(`leaf_hash = ${flip('leaf_hash')}`),
      /^event 100: its entry is not the one that was hashed/,
    ],
    [
      'a bit of a payload’s hash',
      leaf(`payload_hash = ${flip('payload_hash')}`),
      /^event 100: its payload and salt/,
    ],
    ['a bit of a salt', leaf(`salt = ${flip('salt')}`), /^event 100: its payload and salt/],
    ['no salt', leaf('salt = NULL'), /the end|answers|terminated|aborted|fetch/],
    [
      'two hashes changed places',
      swapped('ledger_leaf', 'leaf_hash', 'sequence', '100', '101'),
      /^event 100: its entry is not/,
    ],
    [
      'two salts changed places',
      swapped('ledger_leaf', 'salt', 'sequence', '100', '101'),
      /^event 100: its payload/,
    ],
    [
      'two rows changed places',
      'UPDATE ledger_leaf SET sequence = CASE sequence WHEN 100 THEN -101 ELSE -100 END WHERE dossier_id = :d AND sequence IN (100, 101); UPDATE ledger_leaf SET sequence = -sequence WHERE dossier_id = :d AND sequence < 0',
      /^event 100: /,
    ],
    [
      'a row is missing',
      'DELETE FROM ledger_leaf WHERE dossier_id = :d AND sequence = 100',
      /event|the end|answers|terminated/,
    ],
    ['a row is added', SHIFT.split('; ').slice(2).join('; '), /event|the end|answers|terminated/],
  ],
  ledger_tile: [
    [
      'a bit of a hash',
      tile(`hashes = ${flip('hashes')}`),
      /^tile 1\/0: its hashes are not those of the events/,
    ],
    [
      'a row is missing',
      'DELETE FROM ledger_tile WHERE dossier_id = :d AND level = 1',
      /the end|answers|terminated|tile 1/,
    ],
    ['a row has moved', tile('index = 1'), /the end|answers|terminated|tile 1/],
    [
      'a hash more, in front',
      tile('hashes = substring(hashes FOR 32) || hashes, level = 1').replace(
        'substring(hashes FOR 32)',
        'sha256(hashes)',
      ),
      /^tile 1\/0/,
    ],
  ],
  ledger_checkpoint: [
    [
      'a bit of a root',
      checkpoint(
        `note = overlay(note PLACING (CASE substr(note, strpos(note, E'\\n\\n') - 9, 1) WHEN 'A' THEN 'B' ELSE 'A' END) FROM strpos(note, E'\\n\\n') - 9 FOR 1)`,
      ),
      /checkpoint|answers|the end/,
    ],
    [
      'a bit of a signature',
      checkpoint(
        `note = overlay(note PLACING (CASE substr(note, length(note) - 20, 1) WHEN 'A' THEN 'B' ELSE 'A' END) FROM length(note) - 20 FOR 1)`,
      ),
      /^checkpoint \d+: is not what/,
    ],
    [
      'a bit of the key of the first',
      checkpoint(`public_key = ${flip('public_key')}`, FIRST),
      /^checkpoint \d+: is not signed by the key in force/,
    ],
    ['another size', checkpoint(`size = size - 1`), /answers|checkpoint|the end/],
    [
      'two notes changed places',
      swapped('ledger_checkpoint', 'note', 'size', FIRST, LAST),
      /answers|checkpoint|the end/,
    ],
  ],
  claim: [
    [
      'a letter of a name',
      `UPDATE claim SET name = 'party/morth' WHERE dossier_id = :d AND name = 'party/north'`,
      /^claim "party\/morth": was not made/,
    ],
    [
      'another stream',
      `UPDATE claim SET stream_id = (SELECT stream_id FROM claim WHERE dossier_id = :d AND name = 'party/south') WHERE dossier_id = :d AND name = 'party/north'`,
      /^claim "party\/north": was not made/,
    ],
    [
      'two streams changed places',
      swapped('claim', 'stream_id', 'name', `'party/north'`, `'party/south'`),
      /^claim "party\/north": was not made/,
    ],
    [
      'a row is missing',
      `DELETE FROM claim WHERE dossier_id = :d AND name = 'party/north'`,
      /^the claim of \S+: is missing/,
    ],
    [
      'a row is added',
      `INSERT INTO claim SELECT dossier_id, 'party/west', stream_id FROM claim WHERE dossier_id = :d AND name = 'party/north'`,
      /^claim "party\/west": was not made/,
    ],
  ],
  idempotency: [
    [
      'another event',
      `UPDATE idempotency SET sequence = 3 WHERE dossier_id = :d AND key = 'kept'`,
      /^the answer to key "kept"/,
    ],
    [
      'another instant',
      `UPDATE idempotency SET recorded_at = recorded_at + interval '1 ms' WHERE dossier_id = :d AND key = 'kept'`,
      /^the answer to key "kept": was not given when/,
    ],
    [
      'an answer about another thing',
      `UPDATE idempotency SET answer = (SELECT answer FROM idempotency WHERE dossier_id = :d AND key <> 'kept' LIMIT 1) WHERE dossier_id = :d AND key = 'kept'`,
      /^the answer to key "kept": is about/,
    ],
    [
      'a fingerprint cut short',
      `UPDATE idempotency SET fingerprint = substring(fingerprint FOR 31) WHERE dossier_id = :d AND key = 'kept'`,
      /^the answer to key "kept": its fingerprint/,
    ],
    [
      'two answers changed places',
      `CREATE TEMP TABLE one ON COMMIT DROP AS SELECT key, answer, row_number() OVER (ORDER BY key) AS place FROM idempotency WHERE dossier_id = :d ORDER BY key LIMIT 2; UPDATE idempotency i SET answer = o.answer FROM one o, one s WHERE i.dossier_id = :d AND i.key = s.key AND o.place <> s.place`,
      /^the answer to key ".+": is about/,
    ],
  ],
  dossier_name: [
    [
      'another name',
      `UPDATE dossier_name SET name = 'slug/rivet' WHERE dossier_id = :d AND name = 'slug/river'; INSERT INTO dossier_name VALUES ('slug/river', :d)`,
      /^the dossier: its names/,
    ],
    ['a name more', `INSERT INTO dossier_name VALUES ('slug/brook', :d)`, /^the dossier: its names/],
  ],
  dossier_head: [
    ['one event less', 'UPDATE dossier_head SET sequence = sequence - 1 WHERE dossier_id = :d', /answers/],
    [
      'another instant',
      `UPDATE dossier_head SET recorded_at = recorded_at + interval '1 ms' WHERE dossier_id = :d`,
      /^the dossier: its head/,
    ],
  ],
  position_entry: [
    [
      'another stance',
      entry(`stance = CASE stance WHEN 'open' THEN 'skeptical' ELSE 'open' END`),
      /^the positions of/,
    ],
    ['another instant', entry(`said = said - interval '1 ms'`), /^the positions of/],
    [
      'another topic',
      entry(
        `topic_id = (SELECT topic_id FROM position_pair p WHERE p.dossier_id = :d AND p.topic_id <> position_entry.topic_id LIMIT 1)`,
      ),
      /^the positions of/,
    ],
    ['conditions', entry(`conditions = '["if it snows"]'`), /^the positions of/],
    ['known no longer', entry('known_to = :n'), /^the positions of/],
    [
      'a row is missing',
      `DELETE FROM position_entry WHERE dossier_id = :d AND known_to IS NULL AND record_id = ${ENTRY}`,
      /^the positions of/,
    ],
    [
      'a row more',
      `INSERT INTO position_entry SELECT dossier_id, build, gen_random_uuid(), known_from, known_to, party_id, topic_id, said, origin, act, speaker_id, CASE stance WHEN 'open' THEN 'skeptical' ELSE 'open' END, conditions FROM position_entry WHERE dossier_id = :d AND known_to IS NULL AND record_id = ${ENTRY}`,
      /^the positions of/,
    ],
    [
      'two stances changed places',
      `UPDATE position_entry SET stance = CASE stance WHEN 'open' THEN 'opposed' WHEN 'opposed' THEN 'open' ELSE stance END WHERE dossier_id = :d`,
      /^the positions of/,
    ],
  ],
  position_pair: [
    [
      'the last row is missing',
      'DELETE FROM position_pair WHERE dossier_id = :d AND (party_id, topic_id) = (SELECT party_id, topic_id FROM position_pair WHERE dossier_id = :d ORDER BY 1 DESC, 2 DESC LIMIT 1)',
      /^the positions of/,
    ],
    ['all rows are missing', 'DELETE FROM position_pair WHERE dossier_id = :d', /^the positions of/],
  ],
};

it('keeps what was signed, though its last checkpoint is taken from the database', async () => {
  const { text } = await running.service.get<string>('/dossiers/river/ledger/checkpoint');
  await superuser.query('DELETE FROM ledger_checkpoint WHERE dossier_id = $1 AND size = $2', [dossier, size]);
  expect(await wrong()).toBeNull();
  expect((await running.service.get<string>('/dossiers/river/ledger/checkpoint')).text).toBe(text);
});

it('names a key that the log was not signed with', async () => {
  const other = newKey(`standpoint/dossier/${dossier}`).text;
  expect(await wrong({ key: other })).toMatch('has signed no checkpoint of this log');
});

describe.each(Object.entries(TAMPERINGS))(`tampering with %s (seed ${seed})`, (table, tamperings) => {
  it.each(tamperings)('is told of: %s', async (_what, sql, named) => {
    expect(await wrongAfter(table, sql)).toMatch(named);
  });
});
