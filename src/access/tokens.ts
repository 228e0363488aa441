import { hash, randomBytes, scryptSync } from 'node:crypto';

/** A token as it is issued: the secret is shown once and kept nowhere. */
export interface IssuedToken {
  readonly secret: string;
  readonly prefix: string;
  readonly digest: string;
}

/** Bytes that nobody can guess: 256 bits. */
const SECRET = 32;

/** Bytes of the part by which people tell tokens apart: 8 characters. */
const VISIBLE = 6;

/** `sp_`, 8 characters to know it by, and the secret. The beginning lets scanners of source code recognise one that has leaked. */
export function newToken(): IssuedToken {
  const prefix = `sp_${randomBytes(VISIBLE).toString('base64url')}`;
  const secret = `${prefix}_${randomSecret()}`;
  return { secret, prefix, digest: digestOf(secret) };
}

export function randomSecret(): string {
  return randomBytes(SECRET).toString('base64url');
}

/**
 * SHA-256, hexadecimal. What is kept and compared is this and never the secret. Finding it in a map takes time that depends on digests only:
 * a stranger who measures it learns something of the digest of what they sent, which they know, and nothing of a secret that leads to
 * another one. A slow hash would protect nothing more: secrets are random, so that there is no dictionary of them.
 */
export function digestOf(secret: string): string {
  return hash('sha256', secret);
}

/** For the one token that somebody may have thought up: what is kept of it must not lead to it by trying. Takes some tenths of a second. */
export function slowDigestOf(secret: string): string {
  return scryptSync(secret, 'standpoint', 32, { N: 32_768, p: 3, maxmem: 64 * 1_024 * 1_024 }).toString(
    'hex',
  );
}
