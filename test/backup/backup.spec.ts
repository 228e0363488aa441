import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS_LOG } from '../../src/dossiers/access-log-id.js';
import type { EventView } from '../../src/http/event-view.js';
import { recordTalks } from '../support/http-talks.js';
import { query, value } from '../support/queries.js';
import type { Service } from '../support/service.js';
import { eventually, processesNamed } from '../support/test-folder.js';
import { Churn, Recorders } from './recorders.js';
import {
  copying,
  giveToken,
  manifestOf,
  Place,
  rewriteManifest,
  standpoint,
  superuserUrl,
  unfinished,
  type ManifestRead,
} from './standpoint.js';

const token = 'a-token-that-is-in-the-data-folder';
const dossier = 'talks';

let place: Place;
let service: Service;

/** A backup that was taken while the recorders were at work. */
let recorders: Recorders;
let acknowledgedBefore: readonly string[];
let manifest: ManifestRead;
/** Where PostgreSQL keeps the events, below its data directory. */
let eventFile: unknown;

beforeAll(async () => {
  place = await Place.make();
  await giveToken(place.at('source'), token);
  service = await place.serve('source', token);
  await recordTalks(service, dossier);
  recorders = new Recorders(service, dossier, 8);
  await eventually(async () => recorders.acknowledged.length > 200, 30_000);
  acknowledgedBefore = recorders.acknowledged.map(({ id }) => id);
  eventFile = await value(await superuserUrl(place.at('source')), `SELECT pg_relation_filepath('event')`);
  const churn = new Churn(await superuserUrl(place.at('source')));
  const { code, complaint } = await place.backup('source', 'backup').outcome;
  await Promise.all([recorders.stop(), churn.stop()]);
  if (code !== 0) throw new Error(complaint);
  manifest = await manifestOf(place.at('backup'));
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await place?.remove();
});

/** What keeps the write-ahead log. */
async function slots(): Promise<unknown[]> {
  const sql = 'SELECT temporary, wal_status FROM pg_replication_slots';
  return query(await superuserUrl(place.at('source')), sql);
}

describe('a backup taken while statements are recorded', () => {
  it('keeps nobody waiting', () => {
    const longest = Math.max(...recorders.recorded, ...recorders.read);
    expect(recorders.acknowledged.length).toBeGreaterThan(acknowledgedBefore.length);
    expect(recorders.read.length).toBeGreaterThan(5);
    expect(longest).toBeLessThan(15_000); // milliseconds: the machine may be busy, but nobody waits for the backup's end
  });

  it('leaves neither a slot nor a draft', async () => {
    expect(await slots()).toEqual([]);
    expect(await unfinished(place.at('backup'))).toEqual([]);
  });

  it('shows nobody else its files', async () => {
    const entries = await readdir(place.at('backup'), { recursive: true });
    const modes = await Promise.all(
      entries.map(async (entry) => (await stat(place.at('backup', entry))).mode),
    );
    expect(modes.filter((mode) => (mode & 0o077) !== 0)).toEqual([]);
  });

  // Break: `complete` in restoreBackup; then the restored keys sign.
  it('is restored whole: nothing acknowledged before is missing, and views equal those of the source', async () => {
    const restored = await standpoint(['restore', place.at('backup'), '--into', place.at('restored')]);
    expect(restored).toMatchObject({ code: 0, complaint: '' });
    expect(await readFile(place.at('restored', 'postgres.log'), 'utf8')).toContain(
      'completed backup recovery',
    );

    const copy = await place.serve('restored', token);
    try {
      const events = await copy.all<EventView>(`/dossiers/${dossier}/events`);
      const head = events.length;
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
      expect(events).toEqual((await service.all<EventView>(`/dossiers/${dossier}/events`)).slice(0, head));
      const streams = new Set(events.map(({ stream }) => JSON.stringify(stream)));
      const missing = acknowledgedBefore.filter((id) => ![...streams].some((stream) => stream.includes(id)));
      expect(missing).toEqual([]);
      expect(head).toBeGreaterThanOrEqual(
        manifest.dossiers.find(({ id }) => id !== ACCESS_LOG)?.sequence ?? NaN,
      );
      expect(restored.output).toContain(`events 1 to ${head}  ${dossier}`);

      const positions = `/dossiers/${dossier}/positions?known=${head}&at=2026-01-01`;
      const served = await copy.read<{ positions: unknown[] }>(positions);
      expect(served).toEqual(await service.read(positions));
      expect(served.positions.length).toBeGreaterThan(10);

      expect(restored.output).toContain('standpoint rotate-key');
      const checkpoint = () => copy.get<{ code: string }>(`/dossiers/${dossier}/ledger/checkpoint`);
      await copy.write(`/dossiers/${dossier}/topics`, { slug: 'since', name: 'Since the restore' });
      const refused = await checkpoint();
      expect([refused.status, refused.body.code]).toEqual([503, 'checkpoint-refused']);
      await copy.write('/admin/ledger/keys', { reason: 'Restored from a backup.' });
      expect((await checkpoint()).status).toBe(200);
    } finally {
      await copy.stop();
    }
  });
});

