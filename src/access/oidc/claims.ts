import { fingerprintOfOrigin, type Origin } from '../origin.js';
import type { OverallRole } from '../roles.js';
import type { IssuerSettings } from './issuer-settings.js';
import { Refused } from './refused.js';

type Claims = Readonly<Record<string, unknown>>;

/** What a token says of whoever sends it. */
export interface Bearer {
  readonly origin: Origin;
  /** Null: the token has no name that can be shown. */
  readonly name: string | null;
  /** In the whole installation. */
  readonly role: OverallRole | null;
  /** RFC 3339, UTC, milliseconds. */
  readonly expiresAt: string;
}

/** Characters: what OpenID Connect Core 1.0, 2, allows a subject, and what a name may have here. */
const LONGEST_SUBJECT = 255;
const LONGEST_NAME = 200;

/** Seconds since 1970 after which a year has five digits. */
const END = 253_402_300_799;

/** What verified claims mean. `tolerance`: seconds by which the issuer's clock may be behind. */
export function readClaims(
  claims: Claims,
  { issuer, nameClaim, rolesClaim, roles }: IssuerSettings,
  tolerance: number,
): Bearer {
  const { sub, exp } = claims;
  if (typeof sub !== 'string' || !isShowable(sub, LONGEST_SUBJECT)) throw new Refused('bad-subject');
  if (typeof exp !== 'number') throw new Refused('claim-missing');
  const name = at(claims, nameClaim);
  return {
    origin: { issuer, subject: sub },
    name: typeof name === 'string' && isShowable(name, LONGEST_NAME) ? name.trim() : null,
    role: roleOf(at(claims, rolesClaim), roles),
    expiresAt: new Date(Math.min(exp + tolerance, END) * 1_000).toISOString(),
  };
}

/** The higher of the roles that the values stand for. */
function roleOf(given: unknown, roles: IssuerSettings['roles']): OverallRole | null {
  const values: unknown[] = typeof given === 'string' ? given.split(' ') : Array.isArray(given) ? given : [];
  const held = values.flatMap((value) => (typeof value === 'string' ? (roles.get(value) ?? []) : []));
  return held.reduce<OverallRole | null>(higherRole, null);
}

/** Null is less than any. */
export function higherRole(one: OverallRole | null, other: OverallRole | null): OverallRole | null {
  return one === 'administrator' ? one : (other ?? one);
}

/** A claim by its whole name (which may be a URL), or else by its path. */
function at(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>(
    (within, part) =>
      typeof within === 'object' && within !== null && Object.hasOwn(within, part)
        ? (within as Claims)[part] // holds: an object, and the part is its own
        : undefined,
    claims,
  );
}

/** Nothing blank, nothing that moves the cursor or turns the text around it. */
function isShowable(text: string, longest: number): boolean {
  return text.length <= longest && text.trim() !== '' && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text);
}

/**
 * What is recorded as `recordedBy` of a user of an issuer: something of the name they have at first, and something of their origin, which
 * nobody chooses. A name alone could be that of somebody else (OpenID Connect Core 1.0, 5.7).
 */
export function slugFor({ name, origin }: Bearer, isTaken: (slug: string) => boolean): string {
  const named = (name ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 30)
    .replaceAll(/^-+|-+$/g, '');
  const print = fingerprintOfOrigin(origin);
  const slugs = [8, 16, 24].map((digits) => `${named || 'user'}-${print.slice(0, digits)}`);
  return slugs.find((slug) => !isTaken(slug)) ?? print.slice(0, 63);
}
