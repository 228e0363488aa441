import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { Rejection } from '../../domain/rejection.js';
import { readClaims, type Bearer } from './claims.js';
import type { IssuerSettings } from './issuer-settings.js';
import { Refused, type Reason } from './refused.js';

/** Only those by which whoever verifies cannot sign (RFC 8725, 2.1 and 3.1). */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Header parameters by which a token would bring the key to its own lock (RFC 8725, 3.10). */
const OWN_KEYS = ['jwk', 'jku', 'x5c', 'x5u'];

/** Characters. */
const LONGEST = 8_192;

/** Seconds by which the issuer's clock may differ. */
const TOLERANCE = 10;

export interface VerifyOptions {
  readonly settings: IssuerSettings;
  readonly keys: JWTVerifyGetKey;
  /** RFC 3339. */
  readonly now: () => string;
}

/** Reads an access token (RFC 9068, 4). Rejects with Refused, or with `issuer-unavailable` where its key cannot be had. */
export async function verifyToken(token: string, { settings, keys, now }: VerifyOptions): Promise<Bearer> {
  if (token.length > LONGEST) throw new Refused('too-long');
  checkHeader(token, settings.tokenType);
  if (unverified(() => decodeJwt(token)).iss !== settings.issuer) throw new Refused('other-issuer');
  return readClaims(await verified(token, { settings, keys, now }), settings, TOLERANCE);
}

async function verified(token: string, { settings, keys, now }: VerifyOptions): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer: settings.issuer,
      audience: settings.audience,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: TOLERANCE,
      currentDate: new Date(now()),
    });
    return payload;
  } catch (error) {
    throw asRefusal(error);
  }
}

/** What can be refused before any key is looked for is. */
function checkHeader(token: string, wanted: IssuerSettings['tokenType']): void {
  const header = unverified(() => decodeProtectedHeader(token));
  if (typeof header.alg !== 'string' || !ALGORITHMS.includes(header.alg))
    throw new Refused('wrong-algorithm');
  if (Object.hasOwn(header, 'crit')) throw new Refused('critical-extension');
  if (OWN_KEYS.some((name) => Object.hasOwn(header, name))) throw new Refused('brings-its-own-key');
  const type =
    typeof header.typ === 'string' ? header.typ.toLowerCase().replace(/^application\//, '') : header.typ;
  const isLoose = wanted === 'JWT' && (type === undefined || type === 'jwt');
  if (type !== 'at+jwt' && !isLoose) throw new Refused('wrong-type');
}

function unverified<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new Refused('malformed');
  }
}

/** jose's errors by their codes. An issuer that is away is no fault of the token; what else goes wrong (Web Crypto's own errors) is the key's. */
function asRefusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new Refused('expired');
  if (error instanceof errors.JWTClaimValidationFailed) return new Refused(ofClaim(error));
  if (error instanceof errors.JOSEError) return new Refused(BY_CODE[error.code] ?? 'malformed');
  return error instanceof Rejection ? error : new Refused('unusable-key');
}

const BY_CODE: Readonly<Record<string, Reason>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: 'wrong-algorithm',
  ERR_JOSE_NOT_SUPPORTED: 'unusable-key',
  ERR_JWK_INVALID: 'unusable-key',
  ERR_JWKS_INVALID: 'unusable-key',
  ERR_JWKS_NO_MATCHING_KEY: 'unknown-key',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'ambiguous-key',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'bad-signature',
};

function ofClaim({ claim, reason }: errors.JWTClaimValidationFailed): Reason {
  if (reason === 'missing') return 'claim-missing';
  if (claim === 'aud') return 'wrong-audience';
  if (claim === 'iss') return 'other-issuer';
  return claim === 'nbf' && reason === 'check_failed' ? 'not-yet-valid' : 'bad-claim';
}