describe('a damaged backup', () => {
  const target = (): string => place.at('never');
  const verify = () => standpoint(['restore', place.at('backup'), '--into', target()]);

  async function whileDamaged(path: string, damage: (file: string) => Promise<unknown>): Promise<string> {
    const file = place.at('backup', path);
    await copyFile(file, place.at('intact'));
    await damage(file);
    const { code, complaint } = await verify();
    await copyFile(place.at('intact'), file);
    expect(code).toBe(1);
    await expect(stat(target())).rejects.toThrow('ENOENT');
    return complaint;
  }

  async function flip(file: string): Promise<void> {
    const bytes = await readFile(file);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await writeFile(file, bytes);
  }

  it('is refused with the name of the file in which one bit is wrong', async () => {
    const files = manifest.files.filter(({ size }) => size > 0);
    const largest = files.toSorted((one, other) => other.size - one.size)[0]?.path ?? '';
    for (const path of [largest, 'admin-token'])
      expect(await whileDamaged(join('installation', path), flip)).toBe(
        `standpoint: ${place.at('backup', 'installation', path)} is damaged: restore another backup\n`,
      );
  });

  it('is refused when the manifest is wrong', async () => {
    expect(await whileDamaged('manifest.json', flip)).toContain('manifest.json is damaged');
  });

  it('is refused when a file is missing', async () => {
    const path = join('installation', 'postgres', 'data', 'PG_VERSION');
    expect(await whileDamaged(path, (file) => rm(file))).toContain('PG_VERSION is missing from the backup');
  });
});

describe('a restore', () => {
  it('is refused into a folder in use, which stays as it is', async () => {
    const { code, complaint } = await standpoint([
      'restore',
      place.at('backup'),
      '--into',
      place.at('source'),
    ]);
    expect({ code, complaint }).toEqual({
      code: 1,
      complaint: `standpoint: ${place.at('source')} is not empty: restore into a new or an empty folder\n`,
    });
    expect((await service.get('/health/ready')).status).toBe(200);
  });

  it('is refused from a folder that is no backup', async () => {
    const { code, complaint } = await standpoint([
      'restore',
      place.at('source'),
      '--into',
      place.at('never'),
    ]);
    expect(code).toBe(1);
    expect(complaint).toContain('is not a backup');
  });
});

describe('a backup that is killed', () => {
  it('leaves nothing by its name and nothing that can be restored; the next one works', async () => {
    const killed = place.backup('source', 'second');
    await copying(place.at('second'));
    expect(await slots()).toEqual([{ temporary: true, wal_status: 'reserved' }]);
    await killed.kill();
    await eventually(async () => (await slots()).length === 0);
    await expect(stat(place.at('second'))).rejects.toThrow('ENOENT');
    const [draft = 'none'] = await unfinished(place.at('second'));
    const { code, complaint } = await standpoint(['verify-backup', place.at(draft)]);
    expect({ code, complaint }).toEqual({
      code: 1,
      complaint: `standpoint: ${place.at(draft)} is not a backup, or not a whole one: it has no manifest\n`,
    });

    expect(await place.backup('source', 'second').outcome).toMatchObject({ code: 0, complaint: '' });
    expect(await unfinished(place.at('second'))).toEqual([]);
    await rm(place.at('second'), { recursive: true });
  });

  it('leaves nothing at all when it is asked to end', async () => {
    const ended = place.backup('source', 'third');
    await copying(place.at('third'));
    const { code, complaint } = await ended.kill('SIGTERM');
    expect({ code, complaint }).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('Ended before'),
    });
    expect((await readdir(place.path)).filter((name) => name.startsWith('third'))).toEqual([]);
  });
});

