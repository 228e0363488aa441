import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { beginBackup, endBackup } from './base-backup.js';
import { copyFile, writeNew } from './copy-file.js';
import type { FileRecord } from './copy-file.js';
import { requireRoom } from './disk-room.js';
import { CHECKSUM, checksumText, INSTALLATION, MANIFEST, manifestText } from './manifest.js';
import type { Manifest } from './manifest.js';
import { oneRow } from './session.js';
import type { Session } from './session.js';
import { syncAll } from './sync-all.js';
import type { Watch } from './watch.js';
import { CLUSTER, CONTROL_FILE, entriesToCopy, WAL } from './what-to-copy.js';

export interface SourceDescription {
  /** The data folder. */
  readonly folder: string;
  /** Standpoint's. */
  readonly version: string;
  readonly now: () => string;
  readonly watch: Watch;
}

/** Fills a folder with a backup of an installation whose server runs. */
export class InstallationCopy {
  readonly #draft: string;
  readonly #folder: string;
  readonly #client: pg.Client;
  readonly #source: SourceDescription;
  readonly #signal: AbortSignal;
  readonly #folders: string[] = [];
  readonly #files: FileRecord[] = [];
  #done = 0;
  #total = 0;

  constructor(draft: string, { client, lost }: Session, source: SourceDescription) {
    this.#draft = draft;
    this.#folder = source.folder;
    this.#client = client;
    this.#source = source;
    this.#signal = AbortSignal.any([source.watch.signal, lost]);
  }

  async make(): Promise<Manifest> {
    const startedAt = this.#source.now();
    await mkdir(join(this.#draft, INSTALLATION), { mode: 0o700 });
    await this.#measure();
    const start = await beginBackup(this.#client, `standpoint backup of ${startedAt}`);
    await this.#copyRunning();
    const takenAt = this.#source.now();
    const end = await endBackup(this.#client, start);
    await this.#write(`${CLUSTER}/backup_label`, Buffer.from(end.label));
    await this.#copyWal(end.segments, start.segmentSize);
    const manifest: Manifest = {
      format: 1,
      standpoint: this.#source.version,
      postgres: (await oneRow<{ server_version: string }>(this.#client, 'SHOW server_version'))
        .server_version,
      startedAt,
      takenAt,
      dossiers: end.heads,
      folders: this.#folders,
      files: this.#files,
    };
    await this.#complete(manifest);
    return manifest;
  }

  async #measure(): Promise<void> {
    for await (const { size } of entriesToCopy(this.#folder)) this.#total += size;
    await requireRoom(this.#draft, this.#total);
  }

  async #copyRunning(): Promise<void> {
    for await (const { path, kind } of entriesToCopy(this.#folder)) {
      if (kind === 'folder') await this.#makeFolder(path);
      else await this.#copy(path);
    }
    await this.#write(CONTROL_FILE, await readUntorn(join(this.#folder, CONTROL_FILE)));
  }

  async #makeFolder(path: string): Promise<void> {
    await mkdir(this.#place(path), { mode: 0o700 });
    this.#folders.push(path);
  }

  /** Answers with the size. What has gone was not needed: recovery makes it again if it was. */
  async #copy(path: string): Promise<number | undefined> {
    const from = join(this.#folder, path);
    const contents = await copyFile(from, this.#place(path), (bytes) => this.#advance(bytes));
    if (contents !== undefined) this.#files.push({ path, ...contents });
    return contents?.size;
  }

  async #write(path: string, content: Buffer): Promise<void> {
    this.#files.push({ path, ...(await writeNew(this.#place(path), [content])) });
  }

  /** History files are there when the cluster was once restored by other means. */
  async #copyWal(segments: readonly string[], segmentSize: number): Promise<void> {
    this.#total += segments.length * segmentSize;
    for (const name of await readdir(join(this.#folder, WAL)))
      if (name.endsWith('.history')) await this.#copy(`${WAL}/${name}`);
    for (const name of segments) {
      const size = await this.#copy(`${WAL}/${name}`);
      if (size !== segmentSize) throw new Error(`${WAL}/${name} has ${size} bytes instead of ${segmentSize}`);
    }
  }

  /** The manifest comes last: what has one is whole. */
  async #complete(manifest: Manifest): Promise<void> {
    const paths = [...this.#files.map(({ path }) => path), ...this.#folders, ''];
    await syncAll(
      paths.map((path) => this.#place(path)),
      this.#signal,
    );
    const text = manifestText(manifest);
    await writeNew(join(this.#draft, CHECKSUM), [Buffer.from(checksumText(text))]);
    await writeNew(join(this.#draft, MANIFEST), [Buffer.from(text)]);
    const written = [CHECKSUM, MANIFEST, ''].map((name) => join(this.#draft, name));
    await syncAll(written, this.#signal);
  }

  #place(path: string): string {
    return join(this.#draft, INSTALLATION, path);
  }

  #advance(bytes: number): void {
    this.#signal.throwIfAborted();
    this.#done += bytes;
    this.#source.watch.progress('copied', this.#done, Math.max(this.#done, this.#total));
  }
}

/** PostgreSQL may be writing it: it is whole when two readings agree. */
async function readUntorn(path: string): Promise<Buffer> {
  let before = await readFile(path);
  for (;;) {
    await delay(5);
    const now = await readFile(path);
    if (now.equals(before)) return now;
    before = now;
  }
}
