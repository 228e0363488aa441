import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checksumText } from '../../src/database/backup/manifest.js';
import { readPasswords } from '../../src/database/embedded/passwords.js';
import { readPostmasterFile } from '../../src/database/embedded/postmaster-process.js';
import { Service } from '../support/service.js';
import { eventually } from '../support/test-folder.js';

const program = fileURLToPath(new URL('../../dist/src/cli/standpoint.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly complaint: string;
}

/** The standpoint command in a process of its own, with this environment and nothing of our own settings. */
export class StandpointCommand {
  readonly outcome: Promise<Outcome>;
  readonly #child;

  constructor(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [program, ...words], {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
    });
    this.outcome = this.#outcome();
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Outcome> {
    this.#child.kill(signal);
    return this.outcome;
  }

  async #outcome(): Promise<Outcome> {
    let [output, complaint] = ['', ''];
    this.#child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    this.#child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    await once(this.#child, 'close');
    return { code: this.#child.exitCode, output, complaint };
  }
}

export function standpoint(words: readonly string[], environment?: Record<string, string>): Promise<Outcome> {
  return new StandpointCommand(words, environment).outcome;
}

/** A folder for the data folders and backups of some tests, below which nobody else can look. */
export class Place {
  private constructor(readonly path: string) {}

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(join(tmpdir(), 'standpoint-backup-')));
  }

  at(...names: string[]): string {
    return join(this.path, ...names);
  }

  /** A service with a PostgreSQL of its own. */
  async serve(name: string, token: string): Promise<Service> {
    return Service.start({
      token,
      database: { serviceUrl: '', ownerUrl: '' },
      environment: {
        DATABASE_URL: undefined,
        DATABASE_MIGRATION_URL: undefined,
        STANDPOINT_ADMIN_TOKEN: undefined,
        STANDPOINT_DATA: this.at(name),
      },
    });
  }

  backup(name: string, target: string, ...options: string[]): StandpointCommand {
    const words = ['backup', this.at(target), ...options];
    return new StandpointCommand(words, { STANDPOINT_DATA: this.at(name) });
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}

/** Puts a token where the service keeps the one that it generates at its first start. */
export async function giveToken(folder: string, token: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, 'admin-token'), `${token}\n`, { mode: 0o600 });
}

export async function superuserUrl(folder: string): Promise<string> {
  const { superuser } = await readPasswords(join(folder, 'postgres'));
  const port = (await readPostmasterFile(join(folder, 'postgres', 'data')))?.port;
  return `postgresql://postgres:${superuser}@127.0.0.1:${port}/standpoint`;
}

/** What has been begun for a target and has no name yet. */
export async function unfinished(target: string): Promise<string[]> {
  const names = await readdir(dirname(target));
  return names.filter((name) => name.startsWith(`${basename(target)}.unfinished-`));
}

/** Resolves when the files of the database are being copied. */
export async function copying(target: string): Promise<void> {
  await eventually(async () => {
    const [draft] = await unfinished(target);
    const files = draft && join(dirname(target), draft, 'installation', 'postgres', 'data', 'base', '1');
    return files !== undefined && (await readdir(files).catch(() => [])).length > 0;
  });
}

/** What is in a backup, as far as tests look at it. */
export interface ManifestRead {
  readonly dossiers: readonly { readonly id: string; readonly sequence: number }[];
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

export async function manifestOf(backup: string): Promise<ManifestRead> {
  return JSON.parse(await readFile(join(backup, 'manifest.json'), 'utf8')) as ManifestRead; // holds: manifest.ts
}

/** Changes what a manifest says, and its checksum with it. */
export async function rewriteManifest(backup: string, changes: Partial<ManifestRead>): Promise<void> {
  const text = JSON.stringify({ ...(await manifestOf(backup)), ...changes });
  await writeFile(join(backup, 'manifest.json'), text);
  await writeFile(join(backup, 'manifest.json.sha256'), checksumText(text));
}
