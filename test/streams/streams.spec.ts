import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Chance, say } from '../support/crash-chance.js';
import { readLog, type EventSeen } from '../support/crash-check.js';
import type { CrashClient } from '../support/crash-client.js';
import { CrashingService } from '../support/crash-service.js';
import { CAST, statement } from '../support/crash-writes.js';
import { eventually } from '../support/test-folder.js';
import { EventReader, type Received } from './event-reader.js';

/**
 * Each of these lines of the build, taken out or spoilt, makes a test here fail (STANDPOINT_BUILD names the spoilt build):
 * - audit/log.controller.js, `stream`: ignoring Last-Event-ID: events come twice; taking one more or one less: twice, or gaps;
 * - audit/log.controller.js, `stream`: not aborting on `close`: handles, timers and memory of broken connections stay;
 * - audit/log.controller.js, `beforeApplicationShutdown`: not ending the streams: those that are read are broken off too;
 * - main.js, `close`: without `closeAllConnections`: a stream that nobody reads keeps the service from stopping;
 * - ledger/follower.js, `follow`: reading on without being asked, into memory: the slow reader costs the whole log.
 */
const chance = Chance.ofThisRun('streams');

const MEMORY_ON_DEMAND = new URL('memory-on-demand.mjs', import.meta.url).href;
const MEGABYTE = 1024 * 1024;
const ABORTED = Number(process.env['STANDPOINT_ABORTED'] ?? 1_000);

let service: CrashingService;
let client: CrashClient;
let numbers = 0;

beforeAll(async () => {
  service = await CrashingService.begin({ NODE_OPTIONS: `--import ${MEMORY_ON_DEMAND}` });
  client = service.client;
});
afterEach(() => {
  if (service.hasEnded) throw new Error(`The service has ended by itself: ${service.output}`);
});
afterAll(() => service.end());

/** A dossier with a cast, in which nothing has been said; resolves with its path. */
async function newDossier(): Promise<string> {
  const slug = `streams-${numbers++}`;
  await client.write('/api/v1/dossiers', { slug, title: slug });
  for (const [kind, body] of CAST) await client.write(`/api/v1/dossiers/${slug}/${kind}`, body);
  return slug;
}

const streamOf = (dossier: string): string => `/api/v1/dossiers/${dossier}/events/stream`;

const record = (dossier: string): Promise<{ sequence: number }> =>
  client.write(`/api/v1/dossiers/${dossier}/statements`, statement(chance, `Сказано ${numbers++} – “так”`));

/** 64 writers at a measured pace, until `stop` is called. */
function write(dossier: string): { stop(): Promise<void> } {
  let stopping = false;
  const writers = Array.from({ length: 64 }, async () => {
    while (!stopping) {
      await record(dossier);
      await delay(chance.between(50, 250));
    }
  });
  return {
    stop: async () => {
      stopping = true;
      await Promise.all(writers);
    },
  };
}

/** What nobody's socket buffers can hold. */
const LONG_LOG = { statements: 4_000, bytes: 8_000 };

/** Makes the one long log of this run when it is first asked for. */
let longLog: Promise<string> | undefined;
const newLongLog = async (): Promise<string> => {
  const dossier = await newDossier();
  await fill(dossier);
  await takenIn(dossier);
  return dossier;
};
const theLongLog = (): Promise<string> => (longLog ??= newLongLog());

async function fill(dossier: string): Promise<void> {
  const lines = Array.from({ length: LONG_LOG.statements }, () => ({
    ...statement(chance, `Сказано ${numbers++}`),
    note: 'n'.repeat(LONG_LOG.bytes),
  }));
  const outgoing = client.open('POST', `/api/v1/dossiers/${dossier}/import`, {
    'content-type': 'application/x-ndjson',
  });
  const ended = new Promise<number>((resolve) =>
    outgoing.once('response', (incoming) => incoming.resume().once('end', () => resolve(200))),
  );
  outgoing.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await ended;
}

/** Resolves once every projection has taken in what was recorded: those that nobody asks for make way for seconds, and their steps cost memory. */
async function takenIn(dossier: string): Promise<void> {
  const { sequence } = await client.read<{ sequence: number }>(`/api/v1/dossiers/${dossier}`);
  const rows = [
    'positions',
    'statements?limit=1',
    'statements?limit=1&q=x',
    `ledger/checkpoint?covering=${sequence}`,
  ];
  for (const of of rows)
    await eventually(
      async () => (await client.send('GET', `/api/v1/dossiers/${dossier}/${of}`))?.status === 200,
    );
}

