import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { standpoint, type Outcome } from '../backup/standpoint.js';
import { saying } from '../support/http-cast.js';
import { startService, Service, type FreshService } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { dice } from './made-export.js';
import { faultsOf } from './naive.js';
import { recordRiver } from './served-dossier.js';

const seed = Number(process.env['STANDPOINT_SEED'] ?? Date.now() % 1_000_000);
const token = 'token-of-the-administrator';

let folder: string;
let here: FreshService;
let key: string;
let exported: string;
const there: TestDatabase[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standpoint-moving-'));
  here = await startService({ token, environment: { STANDPOINT_DATA: join(folder, 'here') } });
  await recordRiver(here.service, 'river', dice(seed));
  exported = join(folder, 'river.export');
  await command('export', ['river', exported, '--url', here.service.url]);
  key = (await here.service.get('/dossiers/river/ledger/key')).text.trim();
}, 120_000);

afterAll(async () => {
  await here.end();
  await Promise.all(there.map((database) => database.drop()));
  await rm(folder, { recursive: true });
});

const command = (name: string, words: string[], environment: Record<string, string> = {}): Promise<Outcome> =>
  standpoint([name, ...words], { STANDPOINT_DATA: folder, STANDPOINT_ADMIN_TOKEN: token, ...environment });

const verify = (...words: string[]): Promise<Outcome> =>
  command('verify', words, { STANDPOINT_TOKEN: token });

async function elsewhere(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  there.push(database);
  return database;
}

const into = (database: TestDatabase, file: string, ...words: string[]): Promise<Outcome> =>
  command('import', [file, ...(words.length > 0 ? words : ['--key', key])], {
    DATABASE_URL: database.serviceUrl,
    DATABASE_MIGRATION_URL: database.ownerUrl,
  });

const serve = (database: TestDatabase): Promise<Service> =>
  Service.start({ database, token, environment: { STANDPOINT_DATA: join(folder, 'there') } });

/** How many rows there are in all tables of dossiers. */
async function rowsIn(database: TestDatabase): Promise<number> {
  const client = new Client({ connectionString: database.superuserUrl });
  await client.connect();
  const tables = 'event ledger_leaf ledger_tile ledger_checkpoint claim idempotency dossier_name'.split(' ');
  const { rows } = await client.query<{ rows: string }>(
    `SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ')} + (SELECT count(*) FROM dossier_head WHERE sequence > 0) AS rows`,
  );
  await client.end();
  return Number(rows[0]?.rows);
}

