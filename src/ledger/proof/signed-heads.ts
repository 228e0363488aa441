import { readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from './checkpoint.js';
import { ignoreMissing, syncFolder, writeExclusively } from './exclusive-file.js';

/** What a file of it holds, as JSON. Stored: every later version must be able to read it. */
interface HeadFile {
  readonly format: 1;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly publicKey: string;
  readonly note: string;
}

const KEPT = /^(\d{1,15})\.json$/;
const GIVEN_UP = /^given-up-(\d{1,15})\.json$/;

/** The last that was signed of a log, and its number in the row of all that was. */
export interface Kept {
  readonly number: number;
  readonly checkpoint: Checkpoint;
}

/**
 * What was last signed of each log, kept outside the database: a folder for each dossier, a file for each signature, numbered; older ones are
 * removed. A number can be taken once, so that of several processes only one signs next, whatever each of them takes for the log.
 */
export class SignedHeads {
  /** `draft`: names a file that no other process writes. */
  constructor(
    private readonly folder: string,
    private readonly draft: () => string,
  ) {}

  /** Null: none was signed yet. */
  async last(dossier: string): Promise<Kept | null> {
    for (;;) {
      const number = (await this.numbers(dossier)).at(-1);
      if (number === undefined) return null;
      const checkpoint = await this.read(this.path(dossier, number));
      if (checkpoint !== null) return { number, checkpoint }; // else a later one has just taken its place
    }
  }

  /** Every dossier whose log was signed. */
  async dossiers(): Promise<string[]> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(ignoreMissing);
    return (entries ?? []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  /** Keeps a checkpoint as the one after another (null: the first, or the first after what was given up), durably. False: another process has taken that place; nothing may be signed on what was known. */
  async keep(dossier: string, after: Kept | null, checkpoint: Checkpoint): Promise<boolean> {
    const number = (after?.number ?? (await this.numbers(dossier, GIVEN_UP)).at(-1) ?? 0) + 1;
    const draft = join(this.folder, this.draft());
    if (!(await writeExclusively(this.path(dossier, number), draft, textOf(checkpoint)))) return false;
    const numbers = await this.numbers(dossier);
    const isLast = numbers.at(-1) === number;
    // Where later ones are there its place was free only because it had been removed.
    const gone = isLast ? numbers.filter((each) => each < number) : [number];
    for (const each of gone) await unlink(this.path(dossier, each)).catch(ignoreMissing);
    return isLast;
  }

  /** Sets aside what was signed of a log whose future was lost, so that a new one can be signed, by another key. */
  async giveUp(dossier: string, { number }: Kept): Promise<void> {
    await rename(this.path(dossier, number), join(this.folder, dossier, `given-up-${number}.json`));
    await syncFolder(join(this.folder, dossier));
  }

  /** Keys that have signed what was given up: they must not sign this log again. */
  async keysGivenUp(dossier: string): Promise<Buffer[]> {
    const names = (await this.names(dossier)).filter((name) => GIVEN_UP.test(name));
    const given = await Promise.all(names.map((name) => this.read(join(this.folder, dossier, name))));
    return given.flatMap((each) => each?.publicKey ?? []);
  }

  private async numbers(dossier: string, like = KEPT): Promise<number[]> {
    const names = await this.names(dossier);
    return names.flatMap((name) => Number(like.exec(name)?.[1] ?? []) || []).toSorted((a, b) => a - b);
  }

  private async names(dossier: string): Promise<string[]> {
    return (await readdir(join(this.folder, dossier)).catch(ignoreMissing)) ?? [];
  }

  private async read(path: string): Promise<Checkpoint | null> {
    const text = await readFile(path, 'utf8').catch(ignoreMissing);
    if (text === undefined) return null;
    const { size, root, publicKey, note } = JSON.parse(text) as HeadFile; // holds: written here, and whole or not there
    return { size, note, root: Buffer.from(root, 'base64'), publicKey: Buffer.from(publicKey, 'base64') };
  }

  private path(dossier: string, number: number): string {
    return join(this.folder, dossier, `${number}.json`);
  }
}

function textOf({ size, root, publicKey, note }: Checkpoint): string {
  const file: HeadFile = {
    format: 1,
    size,
    root: root.toString('base64'),
    publicKey: publicKey.toString('base64'),
    note,
  };
  return `${JSON.stringify(file)}\n`;
}
