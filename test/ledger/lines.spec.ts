import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Pool, type PoolClient } from 'pg';
import { Lines } from '../../src/ledger/lines.js';
import { isOutage } from '../../src/ledger/outage.js';
import { holdHead } from './appending.js';
import { anAppend, eventually, TestLedger, times } from './test-ledger.js';

/**
 * Each of these, taken out, makes a test here fail:
 * - ledger/lines.ts: the look at `lines` in `lend`, `forget` after a failure, either part of `isWanted`, `line.client = client`, `line.broken`
 *   in `giveBack`, `client.on`;
 * - ledger/appender.ts: the look at `isWanted`; `IN_FLIGHT`, lowered to one; database/data-source.ts: `pipeline`.
 */
let ledger: TestLedger;
let pool: Pool;
let lines: Lines;

beforeAll(async () => {
  ledger = await TestLedger.open();
});

afterAll(() => ledger?.close());

beforeEach(() => {
  pool = new Pool({ connectionString: ledger.database.serviceUrl, max: 2, pipeline: true });
  pool.on('error', () => undefined);
  lines = new Lines(pool);
});

afterEach(() => pool.end());

/** The server's process behind the connection: which one it is. */
async function serverProcess(client: PoolClient, seconds = 0.02): Promise<number> {
  const text = 'SELECT pg_backend_pid() AS pid, pg_sleep($1)';
  const { rows } = await client.query<{ pid: number }>(text, [seconds]);
  return rows[0]?.pid ?? NaN;
}

const fail = (client: PoolClient): Promise<unknown> =>
  client.query('SELECT pg_terminate_backend(pg_backend_pid())');

const inUse = (): number => pool.totalCount - pool.idleCount;

describe('What is in flight of a dossier', () => {
  it('is on one connection, another dossier’s on another', async () => {
    const [one, same, other] = await Promise.all([
      lines.lend('river', serverProcess),
      lines.lend('river', serverProcess),
      lines.lend('sea', serverProcess),
    ]);
    expect([one === same, one === other]).toEqual([true, false]);
  });

  it('leaves its connection to others once all of it is answered', async () => {
    const short = lines.lend('river', (client) => client.query('SELECT 1'));
    const long = lines.lend('river', (client) => client.query('SELECT pg_sleep(0.1)'));
    await short;
    expect(inUse()).toBe(1);
    await long;
    await delay(0);
    expect([inUse(), pool.totalCount]).toEqual([0, 1]);
  });

  it('is carried out in the order in which it was sent', async () => {
    const told: string[] = [];
    const tell = (word: string, seconds: number) => async (client: PoolClient) => {
      await client.query('SELECT pg_sleep($1)', [seconds]);
      told.push(word);
    };
    await Promise.all([lines.lend('river', tell('first', 0.05)), lines.lend('river', tell('second', 0))]);
    expect(told).toEqual(['first', 'second']);
  });

  it('is not sent on a connection on which something failed, which is not used again', async () => {
    const first = await lines.lend('river', serverProcess);
    const both = await Promise.allSettled([lines.lend('river', fail), lines.lend('river', serverProcess)]);
    expect(both.map((each) => each.status === 'rejected' && isOutage(each.reason))).toEqual([true, true]);
    expect(await lines.lend('river', serverProcess)).not.toBe(first);
    expect([inUse(), pool.totalCount]).toEqual([0, 1]);
  });

  it('is not sent behind what is still in flight where something failed, but together on another connection', async () => {
    const first = await lines.lend('river', serverProcess);
    const slow = lines.lend('river', (client) => client.query('SELECT pg_sleep(0.1)'));
    await expect(lines.lend('river', () => Promise.reject(new Error('ours')))).rejects.toThrow('ours');
    const second = lines.lend('river', (client) => serverProcess(client, 0.4));
    await slow;
    const third = await lines.lend('river', serverProcess);
    expect([third === first, third === (await second)]).toEqual([false, true]);
    expect([inUse(), pool.totalCount]).toEqual([0, 1]);
  });

  it('leaves nothing behind on its connection', async () => {
    const listeners = async (): Promise<number> => {
      const client = await pool.connect();
      const count = client.listenerCount('error');
      client.release();
      return count;
    };
    const before = await listeners();
    for (let round = 0; round < 3; round++)
      await Promise.all([lines.lend('river', serverProcess), lines.lend('river', serverProcess)]);
    expect(await listeners()).toBe(before);
  });

  it('may have to wait for a connection, and hears where there is none', async () => {
    const nowhere = new Lines(new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' }));
    const both = [nowhere.lend('river', serverProcess), nowhere.lend('river', serverProcess)];
    for (const each of both) await expect(each).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(nowhere.lend('river', serverProcess)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('A connection', () => {
  it('is wanted where others wait for one and the dossier has one', async () => {
    await lines.lend('river', async () => {
      expect(lines.isWanted('river')).toBe(false);
      await lines.lend('sea', async () => {
        const waiting = lines.lend('lake', serverProcess);
        await delay(0);
        expect([lines.isWanted('river'), lines.isWanted('lake'), lines.isWanted('pond')]).toEqual([
          true,
          false,
          false,
        ]);
        void waiting;
      });
    });
  });

  it('that breaks while nothing of it is answered ends nobody else', async () => {
    const superuser = await ledger.superuser();
    await lines.lend('river', async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const ended = new Promise((resolve) => client.once('end', resolve));
      await superuser.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await ended;
    });
    expect(await lines.lend('river', serverProcess)).toBeGreaterThan(0);
  });
});

describe('Appends', () => {
  it('of a dossier are two batches in flight on one connection, and no more', async () => {
    const dossier = await ledger.newDossier();
    const appender = ledger.appender({ pool });
    const release = await holdHead(ledger, dossier);
    const appends: Promise<unknown>[] = [];
    for (let round = 0; round < 4; round++) {
      appends.push(appender.append(dossier, anAppend()));
      await delay(20);
    }
    expect(inUse()).toBe(1);
    await release();
    await Promise.all(appends);
    expect(await ledger.transactions(dossier)).toBe(3);
  });

  it('of the service are sent while others commit', async () => {
    const client = await ledger.pool.connect();
    expect(client.pipeline).toBe(true);
    client.release();
  });

  it('of one dossier leave their connection to another that waits, rather than keep it by sending on', async () => {
    const [busy, quiet] = [await ledger.newDossier(), await ledger.newDossier()];
    pool.options.max = 1;
    const appender = ledger.appender({ pool });
    const release = await holdHead(ledger, busy);
    const answered: string[] = [];
    const append = async (name: string, dossier: string): Promise<void> => {
      await appender.append(dossier, anAppend());
      answered.push(name);
    };
    const appends = [append('first', busy)];
    await eventually(async () => (await ledger.waitingForLocks()) === 1);
    appends.push(append('another', quiet));
    await eventually(() => pool.waitingCount === 1);
    appends.push(append('second', busy));
    await delay(20);
    await release();
    await Promise.all(appends);
    expect(answered).toEqual(['first', 'another', 'second']);
  });
});

describe('The connections of the ledger', () => {
  // Break: `min` in createPool, or making it one.
  it('are given up when nobody has needed them for a while, but for two', async () => {
    const own = ledger.anotherPool();
    own.options.idleTimeoutMillis = 10;
    const clients = await Promise.all(times(5, () => own.connect()));
    for (const client of clients) client.release();
    await eventually(() => own.totalCount < 5);
    await delay(100);
    expect(own.totalCount).toBe(2);
  });
});
