import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { causeInLog } from './postgres-log.js';
import { place } from './placement.js';
import type { PostgresPrograms } from './postgres-programs.js';
import type { ServerAccount } from './server-account.js';
import type { Reports } from './reports.js';

export interface Initialisation {
  /** An empty directory that belongs to the account. */
  readonly data: string;
  /** Holds the superuser's password; belongs to the account. */
  readonly passwordFile: string;
  /** Where initdb's output goes. */
  readonly output: string;
  readonly account: ServerAccount | undefined;
  readonly programs: PostgresPrograms;
  readonly durable: boolean;
  readonly log: Reports;
}

/**
 * Sorting and case come from PostgreSQL's own C.UTF-8 and need nothing of the system. Only extensions (pg_trgm)
 * still ask the C library which characters are letters, and with plain C it knows none outside ASCII.
 */
const characterTypes = ['C.UTF-8', 'en_US.UTF-8', 'C'] as const;

/** Runs initdb in the directory, with the first character type that the system has. */
export async function initialise(initialisation: Initialisation): Promise<void> {
  let output = '';
  for (const characterType of characterTypes) {
    output = await runInitdb(initialisation, characterType);
    if (output === '') {
      if (characterType === 'C')
        initialisation.log.warn('No UTF-8 locale here: search by similarity sees ASCII only');
      return;
    }
    if (!output.includes('invalid locale name')) break;
  }
  const folder = dirname(dirname(initialisation.data));
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL cannot be made in ${folder}: ${causeInLog(output)}`,
  );
}

/** Answers with the output of a failure, empty after success. */
async function runInitdb(initialisation: Initialisation, characterType: string): Promise<string> {
  const { data, passwordFile, account, programs, durable } = initialisation;
  const password = await open(passwordFile, 'r');
  const output = await open(initialisation.output, 'w', 0o600);
  try {
    const { directory, options } = place(data, account);
    const initdb = spawn(programs.initdb, ['-D', directory, ...clusterOptions(characterType, durable)], {
      ...options,
      stdio: [password.fd, output.fd, output.fd],
    });
    await once(initdb, 'exit');
    if (initdb.exitCode === 0) return '';
    const ending = `initdb ended with ${initdb.exitCode ?? initdb.signalCode}`;
    return (await readFile(initialisation.output, 'utf8')) || ending;
  } finally {
    await password.close();
    await output.close();
  }
}

function clusterOptions(characterType: string, durable: boolean): string[] {
  return [
    '--username=postgres',
    '--auth=scram-sha-256',
    // Opened already, because the account may be unable to reach the file by its path.
    '--pwfile=/dev/stdin',
    '--encoding=UTF8',
    '--locale=C',
    `--lc-ctype=${characterType}`,
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    ...(durable ? [] : ['--no-sync']),
  ];
}
