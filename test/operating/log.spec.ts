import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventView } from '../../src/http/event-view.js';
import { startService, type FreshService, type Service } from '../support/service.js';
import { eventually } from '../support/test-folder.js';

/**
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - operating/request-log.ts: any field of `lineOf`, the hook `preSerialization`, the lines of `levelOf` for what is read, changed and not let in;
 * - ledger/projection-runner.ts: `setMaxListeners`;
 * - operating/service-log.ts: `redact`; access/write-context.decorator.ts: `causationOf`, `request.id`.
 */
let running: FreshService;
let service: Service;

beforeAll(async () => {
  running = await startService({
    token: 'the-token-that-no-log-may-hold',
    environment: { STANDPOINT_LOG_LEVEL: 'debug' },
  });
  ({ service } = running);
  await service.write('/dossiers', { slug: 'river', title: 'River' });
});

afterAll(() => running?.end());

interface Line {
  readonly level: string;
  readonly request?: string;
  readonly [field: string]: unknown;
}

function lines(): Line[] {
  return service.process.output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line); // holds: pino writes objects, one a line
}

/** The line of the request that was answered so. */
async function lineOf({ headers }: { headers: Headers }): Promise<Line | undefined> {
  const id = headers.get('x-request-id');
  const line = (): Line | undefined => lines().find(({ request }) => request === id);
  await eventually(() => Promise.resolve(line() !== undefined));
  return line();
}

describe('The log', () => {
  it('tells of a change who made it, in which dossier, and where it stands', async () => {
    const answer = await service.post<{ sequence: number }>('/dossiers/river/parties', { name: 'North' });
    expect(await lineOf(answer)).toMatchObject({
      level: 'info',
      user: 'administrator',
      dossier: 'river',
      sequence: answer.body.sequence,
      method: 'POST',
      route: expect.stringContaining('/dossiers/:dossier/'),
      status: 201,
      milliseconds: expect.any(Number),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('tells who read only where it is asked for', async () => {
    expect(await lineOf(await service.get('/dossiers/river'))).toMatchObject({
      level: 'debug',
      sequence: null,
    });
  });

  it('warns of whoever is not let in', async () => {
    const answer = await service.get('/dossiers', { authorization: 'Bearer somebody-elses' });
    expect(await lineOf(answer)).toMatchObject({ level: 'warn', status: 401, user: null });
  });

  it('holds no secret: neither tokens nor cookies, nor what stands in an address or a body', async () => {
    const secrets = [
      'the-token-that-no-log-may-hold',
      'wrong-token-of-somebody',
      'a-session',
      'searched-words',
      'said-words',
    ];
    const [, wrong, session, searched, said] = secrets;
    await service.get('/dossiers', { authorization: `Bearer ${wrong}` });
    await service.get('/dossiers', { authorization: undefined, cookie: `standpoint=${session}` });
    await service.get(`/dossiers/river/statements?q=${searched}`);
    await service.post('/session', { token: wrong });
    const last = await service.post('/dossiers/river/parties', { name: said, aliases: 7 });
    await lineOf(last);
    for (const secret of secrets) expect(service.process.output).not.toContain(secret);
  });

  it('warns of nothing while many dossiers grow at once', async () => {
    const grown = Array.from({ length: 15 }, async (_, index) => {
      await service.write('/dossiers', { slug: `bank-${index}`, title: `Bank ${index}` });
      await service.write(`/dossiers/bank-${index}/parties`, { name: 'North' });
    });
    await Promise.all(grown);
    await service.read('/dossiers/bank-0');
    expect(service.process.output).not.toContain('Warning');
  });
});

describe('An event', () => {
  const eventOf = async (sequence: number): Promise<EventView | undefined> =>
    (await service.all<EventView>('/dossiers/river/events')).find((event) => event.sequence === sequence);

  it('keeps the id of the request that wrote it', async () => {
    const answer = await service.post<{ sequence: number }>('/dossiers/river/parties', { name: 'South' });
    const event = await eventOf(answer.body.sequence);
    expect(event).toMatchObject({ correlationId: answer.headers.get('x-request-id'), causationId: null });
  });

  it('keeps what the client says that it belongs to, and follows from', async () => {
    const [correlation, causation] = [randomUUID(), randomUUID()];
    const { sequence } = await service.write<{ sequence: number }>(
      '/dossiers/river/parties',
      { name: 'East' },
      { 'x-correlation-id': correlation, 'x-causation-id': causation.toUpperCase() },
    );
    expect(await eventOf(sequence)).toMatchObject({ correlationId: correlation, causationId: causation });
  });

  it('is not written with a cause that is no event', async () => {
    const { status, body } = await service.post(
      '/dossiers/river/parties',
      { name: 'West' },
      { 'x-causation-id': 'because' },
    );
    expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ path: 'X-Causation-Id' }] } });
  });
});
