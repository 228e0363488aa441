import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/http/problem.js';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import { openRiver, Recorder, saying } from '../support/http-cast.js';
import { Service, startService, type Answer, type FreshService } from '../support/service.js';

/**
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - http/content-types, SERVER_OPTIONS: no `clientErrorHandler`: answers that are no problem;
 * - http/problem.filter: the connection's header is left: whoever still sends hears of a broken connection;
 * - http/query.guard, `canActivate`: true: unknown parameters are passed over;
 * - domain/roster, `byIdOrSlug`: no `toLowerCase`: an id in capitals leads nowhere.
 */
let running: FreshService;
let service: Service;
let recorder: Recorder;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  await openRiver(service, 'river');
  recorder = new Recorder(service, 'river');
});

afterAll(() => running?.end());

const STATEMENTS = '/dossiers/river/statements';

const head = async (): Promise<number> => (await service.read<DossierView>('/dossiers/river')).sequence;

const paths = ({ body }: Answer<Problem>): string[] => body.errors?.map(({ path }) => path) ?? [];

/** Sends bytes as they are; resolves with all that comes until the service ends the connection. */
async function raw(bytes: string): Promise<{ status: number; type: string; problem: Problem }> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes, 'latin1');
  await once(socket, 'close');
  const [top = '', body = ''] = text.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3}) \S/.exec(top)?.[1]),
    type: /^content-type: ([^;\r]+)/im.exec(top)?.[1] ?? '',
    problem: JSON.parse(body) as Problem, // holds: the test says so
  };
}

describe('A body that is refused unread', () => {
  const begun = (length: string): string =>
    [
      'POST /api/v1/dossiers/river/parties HTTP/1.1',
      'Host: x',
      `Authorization: ${service.credentials['authorization']}`,
      'Content-Type: application/json',
      `${length}\r\n\r\n`,
    ].join('\r\n');

  // Break: the removal of the header in problem.filter: the connection then ends while the rest of the body is being sent.
  it.each([
    ['as long as it says', 'Content-Length: 40000000', '', 'x'.repeat(40_000_000)],
    ['in chunks', 'Transfer-Encoding: chunked', '1312D00\r\n', `${'x'.repeat(20_000_000)}\r\n0\r\n\r\n`],
  ])('is passed over however large it is, %s, and the connection goes on', async (_, length, begin, rest) => {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    socket.write(`${begun(length)}${begin}${rest.slice(0, 2_000_000)}`);
    expect(String(await once(socket, 'data'))).toContain('HTTP/1.1 413');
    socket.write(`${rest.slice(2_000_000)}${begun('Content-Length: 2')}{}`);
    expect(String(await once(socket, 'data'))).toContain('HTTP/1.1 400');
    socket.destroy();
  });
});

describe('What is no request', () => {
  it.each([
    [
      'headers beyond all bounds',
      `GET /api/v1/acts HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
    [
      'ten thousand headers',
      `GET /api/v1/acts HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(10_000)}\r\n`,
      431,
      'headers-too-large',
    ],
    [
      'something else than HTTP',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
      400,
      'malformed-request',
    ],
    ['an unheard-of method', 'NONSENSE /api/v1/acts HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'malformed-request'],
    [
      'two lengths',
      'POST /api/v1/dossiers HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      400,
      'malformed-request',
    ],
    [
      'a length and chunks',
      'POST /api/v1/dossiers HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
      400,
      'malformed-request',
    ],
    [
      'a length that is none',
      'POST /api/v1/dossiers HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n{}',
      400,
      'malformed-request',
    ],
    [
      'a raw control character in a header',
      'GET /api/v1/acts HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n',
      400,
      'malformed-request',
    ],
    [
      'an address with a raw control character',
      'GET /api/v1/\x01 HTTP/1.1\r\nHost: x\r\n\r\n',
      400,
      'malformed-request',
    ],
  ])('such as %s, is answered as a problem', async (_, bytes, status, code) => {
    expect(await raw(bytes)).toMatchObject({
      status,
      type: 'application/problem+json',
      problem: { status, code },
    });
  });

  it('or is cut off in its body, leaves nothing behind', async () => {
    const before = await head();
    const text = JSON.stringify(saying());
    const top = `POST /api/v1${STATEMENTS} HTTP/1.1\r\nHost: x\r\nAuthorization: ${service.credentials['authorization']}\r\nContent-Type: application/json\r\n`;
    const { hostname, port } = new URL(service.url);
    for (const length of [text.length + 1, text.length * 2]) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined).resume();
      await once(socket, 'connect');
      socket.end(`${top}Content-Length: ${length}\r\n\r\n${text}`);
      await once(socket, 'close');
    }
    expect(await head()).toBe(before);
  });
});

describe('An address or a header', () => {
  it.each([
    ['%00', 404],
    ['..%2f..%2fadmin', 404],
    ['%252e%252e', 404],
    ['%c0%ae', 400],
    ['%ff', 400],
    ['/statements', 404],
    ['river%2fstatements', 404],
    ['%20'.repeat(150), 404],
    ['%F0%9F%8C%89'.repeat(200), 404],
    ['%F0%9F%8C%89'.repeat(2_000), 431],
    ['river;a=b', 404],
  ])('leads nowhere where it is odd (%#)', async (path, status) => {
    expect((await service.get(`/dossiers/${path}`)).status).toBe(status);
  });

  it.each([
    ['idempotency-key', 'a\tb', 'Idempotency-Key'],
    ['idempotency-key', 'é', 'Idempotency-Key'],
    ['idempotency-key', 'x'.repeat(5_000), 'Idempotency-Key'],
    ['if-match', '1', 'If-Match'],
    ['if-match', '"1', 'If-Match'],
    ['if-match', '', 'If-Match'],
    ['if-match', '*, "1"', 'If-Match'],
    ['if-match', '"1";"2"', 'If-Match'],
  ])('is refused where it is odd (%s, %#), and named', async (name, value, path) => {
    const answer = await service.patch<Problem>(
      '/dossiers/river/topics/ferry',
      { name: 'Ferry boat' },
      { [name]: value },
    );
    expect({ status: answer.status, paths: paths(answer) }).toEqual({ status: 400, paths: [path] });
  });

  it('of a version that was never there matches nothing', async () => {
    for (const value of ['"0"', '"99999999999999999999"', 'W/"1"', '"one"', '"-1"', '"1e0"'])
      expect(
        (await service.patch('/dossiers/river/topics/ferry', { name: 'Ferry boat' }, { 'if-match': value }))
          .status,
      ).toBe(412);
  });

  it('with a parameter where the route takes none is refused, and the parameter named', async () => {
    for (const path of ['/dossiers/river', '/acts', '/dossiers/river/parties/north', '/admin/projections']) {
      const answer = await service.get<Problem>(`${path}?known=1&nonsense=2`);
      expect({ path, status: answer.status, paths: paths(answer) }).toEqual({
        path,
        status: 400,
        paths: ['known', 'nonsense'],
      });
    }
    const before = await head();
    expect((await service.post(`${STATEMENTS}?dry=true`, saying())).status).toBe(400);
    expect(await head()).toBe(before);
  });

  it('may write an id in capitals, of things as of statements and dossiers', async () => {
    const { id } = await service.read<{ id: string }>('/dossiers/river/parties/north');
    expect(await service.read(`/dossiers/river/parties/${id.toUpperCase()}`)).toMatchObject({ id });
    const { resolved } = await recorder.record({ party: id.toUpperCase() });
    expect(resolved.party).toMatchObject({ id });
    expect((await service.get('/dossiers/river/parties/NORTH')).status).toBe(404);
  });
});