/** Bytes that the service has in use, on its heap and in buffers beside it, garbage not counted. */
async function memory(): Promise<number> {
  const said = service.output.length;
  service.signal('SIGUSR2');
  let bytes: string | undefined;
  await eventually(async () => {
    bytes = /memory: (\d+)\n/.exec(service.output.slice(said))?.[1];
    return Promise.resolve(bytes !== undefined);
  });
  return Number(bytes);
}

async function metrics(): Promise<{ resident: number; handles: number; files: number; timers: number }> {
  const text = (await client.send('GET', '/metrics'))?.text ?? '';
  const value = (name: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1] ?? 0,
    );
  return {
    resident: value('process_resident_memory_bytes'),
    handles: value('nodejs_active_handles_total'),
    files: value('process_open_fds'),
    timers: value('nodejs_active_resources{type="Timeout"}'),
  };
}

const idsOf = (events: readonly Received[]): number[] => events.map(({ id }) => id);
const from = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

/** What a client that is cut off again and again gets of a log after a sequence, until it has an event. */
async function follow(
  dossier: string,
  after: number,
  cuts: readonly number[],
  goal: number,
): Promise<Received[]> {
  const received: Received[] = [];
  const next = (): number => received.at(-1)?.id ?? after;
  for (const bytes of [...cuts, Infinity]) {
    if (next() >= goal) break;
    const reader = new EventReader(client, streamOf(dossier), next(), { bytes });
    if (bytes < Infinity) await reader.ended;
    else await reader.until(({ lastId = after }) => lastId >= goal);
    reader.break();
    received.push(...reader.events);
  }
  return received;
}

describe('resuming', () => {
  it('gives the log exactly once and in order, wherever the connection is cut, while 64 writers write', async () => {
    const dossier = await newDossier();
    const writers = write(dossier);
    const followed: Received[][] = [];
    try {
      const cuts = fc.array(
        fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 60_000 })),
        {
          maxLength: 12,
        },
      );
      await fc.assert(
        fc.asyncProperty(cuts, fc.integer({ min: 0, max: 500 }), async (each, back) => {
          const { sequence: head } = await record(dossier);
          const after = Math.max(0, head - back);
          const received = await follow(dossier, after, each, head);
          expect(idsOf(received)).toEqual(from(after + 1, received.at(-1)?.id ?? head));
          followed.push(received);
        }),
        { numRuns: 25, seed: chance.seed | 0 },
      );
    } finally {
      await writers.stop();
    }
    const log = await readLog(client, dossier);
    const wrong = followed.flat().filter(({ id, data }) => !isDeepStrictEqual(data, log[id - 1]));
    expect(wrong).toEqual([]);
  }, 240_000);

  it('goes on after each id of a log, and from the beginning without one', async () => {
    const dossier = await newDossier();
    for (let left = 100; left > 0; left--) await record(dossier);
    const head = (await readLog(client, dossier)).length;
    await Promise.all(
      [null, ...from(0, head - 1)].map(async (after) => {
        const reader = new EventReader(client, streamOf(dossier), after);
        await reader.until(({ lastId }) => lastId === head);
        reader.break();
        expect(idsOf(reader.events)).toEqual(from((after ?? 0) + 1, head));
      }),
    );
  });

  it('takes Last-Event-ID before `after`, which a browser goes on sending as it was first given', async () => {
    const dossier = await newDossier();
    const { sequence: head } = await record(dossier);
    const reader = new EventReader(client, `${streamOf(dossier)}?after=1`, 4);
    await reader.until(({ lastId }) => lastId === head);
    reader.break();
    expect(idsOf(reader.events)).toEqual(from(5, head));
  });
});

describe('slow readers', () => {
  const READERS = 8;

  /** Megabytes that the service may keep for each: a page of a hundred such events, as events and as text, and what a socket takes. */
  const MOST_KEPT = 3;

  it('cost bounded memory while they do not read, and get everything when they do', async () => {
    const dossier = await theLongLog();
    const head = (await client.read<{ sequence: number }>(`/api/v1/dossiers/${dossier}`)).sequence;
    const before = await memory();
    const readers = from(1, READERS).map(() => new EventReader(client, streamOf(dossier), null));
    await Promise.all(readers.map((reader) => reader.until(({ comments }) => comments > 0)));
    readers.forEach((reader) => reader.pause());
    let most = 0;
    for (let left = 8; left > 0; left--) {
      most = Math.max(most, await memory());
      await delay(100);
    }
    const waiting = readers.map(({ events }) => events.length);
    const { sequence: last } = await record(dossier);
    readers.forEach((reader) => reader.resume());
    await Promise.all(readers.map((reader) => reader.until(({ lastId }) => lastId === last)));
    readers.forEach((reader) => reader.break());
    const each = (most - before) / READERS / MEGABYTE;
    const log = (LONG_LOG.statements * LONG_LOG.bytes) / MEGABYTE;
    say(`${READERS} slow readers of ${log.toFixed(0)} MB cost ${each.toFixed(1)} MB each`);
    expect(Math.max(...waiting)).toBeLessThan(head);
    for (const reader of readers) expect(idsOf(reader.events)).toEqual(from(1, last));
    expect(each).toBeLessThan(MOST_KEPT);
  }, 240_000);
});

