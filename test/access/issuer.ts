import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';

const PROGRAM = fileURLToPath(new URL('oidc-provider.mjs', import.meta.url));

/** What tokens are meant for. */
export const AUDIENCE = 'https://standpoint.example';

type Claims = Readonly<Record<string, unknown>>;

/** How a token differs from a good one; a claim or a header parameter that is undefined is left out. */
export interface Forgery {
  readonly claims?: Claims;
  readonly header?: Claims;
  readonly key?: CryptoKey | Uint8Array | JWK;
}

/** A key of an issuer's, private part included. */
export async function newKey(kid: string, alg = 'RS256', use = 'sig'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, use, ...(use === 'sig' && { alg }) }; // one for encryption has no algorithm, so that nothing but its use tells
}

/** Now, in seconds since 1970, and later by so many. */
export const seconds = (later = 0): number => Math.floor(Date.now() / 1_000) + later;

/** An issuer of tokens: oidc-provider in a process of its own. Whatever it would not do is done with its keys. */
export class Issuer {
  readonly asked: string[] = [];
  private child: ChildProcess | null = null;

  private constructor(
    public keys: readonly JWK[],
    private readonly clients: Readonly<Record<string, Claims>>,
    public url = '',
  ) {}

  static async start(keys: readonly JWK[], clients: Readonly<Record<string, Claims>>): Promise<Issuer> {
    const issuer = new Issuer(keys, clients);
    await issuer.run();
    return issuer;
  }

  /** Starts it again where it was, after `stop`, with the same or with other keys. */
  async run(keys = this.keys): Promise<void> {
    this.keys = keys;
    const configuration = JSON.stringify({ keys, clients: this.clients });
    const child = spawn(
      process.execPath,
      [PROGRAM, new URL(this.url || 'http://x:0').port || '0', configuration],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    this.child = child;
    const lines = createInterface({ input: child.stdout });
    this.url = await new Promise<string>((resolve, reject) => {
      child.once('exit', () => reject(new Error('The provider did not start.')));
      lines.on('line', (line) => {
        const [word, value = ''] = line.split(' ');
        if (word === 'issuer') resolve(value);
        else this.asked.push(value);
      });
    });
  }

  async stop(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child === null) return;
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  /** It takes connections and says nothing until it is let go. */
  hold(): void {
    this.child?.kill('SIGSTOP');
  }

  letGo(): void {
    this.child?.kill('SIGCONT');
  }

  /** An access token as the provider itself makes it. */
  async token(client: string, resource = AUDIENCE): Promise<string> {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client,
      client_secret: 'secret',
      resource,
    });
    const answer = await fetch(`${this.url}/token`, { method: 'POST', body });
    const { access_token: token } = (await answer.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`The provider gave no token: ${answer.status}`);
    return token;
  }

  /** A token as the provider would make it, but for what is forged. */
  async forge({ claims = {}, header = {}, key = this.signing }: Forgery = {}): Promise<string> {
    const payload = {
      iss: this.url,
      aud: AUDIENCE,
      sub: 'forged',
      iat: seconds(),
      exp: seconds(600),
      ...claims,
    };
    const protectedHeader = { alg: 'RS256', typ: 'at+jwt', kid: this.signing.kid, ...header };
    const jwt = new SignJWT(given(payload)).setProtectedHeader({
      ...given(protectedHeader),
      alg: protectedHeader.alg,
    });
    const critical = Object.keys(header).map((name) => [name, true] as const);
    return jwt.sign(isJwk(key) ? await importJWK({ ...key, alg: protectedHeader.alg }) : key, {
      crit: Object.fromEntries(critical),
    });
  }

  get signing(): JWK {
    return this.keyOf('sig');
  }

  keyOf(use: string, alg = 'RS256'): JWK {
    const key = this.keys.find((each) => each.use === use && (use === 'enc' || each.alg === alg));
    if (key === undefined) throw new Error(`There is no key for ${use} with ${alg}.`);
    return key;
  }
}

