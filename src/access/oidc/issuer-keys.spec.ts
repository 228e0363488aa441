import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { IssuerKeys } from './issuer-keys.js';

/** What the issuer answers by path; undefined: 404. */
type Pages = Record<string, (response: ServerResponse) => void>;

let server: Server;
let url: string;
let pages: Pages;
let asked: string[];
let complaints: string[];
let time: number;

const json =
  (value: unknown) =>
  (response: ServerResponse): void =>
    void response.end(JSON.stringify(value));

async function keySet(...kids: string[]): Promise<{ keys: object[] }> {
  const keys = kids.map(async (kid) => {
    const { publicKey } = await generateKeyPair('ES256');
    return { ...(await exportJWK(publicKey)), kid };
  });
  return { keys: await Promise.all(keys) };
}

const document = (jwks_uri: string, issuer = url): Pages => ({
  '/.well-known/openid-configuration': json({ issuer, jwks_uri }),
});

const newKeys = (): IssuerKeys =>
  new IssuerKeys({
    issuer: url,
    refetchSeconds: 30,
    clock: () => time,
    complain: (line) => complaints.push(line),
  });

const find = (keys: IssuerKeys, kid: string): Promise<string> =>
  Promise.resolve(keys.find({ alg: 'ES256', kid }, { payload: '', signature: '' })).then(
    () => 'found',
    (error: { code: string }) => error.code,
  );

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

beforeEach(async () => {
  [asked, complaints, time] = [[], [], 0];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const page = pages[request.url ?? ''];
    if (page === undefined) response.writeHead(404).end();
    else page(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  pages = { ...document(`${url}/keys`), '/keys': json(await keySet('one')) };
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('The keys of an issuer', () => {
  it('are found by its discovery document', async () => {
    expect(await find(newKeys(), 'one')).toBe('found');
    expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  // Break: `this.asking !== null` or `this.age() < wait` in IssuerKeys.refresh.
  it('are asked for by one request at a time, and an unknown one once in the given time', async () => {
    const keys = newKeys();
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => find(keys, 'two'))))).toEqual(
      new Set(['ERR_JWKS_NO_MATCHING_KEY']),
    );
    expect(asked).toHaveLength(2);
    pages['/keys'] = json(await keySet('one', 'two'));
    time = 29_999;
    expect(await find(keys, 'two')).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(asked).toHaveLength(2);
    time = 30_000;
    expect(await find(keys, 'two')).toBe('found');
    expect(asked).toHaveLength(4);
  });

  // Break: either call of `refresh` in IssuerKeys.keepFresh.
  it('are kept fresh: there at once, and one that was withdrawn is gone some time', async () => {
    const keys = newKeys();
    const stop = keys.keepFresh(5);
    await until(() => asked.length === 2);
    expect(await find(keys, 'one')).toBe('found');
    pages['/keys'] = json(await keySet('two'));
    time = 30_000;
    await until(async () => (await find(keys, 'one')) === 'ERR_JWKS_NO_MATCHING_KEY');
    stop();
    expect([await find(keys, 'two'), asked.length]).toEqual(['found', 4]);
  });

  // Break: `this.known = null` where asking failed; `failed: false` there.
  it('stay known while it is away, which is tried every other second and told each time', async () => {
    const keys = newKeys();
    await find(keys, 'one');
    pages = {};
    time = 60_000;
    expect(await find(keys, 'two')).toBe('issuer-unavailable');
    expect(await find(keys, 'one')).toBe('found');
    expect(await find(keys, 'two')).toBe('issuer-unavailable');
    expect([asked.length, complaints.length]).toEqual([3, 1]);
    expect(complaints[0]).toContain('openid-configuration answered 404');
    time = 62_000;
    expect(await find(keys, 'two')).toBe('issuer-unavailable');
    expect([asked.length, complaints.length]).toEqual([4, 2]);
    pages = { ...document(`${url}/keys`), '/keys': json(await keySet('two')) };
    time = 64_000;
    expect(await find(keys, 'two')).toBe('found');
  });

  // Break: `itself !== issuer`, `isSafeAddress` (in keysOf), `redirect: 'error'`, or the length in `read`.
  it.each<[string, () => Pages, RegExp]>([
    ['calls itself something else', () => document(`${url}/keys`, `${url}/other`), /is of "http.*\/other"/],
    [
      'has them where anyone can change them',
      () => document('http://keys.example/'),
      /no https:\/\/ address/,
    ],
    ['has them nowhere', () => document(''), /no https:\/\/ address/],
    ['sends whoever asks elsewhere', () => document(`${url}/elsewhere`), /redirect/],
    ['has something else there', () => document(`${url}/nonsense`), /malformed/],
    ['says no JSON', () => document(`${url}/text`), /JSON/],
    ['says nothing', () => document(`${url}/null`), /no object/],
    ['never stops talking', () => document(`${url}/endless`), /more than 1048576 bytes/],
  ])('are not taken from an issuer that %s', async (_, given, complaint) => {
    Object.assign(pages, given(), {
      '/elsewhere': (response: ServerResponse) => response.writeHead(302, { location: '/keys' }).end(),
      '/nonsense': json({ keys: 'none' }),
      '/text': (response: ServerResponse) => response.end('<html>'),
      '/null': json(null),
      '/endless': (response: ServerResponse) => response.write(`{"keys":[${' '.repeat(2_000_000)}`),
    });
    expect(await find(newKeys(), 'one')).toBe('issuer-unavailable');
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(complaint);
  });
});
