import { isIP } from 'node:net';
import type { LevelWithSilent } from 'pino';
import { LIMITS, type Limits } from './access/limits/limits.js';
import { OVERALL_ROLES, type OverallRole } from './access/roles.js';
import { isSafeAddress, type IssuerSettings } from './access/oidc/issuer-settings.js';
import type { VerifierKey } from './ledger/proof/note.js';
import { readWitness } from './ledger/proof/witnesses.js';

/** How the service is configured: from the environment, all optional. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  /** Null: an embedded Postgres is started. */
  readonly databaseUrl: string | null;
  /** For migrations; the same as `databaseUrl` where not given. */
  readonly migrationUrl: string | null;
  /** Where the embedded Postgres, the first administrator's token and keys are kept. */
  readonly dataFolder: string;
  /** Null: generated at the first start and kept in the data folder. */
  readonly adminToken: string | null;
  /** Addresses (or ranges) of proxies that are believed where a request comes from and how; empty: none. */
  readonly trustedProxies: readonly string[];
  /** Origins of other sites whose pages may use the API; empty: none. */
  readonly allowedOrigins: readonly string[];
  readonly limits: Limits;
  /** How much is logged. */
  readonly logLevel: LogLevel;
  /** Whether an empty database is given the example dossier. */
  readonly example: boolean;
  /** Who else issues tokens (OpenID Connect); null: nobody. */
  readonly issuer: IssuerSettings | null;
  /** Witnesses whose signatures are shown under checkpoints; empty: none. */
  readonly witnesses: readonly VerifierKey[];
}

const LOG_LEVELS = [
  'silent',
  'fatal',
  'error',
  'warn',
  'info',
  'debug',
] as const satisfies readonly LevelWithSilent[];
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A wrong value: one line that names the variable. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

type Environment = Readonly<Record<string, string | undefined>>;

export function readSettings(environment: Environment): Settings {
  const given = (name: string): string | null => environment[name]?.trim() || null;
  return {
    port: port(given('PORT') ?? '3000'),
    host: given('HOST') ?? '127.0.0.1',
    databaseUrl: postgresUrl('DATABASE_URL', given('DATABASE_URL')),
    migrationUrl:
      postgresUrl('DATABASE_MIGRATION_URL', given('DATABASE_MIGRATION_URL')) ??
      postgresUrl('DATABASE_URL', given('DATABASE_URL')),
    dataFolder: given('STANDPOINT_DATA') ?? './.standpoint',
    adminToken: token(given('STANDPOINT_ADMIN_TOKEN')),
    trustedProxies: addresses('STANDPOINT_TRUSTED_PROXIES', given('STANDPOINT_TRUSTED_PROXIES') ?? ''),
    allowedOrigins: origins('STANDPOINT_ALLOWED_ORIGINS', given('STANDPOINT_ALLOWED_ORIGINS') ?? ''),
    limits: limits(given),
    logLevel: logLevel('STANDPOINT_LOG_LEVEL', given('STANDPOINT_LOG_LEVEL') ?? 'info'),
    example: onOff('STANDPOINT_EXAMPLE', given('STANDPOINT_EXAMPLE') ?? 'on'),
    issuer: issuer(given),
    witnesses: witnesses('STANDPOINT_WITNESSES', given('STANDPOINT_WITNESSES') ?? ''),
  };
}

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(number <= 65_535))
    throw new SettingError(`PORT must be a port number from 0 to 65535, not ${JSON.stringify(text)}.`);
  return number;
}

function postgresUrl(name: string, text: string | null): string | null {
  if (text === null) return null;
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text))
    throw new SettingError(`${name} must be a URL that begins with postgres:// or postgresql://.`);
  return text;
}

function token(text: string | null): string | null {
  if (text !== null && !/^[\w.~+/-]{16,200}=*$/.test(text))
    throw new SettingError(
      'STANDPOINT_ADMIN_TOKEN must be 16 to 200 letters, digits or any of . _ ~ + / - (RFC 6750).',
    );
  return text;
}

function limits(given: (name: string) => string | null): Limits {
  const read = ({ variable, usual, least, most }: (typeof LIMITS)[keyof Limits]): number => {
    const text = given(variable);
    const value = text === null ? usual : /^\d{1,12}$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most))
      throw new SettingError(
        `${variable} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}.`,
      );
    return value;
  };
  return Object.fromEntries(Object.entries(LIMITS).map(([name, each]) => [name, read(each)])) as Record<
    keyof Limits,
    number
  >; // holds: LIMITS has every limit
}

function origins(name: string, text: string): string[] {
  const given = listed(text);
  const wrong = given.find((each) => !URL.canParse(each) || new URL(each).origin !== each);
  if (wrong !== undefined)
    throw new SettingError(
      `${name} must be origins such as https://example.org, with commas between them, not ${JSON.stringify(wrong)}.`,
    );
  return given;
}

