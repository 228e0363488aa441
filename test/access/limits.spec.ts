import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/http/problem.js';
import { EventStream } from '../support/http-event-stream.js';
import { startService, type FreshService, type Service } from '../support/service.js';
import { as, grant, introduce, type Person } from './people.js';

/**
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - access/limits/request-rates.ts: `keyGenerator`, `max`; access/limits/guessing.ts: either hook, the look at `isGuess`;
 * - access/limits/open-streams.ts: the comparison in `add`, the call of `remove`;
 * - recording/statements/statements.controller.ts: the look at `limits.batch`;
 * - http/content-types.ts: `largeBodyBytes`; http/server.ts: `bodyLimit`, `limitSlowness`; http/slow-requests.ts: either timeout.
 */
const LIMITS = {
  tokenRequests: 60,
  addressRequests: 6,
  failedLogins: 5,
  streams: 2,
  bodyBytes: 2_048,
  batch: 2,
};

let running: FreshService;
let service: Service;
let rita: Person;

beforeAll(async () => {
  running = await startService({
    environment: {
      STANDPOINT_LIMIT_TOKEN_REQUESTS: String(LIMITS.tokenRequests),
      STANDPOINT_LIMIT_ADDRESS_REQUESTS: String(LIMITS.addressRequests),
      STANDPOINT_LIMIT_FAILED_LOGINS: String(LIMITS.failedLogins),
      STANDPOINT_LIMIT_STREAMS: String(LIMITS.streams),
      STANDPOINT_LIMIT_BODY_BYTES: String(LIMITS.bodyBytes),
      STANDPOINT_LIMIT_LARGE_BODY_BYTES: '4096',
      STANDPOINT_LIMIT_BATCH: String(LIMITS.batch),
      STANDPOINT_LIMIT_REQUEST_SECONDS: '1',
    },
  });
  ({ service } = running);
  await service.write('/dossiers', { slug: 'river', title: 'River' });
  await service.write('/dossiers/river/parties', { slug: 'north', name: 'North' });
  rita = await introduce(service, 'rita');
  await grant(service, 'river', 'rita', 'recorder');
});

afterAll(() => running?.end());

/** What comes back over a connection of its own until the service hangs up. Whoever still sends then is reset, after the answer: no reason not to read it. */
async function hungUp(socket: Socket): Promise<string> {
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  await new Promise((resolve) => socket.once('close', resolve));
  return heard;
}

function dial(): Socket {
  const { hostname, port } = new URL(service.url);
  return connect(Number(port), hostname).on('error', () => undefined);
}

const head = (path: string, type: string, rest: string): string =>
  `POST /api/v1${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${rita.token}\r\nContent-Type: ${type}\r\n${rest}\r\n\r\n`;