describe(`${ABORTED} connections that break`, () => {
  const TOGETHER = 100;

  /** Broken before the answer, at its first byte, or in the middle of it. */
  function abort(dossier: string): Promise<void> {
    const bytes = chance.of(0, 1, 20, 500, 5_000);
    return new EventReader(client, streamOf(dossier), 0, { bytes }).ended;
  }

  async function abortMany(dossier: string, times: number): Promise<void> {
    let left = times;
    await Promise.all(
      from(1, TOGETHER).map(async () => {
        while (left-- > 0) await abort(dossier);
      }),
    );
  }

  /** After the last of them has been noticed. */
  async function settled(): ReturnType<typeof metrics> {
    await delay(1_500);
    return metrics();
  }

  it('leave no memory, handles or timers behind, and other streams alone', async () => {
    const dossier = await newDossier();
    for (let left = 20; left > 0; left--) await record(dossier);
    const other = await newDossier();
    const witness = new EventReader(client, streamOf(other), null);
    await witness.until(({ comments }) => comments > 0);
    await abortMany(dossier, ABORTED / 5);
    await takenIn(dossier);
    const before = { ...(await settled()), kept: await memory() };
    const latencies: number[] = [];
    let done = false;
    const writing = (async (): Promise<void> => {
      while (!done) {
        const { sequence } = await record(other);
        const began = performance.now();
        await witness.until(({ lastId = 0 }) => lastId >= sequence);
        latencies.push(performance.now() - began);
        await delay(20);
      }
    })();
    await abortMany(dossier, ABORTED);
    done = true;
    await writing;
    await Promise.all([takenIn(dossier), takenIn(other)]);
    const after = { ...(await settled()), kept: await memory() };
    const events: EventSeen[] = await readLog(client, other);
    const grown = (after.resident - before.resident) / MEGABYTE;
    const kept = after.kept - before.kept;
    say(
      `${ABORTED} broken connections: ${grown.toFixed(1)} MB more resident memory (of ${Math.round(before.resident / MEGABYTE)} MB), ` +
        `${(kept / MEGABYTE).toFixed(2)} MB more in use (of ${Math.round(before.kept / MEGABYTE)} MB), ` +
        `${before.handles} handles before and ${after.handles} after, ${before.files} and ${after.files} files, ${before.timers} and ${after.timers} timers; ` +
        `another stream got ${latencies.length} events after ${Math.max(...latencies).toFixed(0)} ms at most`,
    );
    expect(idsOf(witness.events)).toEqual(events.map(({ sequence }) => sequence));
    expect(after.handles).toBeLessThanOrEqual(before.handles + 25);
    expect(after.files).toBeLessThanOrEqual(before.files + 25);
    expect(after.timers).toBeLessThanOrEqual(before.timers + 25);
    expect(kept).toBeLessThan(3 * MEGABYTE);
    expect(grown).toBeLessThan(150);
    witness.break();
  }, 240_000);
});

describe('stopping', () => {
  it('ends open streams, those that nobody reads too, and exits with 0', async () => {
    const dossier = await theLongLog();
    const readers = from(1, 20).map(() => new EventReader(client, streamOf(dossier), null));
    await Promise.all(readers.map((reader) => reader.until(({ comments }) => comments > 0)));
    readers.slice(10).forEach((reader) => reader.pause());
    await delay(500);
    const began = performance.now();
    const code = await service.stop();
    const seconds = (performance.now() - began) / 1000;
    say(`stopped after ${seconds.toFixed(2)} s with ${readers.length} open streams`);
    expect(code).toBe(0);
    expect(readers.slice(0, 10).map(({ isWhole }) => isWhole)).toEqual(Array(10).fill(true));
    readers.forEach((reader) => reader.break());
    await service.start();
    const log = await readLog(client, dossier);
    for (const reader of readers.slice(0, 10)) {
      const got = idsOf(reader.events);
      expect(got).toEqual(from(1, got.length));
      expect(await follow(dossier, got.length, [], log.length)).toHaveLength(log.length - got.length);
    }
  }, 240_000);
});
