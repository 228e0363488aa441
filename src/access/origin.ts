import { createHash } from 'node:crypto';

/**
 * Who a user of somebody else's is there: the two together never change and never mean anybody else (OpenID Connect Core 1.0, 5.7). Stored:
 * fields may be added, never renamed.
 */
export interface Origin {
  readonly issuer: string;
  readonly subject: string;
}

/** One text for an origin: 64 hexadecimal digits. Stored, in claims and in slugs. */
export function fingerprintOfOrigin({ issuer, subject }: Origin): string {
  return createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex');
}
