import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { Processes } from '../concurrency/processes.js';
import { Chance } from '../support/crash-chance.js';
import type { CrashClient } from '../support/crash-client.js';
import { connect } from '../support/queries.js';
import { dataFolderOf } from '../support/test-database.js';
import {
  hashLeaf,
  merkleTreeHash,
  provesConsistency,
  readBundle,
  readCheckpoint,
  readNote,
  readVerifierKey,
  signersOf,
  tilePath,
  tilesOf,
} from './verifier.js';

const chance = Chance.ofThisRun('killed-signers');

const KILLS = 5;
const LOG = '/api/v1/dossiers/talks';

let processes: Processes;
let superuser: Client;
let stopping = false;
const busy: Promise<void>[] = [];
/** Checkpoints that anybody has been answered. */
const answered = new Set<string>();
const faults: string[] = [];

beforeAll(async () => {
  processes = await Processes.begin(2);
  superuser = await connect(processes.database.superuserUrl);
  await processes.only(0).write('/api/v1/dossiers', { slug: 'talks', title: 'Talks' });
}, 120_000);

afterAll(async () => {
  stopping = true;
  await Promise.all(busy);
  await superuser?.end();
  await processes?.end();
});

/** Records, whichever process is there, until the test ends. */
async function write(client: CrashClient, writer: number): Promise<void> {
  for (let number = 0; !stopping; number++) {
    const headers = { 'idempotency-key': `${writer}-${number}` };
    const body = { name: `Topic ${writer}-${number}` };
    for (let status = 0; status !== 201 && !stopping;) {
      status = (await client.send('POST', `${LOG}/topics`, { body, headers }))?.status ?? 0;
      if (status >= 400 && status !== 503) faults.push(`A write was answered with ${status}.`);
    }
    await delay(chance.between(1, 20)); // so that signing keeps up
  }
}

/** Asks one process for checkpoints, until the test ends: each is signed at once, as the log has grown meanwhile. */
async function ask(client: CrashClient): Promise<void> {
  while (!stopping) {
    const answer = await client.send('GET', `${LOG}/ledger/checkpoint`);
    if (answer?.status === 200) await keep(answer.text);
    else if (answer !== null && answer.status !== 503) faults.push(answer.text);
    if (answer === null) await delay(20);
  }
}

/** What it covers must have been committed when it was answered. */
async function keep(note: string): Promise<void> {
  answered.add(note);
  const { size } = readCheckpoint(readNote(note).text);
  const { rows } = await superuser.query(
    'SELECT max(sequence)::int AS head FROM event JOIN dossier_name USING (dossier_id) WHERE name = $1',
    ['slug/talks'],
  );
  if (rows[0].head < size) faults.push(`Size ${size} was signed while the log had ${rows[0].head} events.`);
}

async function bytes(path: string): Promise<Buffer> {
  const { url, token } = processes.service(0);
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

/** Notes of the database, and of the data folder. */
async function kept(): Promise<string[]> {
  const { rows } = await superuser.query<{ dossier: string; note: string }>(
    'SELECT c.dossier_id AS dossier, c.note FROM ledger_checkpoint c JOIN dossier_name USING (dossier_id) WHERE name = $1 ORDER BY size',
    ['slug/talks'],
  );
  const folder = join(
    dataFolderOf(processes.database.serviceUrl),
    'ledger',
    'signed',
    rows[0]?.dossier ?? '',
  );
  const files = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
  );
  return [
    ...rows.map(({ note }) => note),
    ...files.map((text) => (JSON.parse(text) as { note: string }).note),
  ]; // holds: signed-heads.ts
}

it(`two processes sign one log, though one is killed in the middle again and again (seed ${chance.seed})`, async () => {
  busy.push(...[1, 2, 3].map((writer) => write(processes.everyone(), writer)));
  busy.push(...[0, 1].map((number) => ask(processes.only(number))));
  for (let kill = 0; kill < KILLS; kill++) {
    const before = answered.size;
    while (answered.size < before + 4) await delay(10);
    await delay(chance.between(0, 40));
    await processes.kill(1);
    const { sequence } = await processes
      .only(0)
      .write<{ sequence: number }>(`${LOG}/topics`, { name: `After kill ${kill}` });
    const after = await processes.only(0).send('GET', `${LOG}/ledger/checkpoint`);
    expect(readCheckpoint(readNote(after?.text ?? '').text).size).toBeGreaterThanOrEqual(sequence);
    await processes.restart(1);
  }
  stopping = true;
  await Promise.all(busy);
  expect(faults).toEqual([]);

  const key = readVerifierKey((await bytes(`${LOG}/ledger/key`)).toString().trim());
  const last = readCheckpoint(readNote((await bytes(`${LOG}/ledger/checkpoint`)).toString()).text);
  const bundles = tilesOf(last.size).filter(({ level }) => level === 0);
  const entries: Buffer[] = [];
  for (const tile of bundles)
    entries.push(...readBundle(await bytes(`${LOG}/ledger/${tilePath({ ...tile, level: 'entries' })}`)));
  const leaves = entries.map((entry) => hashLeaf(entry));
  const notes = [...answered, ...(await kept())].map((note) => readNote(note));
  const heads = notes.map(({ text }) => readCheckpoint(text)).toSorted((a, b) => a.size - b.size);
  for (const note of notes) expect(signersOf(note, [key])).toEqual([key]);
  for (const { size, root, origin } of heads) {
    expect(origin).toBe(last.origin);
    expect(root).toEqual(merkleTreeHash(leaves.slice(0, size)));
  }
  expect(heads.length).toBeGreaterThan(KILLS * 4);
  expect(heads.at(-1)?.size).toBe(last.size);
  const [first] = heads;
  const path = await bytes(`${LOG}/ledger/consistency?from=${first?.size}&to=${last.size}`);
  const { hashes } = JSON.parse(path.toString()) as { hashes: string[] }; // holds: the contract
  expect(
    first &&
      provesConsistency(
        first,
        last,
        hashes.map((hash) => Buffer.from(hash, 'base64')),
      ),
  ).toBe(true);
}, 180_000);
