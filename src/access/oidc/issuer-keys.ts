import { types } from 'node:util';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { Rejection } from '../../domain/rejection.js';
import { isSafeAddress } from './issuer-settings.js';

/** Milliseconds that one answer of the issuer may take. */
const PATIENCE = 5_000;

/** Milliseconds after an issuer that did not answer within which it is not asked again. */
const REST = 2_000;

/** Bytes: far more than any issuer has to say. */
const LONGEST = 1_048_576;

export interface IssuerKeysOptions {
  readonly issuer: string;
  readonly refetchSeconds: number;
  /** Milliseconds, from any beginning, never backwards. */
  readonly clock: () => number;
  readonly complain: (line: string) => void;
}

/** What came of asking, and when. */
interface Asked {
  readonly at: number;
  readonly failed: boolean;
}

/**
 * The keys by which an issuer signs, found by OpenID Connect Discovery 1.0. Keys that are known stay known while the issuer is away. It is
 * asked by one request at a time, and by so few that nobody can have us hammer it with tokens of keys that it does not have.
 */
export class IssuerKeys {
  private known: JWTVerifyGetKey | null = null;
  private asked: Asked | null = null;
  private asking: Promise<void> | null = null;

  constructor(private readonly options: IssuerKeysOptions) {}

  /** Has the keys looked up now and every so many milliseconds, since the issuer may withdraw one; nobody waits for it. Ends when what it returns is called. */
  keepFresh(every: number): () => void {
    const refresh = (): void => void this.refresh().catch(() => undefined); // ask() has complained
    refresh();
    const timer = setInterval(refresh, every).unref();
    return () => clearInterval(timer);
  }

  /** For jose's jwtVerify. Rejects with `issuer-unavailable` where only an issuer that is away could say, else with jose's own errors. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.known === null) await this.refresh();
    try {
      return await this.lookUp(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await this.refresh();
    return this.lookUp(header, token);
  };

  /** Asks the issuer unless that was done just now. Rejects with `issuer-unavailable` where it did not, or does not, answer. */
  refresh(): Promise<void> {
    if (this.asking !== null) return this.asking;
    const wait = this.asked?.failed ? REST : this.options.refetchSeconds * 1_000;
    if (this.age() < wait) return this.asked?.failed ? Promise.reject(away()) : Promise.resolve();
    this.asking = this.ask().finally(() => (this.asking = null));
    return this.asking;
  }

  private lookUp: JWTVerifyGetKey = async (header, token) => {
    if (this.known === null) throw away();
    return this.known(header, token);
  };

  private age(): number {
    return this.asked === null ? Infinity : this.options.clock() - this.asked.at;
  }

  private async ask(): Promise<void> {
    const { clock, complain, issuer } = this.options;
    try {
      this.known = createLocalJWKSet(await keysOf(issuer));
      this.asked = { at: clock(), failed: false };
    } catch (error) {
      this.asked = { at: clock(), failed: true };
      complain(
        `The keys of ${issuer} cannot be had, ${this.known ? 'new ones' : 'none'} are known: ${said(error)}`,
      );
      throw away();
    }
  }
}

async function keysOf(issuer: string): Promise<JSONWebKeySet> {
  const document = await read(new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  const { issuer: itself, jwks_uri: address } = document;
  if (itself !== issuer) throw new Error(`its discovery document is of ${JSON.stringify(itself)}`);
  if (typeof address !== 'string' || !URL.canParse(address) || !isSafeAddress(new URL(address)))
    throw new Error('its discovery document names no https:// address of keys');
  return (await read(new URL(address))) as unknown as JSONWebKeySet; // holds: createLocalJWKSet looks whether it is one
}

/** The JSON object at an address. Whoever answers may be slow or send without end, and is not believed where else to look. */
async function read(address: URL): Promise<Record<string, unknown>> {
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(address, { signal, redirect: 'error', headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${address.href} answered ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body ?? []) {
    length += chunk.length;
    if (length > LONGEST) throw new Error(`${address.href} answered with more than ${LONGEST} bytes`);
    chunks.push(chunk);
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new Error(`${address.href} answered with no object`);
  return value as Record<string, unknown>; // holds: it is an object
}

/** What fetch rejects with says little; its cause tells. Either may be of another realm, in which tests run. */
function said(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  return types.isNativeError(error.cause) ? `${error.message}: ${error.cause.message}` : error.message;
}

function away(): Rejection {
  return new Rejection(
    'issuer-unavailable',
    'The key of this token is not known yet, and its issuer, who could tell it, does not answer. Try again.',
  );
}