/** Bad tokens of every kind: why each is refused, and the token. Whoever needs one of them, such as the matrix, finds it here. */
export async function badTokens(issuer: Issuer): Promise<Record<string, { why: RegExp; token: string }>> {
  const { signing } = issuer;
  const stranger = await newKey('strange');
  const [header = '', payload = '', signature = ''] = (await issuer.forge()).split('.');
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const altered = encoded({
    ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object),
    sub: 'somebody',
  });
  const spki = await exportSPKI(
    (await importJWK({ ...publicPart(signing), alg: 'RS256' }, 'RS256', { extractable: true })) as CryptoKey,
  );
  const forged = async (why: RegExp, forgery: Forgery): Promise<{ why: RegExp; token: string }> => ({
    why,
    token: await issuer.forge(forgery),
  });
  const hmac = { header: { alg: 'HS256' } };
  return {
    'an expired one': await forged(/has expired/, { claims: { exp: seconds(-60) } }),
    'one that is not valid yet': await forged(/not valid yet/, { claims: { nbf: seconds(300) } }),
    'one of another audience': await forged(/meant for others/, { claims: { aud: 'https://other.example' } }),
    'one of another audience, from the provider': {
      why: /meant for others/,
      token: await issuer.token('ana', 'https://other.example'),
    },
    'one of no audience': await forged(/claim is missing/, { claims: { aud: undefined } }),
    'one of another issuer': await forged(/another issuer/, { claims: { iss: 'https://other.example' } }),
    'one of an issuer that differs by a slash': await forged(/another issuer/, {
      claims: { iss: `${issuer.url}/` },
    }),
    'one of no issuer': await forged(/another issuer/, { claims: { iss: undefined } }),
    'one of nobody': await forged(/claim is missing/, { claims: { sub: undefined } }),
    'one of a subject that is no text': await forged(/subject is not/, { claims: { sub: 7 } }),
    'one of a subject that moves the cursor': await forged(/subject is not/, {
      claims: { sub: 'a\u001b[2J' },
    }),
    'one that never expires': await forged(/claim is missing/, { claims: { exp: undefined } }),
    'one that expires at a text': await forged(/claim is not what/, { claims: { exp: '9999999999' } }),
    'one with an altered payload': {
      why: /signature is wrong/,
      token: [header, altered, signature].join('.'),
    },
    'one without its signature': { why: /signature is wrong/, token: [header, payload, ''].join('.') },
    'one that somebody else signed in the name of the key': await forged(/signature is wrong/, {
      key: stranger,
    }),
    'one of an unknown key': await forged(/no key for signatures/, {
      key: stranger,
      header: { kid: 'strange' },
    }),
    'one of a key that is for encryption': await forged(/no key for signatures/, {
      key: issuer.keyOf('enc'),
      header: { kid: issuer.keyOf('enc').kid },
    }),
    'one of a key that is for another algorithm': await forged(/no key for signatures/, {
      header: { alg: 'PS256' },
    }),
    'one of algorithm none': {
      why: /algorithm is not one/,
      token: [encoded({ alg: 'none', typ: 'at+jwt' }), payload, ''].join('.'),
    },
    'one of algorithm None with a signature': {
      why: /algorithm is not one/,
      token: [encoded({ alg: 'None', typ: 'at+jwt', kid: signing.kid }), payload, signature].join('.'),
    },
    'one signed with the public key as a secret (PEM)': await forged(/algorithm is not one/, {
      ...hmac,
      key: Buffer.from(spki),
    }),
    'one signed with the public key as a secret (JWK)': await forged(/algorithm is not one/, {
      ...hmac,
      key: Buffer.from(JSON.stringify(publicPart(signing))),
    }),
    'one with a key of its own': await forged(/says itself/, {
      key: stranger,
      header: { jwk: publicPart(stranger), kid: undefined },
    }),
    'one with an address of keys of its own': await forged(/says itself/, {
      key: stranger,
      header: { jku: 'http://127.0.0.1:1/keys', kid: 'strange' },
    }),
    'one with certificates of its own': await forged(/says itself/, { header: { x5c: ['MIIB'] } }),
    'one with a critical extension': await forged(/extension/, { header: { crit: ['odd'], odd: 1 } }),
    'one that is no access token': await forged(/`typ`/, { header: { typ: 'JWT' } }),
    'one without a type': await forged(/`typ`/, { header: { typ: undefined } }),
    'one that is too long': await forged(/too long/, { claims: { padding: 'x'.repeat(9_000) } }),
    'three parts of nothing': { why: /algorithm is not one/, token: 'e30.e30.e30' },
    'three parts that are no base64url of JSON': { why: /cannot be read/, token: 'a.b.c' },
  };
}

export function publicPart({ kty, n, e, kid, alg, use }: JWK): JWK {
  return { kty, kid, alg, use, ...(n !== undefined && { n }), ...(e !== undefined && { e }) } as JWK;
}

function given(values: Claims): Claims {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function isJwk(key: object): key is JWK {
  return 'kty' in key;
}