describe(`an exported dossier (seed ${seed})`, () => {
  it('is right, and so is the one that is served', async () => {
    for (const target of [exported, `${here.service.url}/api/v1/dossiers/river`]) {
      const { code, output, complaint } = await verify(target, '--key', key);
      expect([code, complaint]).toEqual([0, '']);
      expect(output).toMatch(
        /^\d{3} events of \S+ are what was signed \(\d+ checkpoints\)\n6 histories follow from them\n\d payloads are redacted\n$/,
      );
    }
  });

  it('is right, too, by a verifier that was written from the specifications alone', async () => {
    const text = await readFile(exported, 'utf8');
    expect(faultsOf(text, key)).toEqual([]);
    expect(faultsOf(text.replace('"recordedBy":"a', '"recordedBy":"b'), key)).toEqual(
      expect.arrayContaining(['tiles', 'end', expect.stringMatching(/^root /)]),
    );
  });

  it('is the same in another installation, byte for byte, seen by administrators alone at first, and lives on there', async () => {
    const database = await elsewhere();
    expect(await into(database, exported)).toMatchObject({ code: 0, complaint: '' });
    const service = await serve(database);
    try {
      expect((await service.get('/dossiers/river', { authorization: undefined })).status).not.toBe(200);
      const { text } = await service.get<string>('/dossiers/river/export');
      expect(text === (await readFile(exported, 'utf8'))).toBe(true);
      for (const path of [
        'positions?at=2026-01-01T00:00:00Z',
        'parties',
        'statements?limit=400&include=voided',
        'positions/north/bridge/history',
        'statements/kept',
      ])
        expect((await service.get(`/dossiers/river/${path}`)).text).toBe(
          (await here.service.get(`/dossiers/river/${path}`)).text,
        );
      const again = {
        headers: { 'idempotency-key': 'kept' },
        body: saying({ slug: 'kept', summary: 'Kept.' }),
      };
      const answers = await Promise.all(
        [here.service, service].map((each) => each.request('POST', '/dossiers/river/statements', again)),
      );
      expect(answers[1]).toMatchObject({ status: 201, text: answers[0]?.text });
      expect(await service.post('/dossiers/river/statements', saying({ slug: 'kept' }))).toMatchObject({
        status: 409,
      });
      await service.write('/dossiers/river/ledger/continuations', { reason: 'It was moved here.' });
      await service.write('/dossiers/river/statements', saying());
      const address = `${service.url}/api/v1/dossiers/river`;
      const ours = (await service.get('/dossiers/river/ledger/key')).text.trim();
      expect(await verify(address, '--key', ours)).toMatchObject({ code: 0, complaint: '' });
      expect((await verify(address, '--key', key)).complaint).toContain(
        'is not signed by the key that was replaced',
      );
    } finally {
      await service.stop();
    }
  });

  it('is not taken in twice, nor beside another that bears its name, nor by another key, nor with a bit flipped: nothing is left of it', async () => {
    const database = await elsewhere();
    const flipped = join(folder, 'flipped.export');
    const bytes = await readFile(exported);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(flipped, bytes);
    await writeFile(join(folder, 'short.export'), bytes.subarray(0, bytes.length >> 2));
    const other = key.replace(/dossier\/.*/, 'dossier/other+00000000+AAAA');
    for (const [file, ...words] of [
      [flipped],
      [join(folder, 'short.export')],
      [exported, '--key', other],
    ] as const) {
      const { code, complaint } = await into(database, file, ...words);
      expect([code, complaint]).toEqual([
        1,
        expect.stringMatching(/^standpoint: Refused, nothing was imported\. [^\n]+\n$/),
      ]);
    }
    expect(await rowsIn(database)).toBe(0);
    expect(await into(database, exported)).toMatchObject({ code: 0 });
    const before = await rowsIn(database);
    expect((await into(database, exported)).complaint).toMatch(
      /^standpoint: There is a dossier \S+ already\n$/,
    );
    const named = await elsewhere();
    const service = await serve(named);
    await service.write('/dossiers', { slug: 'river', title: 'Another river' });
    await service.stop();
    expect((await into(named, exported)).complaint).toBe(
      'standpoint: Another dossier bears the name slug/river\n',
    );
    expect(await rowsIn(database)).toBe(before);
  });

  it('is told from one that was put back, or has another future, by a checkpoint that was saved', async () => {
    const later = async (service: Service): Promise<string> => {
      await service.write('/dossiers/river/statements', saying({ summary: `Later, at ${service.url}.` }));
      return (await service.get<string>('/dossiers/river/ledger/checkpoint')).text;
    };
    const saved = join(folder, 'saved-checkpoint');
    await writeFile(saved, await later(here.service));
    const address = `${here.service.url}/api/v1/dossiers/river`;
    expect(await verify(address, '--key', key, '--since', saved)).toMatchObject({ code: 0, complaint: '' });
    const old = await verify(exported, '--key', key, '--since', saved);
    expect([old.code, old.complaint]).toEqual([
      1,
      expect.stringMatching(/covers (\d+) events, of which only \d+ are left/),
    ]);
    const database = await elsewhere();
    await into(database, exported);
    // With the same key, and without what it signed last.
    await cp(join(folder, 'here', 'ledger', 'key-1.json'), join(folder, 'fork', 'ledger', 'key-1.json'));
    const service = await Service.start({
      database,
      token,
      environment: { STANDPOINT_DATA: join(folder, 'fork') },
    });
    await later(service);
    const forked = await verify(`${service.url}/api/v1/dossiers/river`, '--key', key, '--since', saved);
    expect([forked.code, forked.complaint]).toEqual([
      1,
      expect.stringContaining('is one of another log: this one was forked from it'),
    ]);
    await service.stop();
  });
});
