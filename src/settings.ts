import { isIP } from 'node:net';
import type { LevelWithSilent } from 'pino';
import { LIMITS, type Limits } from './access/limits/limits.js';

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

function isAddressOrRange(text: string): boolean {
  const [, address = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128));
}

function onOff(name: string, text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new SettingError(`${name} must be on or off, not ${JSON.stringify(text)}.`);
}