describe('a backup is refused', () => {
  it('where something is already', async () => {
    const { code, complaint } = await place.backup('source', 'backup').outcome;
    expect({ code, complaint }).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('is there already'),
    });
  });

  it('inside the data folder', async () => {
    const { code, complaint } = await place.backup('source', 'source/backup').outcome;
    expect({ code, complaint }).toMatchObject({ code: 1, complaint: expect.stringContaining('inside') });
  });

  it('of a folder without an installation', async () => {
    await mkdir(place.at('empty'));
    const { code, complaint } = await place.backup('empty', 'never').outcome;
    expect({ code, complaint }).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('STANDPOINT_DATA'),
    });
    expect(await readdir(place.at('empty'))).toEqual([]);
  });

  it('of a database that is not ours, which other programs back up', async () => {
    const { code, complaint } = await standpoint(['backup', place.at('never')], {
      DATABASE_URL: 'postgres://db.example/standpoint',
    });
    expect(code).toBe(1);
    expect(complaint).toMatch(/^standpoint: DATABASE_URL .* pg_basebackup or pg_dump .*\n$/);
  });

  it('where PostgreSQL was killed, or runs where we cannot see it', async () => {
    const cluster = place.at('elsewhere', 'postgres');
    await cp(place.at('backup', 'installation', 'postgres'), cluster, { recursive: true });
    await writeFile(join(cluster, 'data', 'postmaster.pid'), `1\n\n\n5432\n\n\n\nready   \n`);
    const { code, complaint } = await place.backup('elsewhere', 'never').outcome;
    expect({ code, complaint }).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('start the service'),
    });
  });
});

describe('a service that stops or starts during a backup', () => {
  it('stops as ever, and nothing is left of the backup', async () => {
    const backup = place.backup('source', 'fourth');
    await copying(place.at('fourth'));
    expect(await service.stop()).toBe(0);
    const { code, complaint } = await backup.outcome;
    expect({ code, complaint }).toEqual({
      code: 1,
      complaint: 'standpoint: PostgreSQL was stopped during the backup: run it again\n',
    });
    expect((await readdir(place.path)).filter((name) => name.startsWith('fourth'))).toEqual([]);
  });

  it('takes over the server that the backup started', async () => {
    const backup = place.backup('source', 'fifth');
    await copying(place.at('fifth'));
    service = await place.serve('source', token);
    expect(await backup.outcome).toMatchObject({ code: 0, complaint: '' });
    expect((await service.get('/health/ready')).status).toBe(200);
    await rm(place.at('fifth'), { recursive: true });
  });
});

describe('a backup without a service', () => {
  it('stops the server that it started, and can be verified', async () => {
    await service.stop();
    expect(await place.backup('source', 'sixth', '--verify').outcome).toMatchObject({
      code: 0,
      complaint: '',
      output: expect.stringContaining('Verified'),
    });
    const { dev, ino } = await stat(place.at('source', 'postgres', 'data'));
    await eventually(async () => (await processesNamed(`standpoint-${dev}-${ino}`)).length === 0);
  });

  it('is refused when its log ends before what it promises', async () => {
    const { dossiers } = await manifestOf(place.at('sixth'));
    const { id, sequence } = dossiers.find((each) => each.id !== ACCESS_LOG) ?? { id: '', sequence: NaN };
    await rewriteManifest(place.at('sixth'), { dossiers: [{ id, sequence: sequence + 1 }] });
    const { code, complaint } = await standpoint(['verify-backup', place.at('sixth')]);
    expect({ code, complaint }).toEqual({
      code: 1,
      complaint: `standpoint: Dossier ${id} must go to event ${sequence + 1}, and ends at ${sequence}: restore another backup\n`,
    });
    await rewriteManifest(place.at('sixth'), { dossiers });
  });

  it('is refused when events are lost, though every checksum is right', async () => {
    const path = `postgres/data/${eventFile}`;
    const file = place.at('sixth', 'installation', path);
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0, 0, 8192));
    const { files } = await manifestOf(place.at('sixth'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await rewriteManifest(place.at('sixth'), {
      files: files.map((each) => (each.path === path ? { ...each, sha256 } : each)),
    });
    const { code, complaint } = await standpoint(['verify-backup', place.at('sixth')]);
    expect({ code, complaint }).toMatchObject({
      code: 1,
      complaint: expect.stringMatching(/restored database is damaged|is not whole/),
    });
  });
});
