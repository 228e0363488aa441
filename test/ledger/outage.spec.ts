import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError, Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Appender } from '../../src/ledger/appender.js';
import { Overloaded, UnknownDossier, type Append, type AppendOutcome } from '../../src/ledger/event.js';
import { isOutage } from '../../src/ledger/outage.js';
import { Proxy } from './proxy.js';
import { anAppend, TestLedger, times } from './test-ledger.js';

let ledger: TestLedger;
let dossier: string;

beforeAll(async () => {
  ledger = await TestLedger.open();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
});

const keyed = (stream = uuidv7(), version = 1): Append =>
  anAppend(stream, version, {
    idempotency: { key: uuidv7(), fingerprint: Buffer.from('f'), answer: '{}' },
  });

async function ids(): Promise<string[]> {
  return (await ledger.log.read(dossier, 0, 100_000)).map(({ id }) => id);
}

/** Tries until the database has answered; how often it was away is counted. */
async function insist(
  appender: Appender,
  append: Append,
  outages: { count: number },
): Promise<AppendOutcome> {
  for (;;) {
    try {
      return await appender.append(dossier, append);
    } catch (error) {
      if (!isOutage(error)) throw error;
      outages.count++;
    }
  }
}

describe('connections that are killed in mid-append', () => {
  // Break: committedAt in Appender.sendAgain, or the idempotency keys; conflicts with oneself then show.
  it('lose nothing that was acknowledged, double nothing, and leak no place in the pool', async () => {
    const appender = ledger.appender();
    const superuser = new Client({ connectionString: ledger.database.superuserUrl });
    await superuser.connect();
    const outages = { count: 0 };
    const written: { append: Append; outcome: AppendOutcome }[] = [];
    let killing = true;
    const callers = times(32, async () => {
      const stream = uuidv7();
      for (let version = 1; killing; version++) {
        const append = keyed(stream, version);
        written.push({ append, outcome: await insist(appender, append, outages) });
      }
    });
    let killed = 0;
    for (const end = performance.now() + 20_000; killed < 40 && performance.now() < end;) {
      const { rowCount } = await superuser.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'standpoint' AND state = 'active' LIMIT 1`,
      );
      killed += rowCount ?? 0;
      await delay(rowCount ? Math.random() * 40 : 1);
    }
    killing = false;
    await Promise.all(callers);
    await superuser.end();

    expect(killed).toBe(40);
    expect(new Set(written.map(({ outcome }) => outcome.status))).not.toContain('version-conflict');
    const log = await ids();
    expect([...log].sort()).toEqual(written.map(({ append }) => append.events[0].id).sort());
    for (const { append, outcome } of written)
      expect('first' in outcome && log[outcome.first - 1]).toBe(append.events[0].id);
    expect({
      busy: ledger.pool.totalCount - ledger.pool.idleCount,
      waiting: ledger.pool.waitingCount,
    }).toEqual({
      busy: 0,
      waiting: 0,
    });
  });
});

describe('an append whose connection breaks', () => {
  let proxy: Proxy;
  let pool: Pool;

  beforeEach(async () => {
    proxy = await Proxy.open(ledger.database.serviceUrl, 'append_events');
    pool = new Pool({ connectionString: proxy.url, max: 3 });
    pool.on('error', () => undefined);
  });

  afterEach(async () => {
    await pool.end();
    await proxy.close();
  });

  // Break: committedAt in Appender.sendAgain; the append then runs into itself and is told of a conflict.
  it('after it was committed is found in the log, and not written again', async () => {
    const appends = [anAppend(), anAppend(), anAppend()] as const;
    proxy.meet('answer-lost');
    const appender = ledger.appender({ pool });
    const outcomes = await Promise.all(appends.map((append) => appender.append(dossier, append)));
    expect(outcomes).toEqual(
      [1, 2, 3].map((first) => ({ status: 'appended', first, recordedAt: ledger.clock.now() })),
    );
    expect(await ids()).toEqual(appends.map(({ events: [{ id }] }) => id));
  });

  it('before it reached the server is sent again', async () => {
    proxy.meet('query-lost', 'query-lost');
    const append = anAppend();
    expect(await ledger.appender({ pool }).append(dossier, append)).toMatchObject({
      status: 'appended',
      first: 1,
    });
    expect(await ids()).toEqual([append.events[0].id]);
  });

  // Break: as above.
  it('and which reaches the server after it was missed is found nevertheless', async () => {
    proxy.meet('query-late');
    const append = anAppend();
    expect(await ledger.appender({ pool }).append(dossier, append)).toMatchObject({
      status: 'appended',
      first: 1,
    });
    expect(await ids()).toEqual([append.events[0].id]);
  });

  it('and which had a refusal coming is refused', async () => {
    const stream = uuidv7();
    await ledger.appender().append(dossier, anAppend(stream));
    proxy.meet('answer-lost');
    const outcome = await ledger.appender({ pool }).append(dossier, anAppend(stream));
    expect(outcome).toMatchObject({ status: 'version-conflict', expected: 0, actual: 1 });
  });

  it('again and again ends in an outage, after which a retry with the same key finds what was committed', async () => {
    const append = keyed();
    proxy.meet('query-lost', 'query-lost', 'query-lost', 'query-lost', 'query-lost');
    const appender = ledger.appender({ pool });
    const lost = await appender.append(dossier, append).catch((error: unknown) => error);
    expect(isOutage(lost)).toBe(true);
    expect(await ledger.count('event', dossier)).toBe(0);

    expect(await appender.append(dossier, append)).toMatchObject({ status: 'appended', first: 1 });
    proxy.meet('answer-lost');
    const again = { ...anAppend(), idempotency: append.idempotency ?? null };
    expect(await appender.append(dossier, again)).toMatchObject({ status: 'replayed', first: 1 });
    expect(pool.totalCount - pool.idleCount).toBe(0);
  });

  it('keeps those behind it waiting, in order', async () => {
    proxy.meet('query-lost');
    const appender = ledger.appender({ pool });
    const stream = uuidv7();
    const first = appender.append(dossier, anAppend(stream));
    await delay(5);
    const second = appender.append(dossier, anAppend(stream, 2));
    expect([await first, await second]).toMatchObject([{ first: 1 }, { first: 2 }]);
  });
});

describe('an outage', () => {
  it('is a database that is not there', async () => {
    const pool = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    let tries = 0;
    const counting = new globalThis.Proxy(pool, {
      get: (target, name) => {
        if (name === 'connect') tries++;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const appender = ledger.appender({ pool: counting });
    const appends = times(3, () => appender.append(dossier, anAppend()));
    const results = await Promise.allSettled(appends);
    expect(results.map((each) => each.status === 'rejected' && isOutage(each.reason))).toEqual([
      true,
      true,
      true,
    ]);
    expect(tries).toBe(5); // together
    await pool.end();
  });

  it('is a pool without a free connection', async () => {
    const pool = new Pool({
      connectionString: ledger.database.serviceUrl,
      max: 1,
      connectionTimeoutMillis: 1_000,
    });
    const client = await pool.connect();
    const error = await pool.query('SELECT 1').catch((reason: unknown) => reason);
    expect(isOutage(error)).toBe(true);
    client.release();
    await pool.end();
  });

  it.each(['SELECT pg_terminate_backend(pg_backend_pid())', `SET statement_timeout = 1; SELECT pg_sleep(1)`])(
    'is what comes of %s',
    async (sql) => {
      const client = new Client({ connectionString: ledger.database.serviceUrl });
      client.on('error', () => undefined);
      await client.connect();
      const error = await client.query(sql).catch((reason: unknown) => reason);
      expect(isOutage(error)).toBe(true);
      await client.end();
    },
  );

  it('is one also when TypeORM tells of it', async () => {
    const source = await ledger.dataSource();
    const wrong = source.query('SELECT nonsense');
    expect(isOutage(await wrong.catch((reason: unknown) => reason))).toBe(false);
    const killed = source.query('SELECT pg_terminate_backend(pg_backend_pid())');
    expect(isOutage(await killed.catch((reason: unknown) => reason))).toBe(true);
  });

  it.each([
    '08006',
    '08003',
    '53300',
    '53100',
    '57P01',
    '57P02',
    '57P03',
    '57014',
    '40001',
    '40P01',
    '25006',
    'XX000',
    '58030',
  ])('is SQLSTATE %s', (code) => {
    expect(isOutage(Object.assign(new DatabaseError('x', 1, 'error'), { code }))).toBe(true);
  });

  it.each(['23505', '42501', '42P01', '22P02', '22021', '28P01', '3D000', '22008'])(
    'is not SQLSTATE %s',
    (code) => {
      expect(isOutage(Object.assign(new DatabaseError('x', 1, 'error'), { code }))).toBe(false);
    },
  );

  // Node's names of what befalls a connection (errno(3), and getaddrinfo's EAI_AGAIN).
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ENOTFOUND',
    'ETIMEDOUT',
    'ECONNABORTED',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EAI_AGAIN',
  ])('is %s', (code) => {
    expect(isOutage(Object.assign(new Error('x'), { code }))).toBe(true);
  });

  it('is none of what befalls files, nor a code that is no text', () => {
    for (const code of ['ENOENT', 'EACCES', 8_006])
      expect(isOutage(Object.assign(new Error('x'), { code }))).toBe(false);
  });

  it('is what node-postgres tells, without a code, of a connection that is closed, broken or mute', async () => {
    const closed = new Client({ connectionString: ledger.database.serviceUrl });
    await closed.connect();
    const pending = closed.query('SELECT pg_sleep(1)').catch((reason: unknown) => reason);
    await closed.end();
    const mute = new Client({ connectionString: ledger.database.serviceUrl, query_timeout: 50 });
    mute.on('error', () => undefined);
    await mute.connect();
    const broken = new Client({ connectionString: ledger.database.serviceUrl });
    broken.on('error', () => undefined);
    await broken.connect();
    const broke = new Promise((resolve) => broken.on('end', () => resolve(true)));
    await broken.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
    await broke;
    const errors = await Promise.all([
      pending, // Connection terminated
      closed.query('SELECT 1').catch((reason: unknown) => reason), // Client was closed and is not queryable
      mute.query('SELECT pg_sleep(1)').catch((reason: unknown) => reason), // Query read timeout
      broken.query('SELECT 1').catch((reason: unknown) => reason), // Client has encountered a connection error
    ]);
    expect(errors.map(isOutage)).toEqual([true, true, true, true]);
    await mute.end();
  });

  it('is a process that can take no more, and no error of our own making', () => {
    expect(isOutage(new Overloaded('full'))).toBe(true);
    expect(isOutage(new UnknownDossier('none'))).toBe(false);
    expect(isOutage(new TypeError('undefined is not a function'))).toBe(false);
    expect(isOutage('Connection terminated')).toBe(false);
  });
});
