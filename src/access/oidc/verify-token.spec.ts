import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, type JWTVerifyGetKey } from 'jose';
import type { IssuerSettings } from './issuer-settings.js';
import { verifyToken } from './verify-token.js';

const NOW = '2025-04-21T12:00:00.000Z';
const SECOND = Date.parse(NOW) / 1_000;

const SETTINGS: IssuerSettings = {
  issuer: 'https://id.example',
  audience: 'standpoint',
  nameClaim: 'preferred_username',
  rolesClaim: 'roles',
  roles: new Map(),
  tokenType: 'at+jwt',
  refetchSeconds: 30,
};

let keys: JWTVerifyGetKey;
let sign: (header: object, claims?: object) => Promise<string>;

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] });
  sign = (header, claims = {}) =>
    new SignJWT({ iss: 'https://id.example', aud: 'standpoint', sub: 'ana', exp: SECOND + 60, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
      .sign(privateKey);
});

const verdict = async (token: string, tokenType: IssuerSettings['tokenType'] = 'at+jwt'): Promise<string> =>
  verifyToken(token, { settings: { ...SETTINGS, tokenType }, keys, now: () => NOW }).then(
    ({ origin }) => origin.subject,
    (error: { reason?: string }) => error.reason ?? String(error),
  );

describe('A token', () => {
  // Break: `isLoose` being always true, or always false.
  it.each([
    [{ typ: 'at+jwt' }, 'ana', 'ana'],
    [{ typ: 'application/at+jwt' }, 'ana', 'ana'],
    [{ typ: 'AT+JWT' }, 'ana', 'ana'],
    [{ typ: 'JWT' }, 'wrong-type', 'ana'],
    [{}, 'wrong-type', 'ana'],
    [{ typ: 'logout+jwt' }, 'wrong-type', 'wrong-type'],
    [{ typ: 'dpop+jwt' }, 'wrong-type', 'wrong-type'],
  ])('of type %j is an access token, as the settings say', async (header, strict, loose) => {
    const token = await sign(header);
    expect([await verdict(token), await verdict(token, 'JWT')]).toEqual([strict, loose]);
  });

  // Break: TOLERANCE being 9 or 11.
  it.each([
    [{ exp: SECOND - 9 }, 'ana'],
    [{ exp: SECOND - 10 }, 'expired'],
    [{ nbf: SECOND + 10 }, 'ana'],
    [{ nbf: SECOND + 11 }, 'not-yet-valid'],
  ])('with %j is judged by our clock, give or take ten seconds', async (claims, wanted) => {
    expect(await verdict(await sign({ typ: 'at+jwt' }, claims))).toBe(wanted);
  });

  it('is refused whose key turns out to be none', async () => {
    const token = await sign({ typ: 'at+jwt' });
    const broken: JWTVerifyGetKey = () => Promise.reject(new Error('Invalid key data'));
    await expect(
      verifyToken(token, { settings: SETTINGS, keys: broken, now: () => NOW }),
    ).rejects.toMatchObject({
      reason: 'unusable-key',
    });
  });
});