function logLevel(name: string, text: string): LogLevel {
  const level = LOG_LEVELS.find((each) => each === text);
  if (level === undefined)
    throw new SettingError(`${name} must be one of ${LOG_LEVELS.join(', ')}, not ${JSON.stringify(text)}.`);
  return level;
}

function listed(text: string): string[] {
  return text.split(',').flatMap((each) => each.trim() || []);
}

function addresses(name: string, text: string): string[] {
  const given = listed(text);
  const wrong = given.find((each) => !isAddressOrRange(each));
  if (wrong !== undefined)
    throw new SettingError(
      `${name} must be IP addresses or ranges such as 10.0.0.0/8, with commas between them, not ${JSON.stringify(wrong)}.`,
    );
  return given;
}

function witnesses(name: string, text: string): VerifierKey[] {
  return listed(text).map((each) => {
    const key = readWitness(each);
    if (key === null)
      throw new SettingError(
        `${name} must be verifier keys of witnesses (C2SP tlog-cosignature, Ed25519), with commas between them, not ${JSON.stringify(each)}.`,
      );
    return key;
  });
}

function isAddressOrRange(text: string): boolean {
  const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128));
}

function onOff(name: string, text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new SettingError(`${name} must be on or off, not ${JSON.stringify(text)}.`);
}

/** Where one of the variables is given, those without which it means nothing must be, too. */
function issuer(given: (name: string) => string | null): IssuerSettings | null {
  const address = given('STANDPOINT_OIDC_ISSUER');
  const needed = ['AUDIENCE', 'ROLES', 'ROLES_CLAIM', 'NAME_CLAIM', 'TOKEN_TYPE', 'REFETCH_SECONDS'].find(
    (name) => given(`STANDPOINT_OIDC_${name}`) !== null,
  );
  if (address === null && needed === undefined) return null;
  if (address === null || !isIssuer(address))
    throw new SettingError(
      `STANDPOINT_OIDC_ISSUER must be the issuer's https:// address (http:// on this machine only) without user, query or fragment${address === null ? `: STANDPOINT_OIDC_${needed} is given` : ''}.`,
    );
  const audience = given('STANDPOINT_OIDC_AUDIENCE');
  if (audience === null)
    throw new SettingError(
      'STANDPOINT_OIDC_AUDIENCE must say which audience the tokens of STANDPOINT_OIDC_ISSUER are to be meant for.',
    );
  return {
    issuer: address,
    audience,
    nameClaim: given('STANDPOINT_OIDC_NAME_CLAIM') ?? 'preferred_username',
    rolesClaim: given('STANDPOINT_OIDC_ROLES_CLAIM') ?? 'roles',
    roles: rolesByClaim(given('STANDPOINT_OIDC_ROLES') ?? ''),
    tokenType: tokenType(given('STANDPOINT_OIDC_TOKEN_TYPE') ?? 'at+jwt'),
    refetchSeconds: seconds(
      'STANDPOINT_OIDC_REFETCH_SECONDS',
      given('STANDPOINT_OIDC_REFETCH_SECONDS') ?? '30',
    ),
  };
}

/** OpenID Connect Discovery 1.0, 3: an https URL with neither query nor fragment. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[?#@\s]/.test(text)) return false;
  return isSafeAddress(new URL(text));
}

/** A value may hold colons itself (`urn:desk:editors:recorder`): the last one counts. */
function rolesByClaim(text: string): IssuerSettings['roles'] {
  const roles = new Map<string, OverallRole>();
  for (const pair of text.split(',').flatMap((each) => each.trim() || [])) {
    const [, value, named] = /^(.*\S)\s*:\s*(\w+)$/.exec(pair) ?? [];
    const role = OVERALL_ROLES.find((each) => each === named);
    if (value === undefined || role === undefined || roles.has(value))
      throw new SettingError(
        `STANDPOINT_OIDC_ROLES must be VALUE:ROLE with commas between them, each VALUE once, ROLE being ${OVERALL_ROLES.join(' or ')}, not ${JSON.stringify(pair)}.`,
      );
    roles.set(value, role);
  }
  return roles;
}

function tokenType(text: string): IssuerSettings['tokenType'] {
  if (text === 'at+jwt' || text === 'JWT') return text;
  throw new SettingError(`STANDPOINT_OIDC_TOKEN_TYPE must be at+jwt or JWT, not ${JSON.stringify(text)}.`);
}

function seconds(name: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new SettingError(`${name} must be a number of seconds from 1 to 9999, not ${JSON.stringify(text)}.`);
}
