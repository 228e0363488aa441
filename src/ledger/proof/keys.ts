import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { originOf } from './checkpoint.js';
import { ignoreMissing, replaceDurably, writeExclusively } from './exclusive-file.js';
import { ED25519, signatureLine, type VerifierKey } from './note.js';

/** Where in the data folder the keys and what was signed are kept: docs/operations.md names it, and backups hold it. */
export const LEDGER_FOLDER = 'ledger';

/** Why and by whom a key took the place of the one before. */
export interface Replacement {
  readonly reason: string;
  /** As events have it: who recorded it. */
  readonly recordedBy: string;
}

/** What a key's file holds, as JSON. Stored: every later version must be able to read it. */
interface KeyFile {
  readonly format: 1;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Null: the first one. */
  readonly replacement: Replacement | null;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
}

/** A key of the installation: it signs the checkpoints of every dossier, under the name of each. */
export class SigningKey {
  readonly #key: KeyObject;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Buffer;

  constructor(
    privateKey: string,
    readonly replacement: Replacement | null,
  ) {
    this.#key = createPrivateKey(privateKey);
    const { x = '' } = createPublicKey(this.#key).export({ format: 'jwk' });
    this.publicKey = Buffer.from(x, 'base64url');
  }

  /** The line under a note of a dossier's log. */
  line(dossier: string, text: string): string {
    return signatureLine(verifierKeyOf(dossier, this.publicKey), sign(null, Buffer.from(text), this.#key));
  }
}

/** As verifiers of a dossier's log know a key of the installation. */
export function verifierKeyOf(dossier: string, publicKey: Buffer): VerifierKey {
  return { name: originOf(dossier), type: ED25519, publicKey };
}

const NAME = /^key-(\d{1,6})\.json$/;

/** What tells that keys are barred, as JSON. Stored: every later version must be able to read it. */
interface BarFile {
  readonly format: 1;
  /** RFC 3339. */
  readonly barredAt: string;
  /** The number of the last key that is barred, and all before it. */
  readonly keys: number;
}

const BAR = 'barred.json';

/** The installation's keys: files `key-1.json`, `key-2.json` … of a folder, of which the last one signs. Any process may add one. */
export class KeyFolder {
  private readonly read = new Map<number, SigningKey>();

  /** `draft`: names a file that no other process writes. */
  constructor(
    private readonly folder: string,
    private readonly now: () => string,
    private readonly draft: () => string,
  ) {}

  /** All of them, the one that signs last. Makes the first one. */
  async all(): Promise<readonly [SigningKey, ...SigningKey[]]> {
    const [first, ...others] = await this.there();
    if (first !== undefined) return [first, ...others];
    await this.add(1, null);
    return this.all();
  }

  /** All of them, the one that signs last; none where none was made yet. */
  async there(): Promise<readonly SigningKey[]> {
    return Promise.all((await this.numbers()).map((number) => this.key(number)));
  }

  async current(): Promise<SigningKey> {
    const keys = await this.all();
    return keys.at(-1) ?? keys[0];
  }

  /** Replaces the key; from now on the new one signs. */
  async replace(replacement: Replacement): Promise<SigningKey> {
    const last = (await this.numbers()).at(-1) ?? 0;
    await this.add(last + 1, replacement);
    return this.current();
  }

  /** Bars all keys that there are from signing, for good: what they have signed may not be known here. The one that replaces them is free. */
  async bar(): Promise<void> {
    const keys = (await this.numbers()).at(-1);
    if (keys === undefined) return;
    const file: BarFile = { format: 1, barredAt: this.now(), keys };
    await replaceDurably(
      join(this.folder, BAR),
      join(this.folder, this.draft()),
      `${JSON.stringify(file, null, 1)}\n`,
    );
  }

  /** The keys that are barred. */
  async barred(): Promise<readonly Buffer[]> {
    const text = await readFile(join(this.folder, BAR), 'utf8').catch(ignoreMissing);
    if (text === undefined) return [];
    const { keys } = JSON.parse(text) as BarFile; // holds: written above, and whole or not there
    const numbers = (await this.numbers()).filter((number) => number <= keys);
    return Promise.all(numbers.map(async (number) => (await this.key(number)).publicKey));
  }

  /** Does nothing where another process was quicker: then that one's key is the next. */
  private async add(number: number, replacement: Replacement | null): Promise<void> {
    const { privateKey } = generateKeyPairSync('ed25519');
    const file: KeyFile = {
      format: 1,
      createdAt: this.now(),
      replacement,
      privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    };
    await writeExclusively(
      this.path(number),
      join(this.folder, this.draft()),
      `${JSON.stringify(file, null, 1)}\n`,
    );
  }

  private async numbers(): Promise<number[]> {
    const names = (await readdir(this.folder).catch(ignoreMissing)) ?? [];
    return names.flatMap((name) => Number(NAME.exec(name)?.[1] ?? []) || []).toSorted((a, b) => a - b);
  }

  private async key(number: number): Promise<SigningKey> {
    const known = this.read.get(number);
    if (known !== undefined) return known;
    const file = JSON.parse(await readFile(this.path(number), 'utf8')) as KeyFile; // holds: written here, and whole or not there
    const key = new SigningKey(file.privateKey, file.replacement);
    this.read.set(number, key);
    return key;
  }

  private path(number: number): string {
    return join(this.folder, `key-${number}.json`);
  }
}