describe('Bodies', () => {
  it('are refused beyond the size that is set, larger ones only where documents are', async () => {
    const large = { title: 'x'.repeat(LIMITS.bodyBytes) };
    expect((await service.post<Problem>('/dossiers', large)).body).toMatchObject({ status: 413 });
    const document = { title: 'A', text: 'x'.repeat(LIMITS.bodyBytes) };
    expect((await service.post('/dossiers/river/sources', document)).status).toBe(201);
    const larger = { title: 'A', text: 'x'.repeat(2 * LIMITS.bodyBytes) };
    expect((await service.post('/dossiers/river/sources', larger)).status).toBe(413);
  });

  it('hold at most as many statements as are set', async () => {
    const statement = {
      act: 'SupportExpressed',
      party: 'north',
      saidAt: '2025',
      attribution: 'reported',
      summary: 'x',
    };
    const { status, body } = await service.post<Problem>('/dossiers/river/statements/batch', {
      statements: Array.from({ length: LIMITS.batch + 1 }, () => statement),
    });
    expect({ status, errors: body.errors }).toEqual({
      status: 400,
      errors: [{ path: 'statements', message: `must hold at most ${LIMITS.batch}` }],
    });
  });

  it('that do not arrive are answered with 408, and hung up on', async () => {
    const socket = dial();
    socket.write(`${head('/dossiers/river/parties', 'application/json', 'Content-Length: 100')}{"title":`);
    expect(await hungUp(socket)).toMatch(/^HTTP\/1\.1 408 .*"code":"request-timeout"/s);
  });

  it('that arrive byte by byte are no better', async () => {
    const socket = dial();
    socket.write(head('/dossiers/river/parties', 'application/json', 'Content-Length: 1000'));
    const dripping = setInterval(() => socket.write(' '), 50);
    expect(await hungUp(socket).finally(() => clearInterval(dripping))).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('of what was refused unread must arrive as well', async () => {
    const socket = dial();
    socket.write(`${head('/dossiers', 'application/json', 'Content-Length: 1000')}{`);
    expect(await hungUp(socket)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('of a stream of lines may take longer than that, but not pause for longer', async () => {
    const socket = dial();
    const heard = hungUp(socket);
    socket.write(head('/dossiers/river/import', 'application/x-ndjson', 'Transfer-Encoding: chunked'));
    const line = '{"kind":"party","name":"Party"}\n';
    for (let lines = 0; lines < 5; lines++) {
      socket.write(`${line.length.toString(16)}\r\n${line}\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    expect(socket.closed).toBe(false);
    expect(await heard).toMatch(/"line":5,"status":201/);
  });

  it('leave no limit behind on a connection that goes on', async () => {
    const socket = dial();
    const request = head('/dossiers/river/parties', 'application/json', 'Content-Length: 2');
    socket.write(`${request}{}`);
    await once(socket, 'data');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    socket.write(`${request}{}`);
    expect(String(await once(socket, 'data'))).toContain('HTTP/1.1 400');
    socket.destroy();
  });
});

describe('What was refused unread', () => {
  it('is not waited for much longer', async () => {
    const socket = dial();
    socket.write(head('/dossiers/river/parties', 'application/json', 'Content-Length: 40000000'));
    const began = performance.now();
    expect(await hungUp(socket)).toContain('HTTP/1.1 413');
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  it('leaves no limit behind either', async () => {
    const socket = dial();
    socket.write(`${head('/dossiers/river/parties', 'text/plain', 'Content-Length: 3')}{`);
    expect(String(await once(socket, 'data'))).toContain('HTTP/1.1 415');
    socket.write('}\n');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    socket.write(`${head('/dossiers/river/parties', 'application/json', 'Content-Length: 2')}{}`);
    expect(String(await once(socket, 'data'))).toContain('HTTP/1.1 400');
    socket.destroy();
  });
});

describe('Streams', () => {
  it('are as many for one token as are set, until one is closed', async () => {
    const streams = [await EventStream.open(service, 'river'), await EventStream.open(service, 'river')];
    const third = await service.get<Problem>('/dossiers/river/events/stream');
    expect(third.body).toMatchObject({ status: 429, code: 'rate-limited' });
    await streams[0]?.close();
    let opened: EventStream | null = null;
    for (let tries = 0; opened === null && tries < 100; tries++)
      opened = await EventStream.open(service, 'river').catch(
        () => new Promise<null>((resolve) => setTimeout(resolve, 100, null)),
      );
    expect(opened).not.toBeNull();
    await Promise.all([opened, streams[1]].map((stream) => stream?.close()));
  });
});

describe('Requests', () => {
  const ask = (token: string | undefined) => service.get<Problem>('/me', as(token));

  it('with wrong tokens are put off after some, and no longer told that they are wrong', async () => {
    const answers = [];
    for (let tries = 0; tries <= LIMITS.failedLogins; tries++) answers.push(await ask(`wrong-${tries}`));
    expect(answers.map(({ status }) => status)).toEqual([...Array(LIMITS.failedLogins).fill(401), 429]);
    const last = answers.at(-1);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(last?.headers.get('www-authenticate')).toBeNull();
    expect(last?.body).toMatchObject({ code: 'rate-limited', status: 429 });
    expect((await service.post('/session', { token: 'wrong' })).status).toBe(429);
  });

  it('with a right token are let in all the same', async () => {
    expect((await ask(rita.token)).status).toBe(200);
  });

  it('of one token are counted, told of, and put off, and those of another are not', async () => {
    const first = await ask(rita.token);
    expect(first.headers.get('ratelimit-limit')).toBe(String(LIMITS.tokenRequests));
    const left = Number(first.headers.get('ratelimit-remaining'));
    const answers = await Promise.all(Array.from({ length: left + 1 }, () => ask(rita.token)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(left).fill(200), 429]);
    expect((await service.get('/dossiers')).status).toBe(200);
  });

  it('without a token are counted by address', async () => {
    const answers = [];
    for (let tries = 0; tries <= LIMITS.addressRequests; tries++)
      answers.push((await fetch(`${service.url}/docs`)).status);
    expect(answers.slice(0, 1)).toEqual([200]);
    expect(answers.at(-1)).toBe(429);
  });

  it('for the health of the service are not counted', async () => {
    for (let tries = 0; tries <= LIMITS.addressRequests; tries++)
      expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
  });
});
