import type { OverallRole } from '../roles.js';

/** Who else than Standpoint issues tokens, and what is read from them. */
export interface IssuerSettings {
  /** As discovery and the claim `iss` must say, letter for letter. */
  readonly issuer: string;
  /** What the claim `aud` must hold. */
  readonly audience: string;
  /** The claim by which users are shown. */
  readonly nameClaim: string;
  /** The claim that tells roles: texts, or one text with spaces between them. Of a name with dots each part leads one object deeper. */
  readonly rolesClaim: string;
  /** The role in the whole installation that each value of that claim stands for. */
  readonly roles: ReadonlyMap<string, OverallRole>;
  /** The header `typ` of access tokens: RFC 9068's, or `JWT` of issuers that do not follow it. */
  readonly tokenType: 'at+jwt' | 'JWT';
  /** Keys are asked for at most once in so many seconds. */
  readonly refetchSeconds: number;
}

/** Whether nobody between here and there can change what is read there: TLS, or this very machine. */
export function isSafeAddress({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  return protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
