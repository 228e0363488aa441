import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** One password for each role that can log in. Stored as JSON: the names are a file format. */
export interface Passwords {
  readonly superuser: string;
  readonly owner: string;
  readonly service: string;
}

const fileName = 'passwords.json';

/** All three are written before the cluster appears, so that no later step can lose one. */
export async function writePasswords(home: string): Promise<Passwords> {
  const passwords: Passwords = { superuser: random(), owner: random(), service: random() };
  await writeSecret(join(home, fileName), `${JSON.stringify(passwords, null, 2)}\n`);
  return passwords;
}

export async function readPasswords(home: string): Promise<Passwords> {
  const file = join(home, fileName);
  const content: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (isPasswords(content)) return content;
  throw new EmbeddedPostgresError(`${file} does not hold the passwords of the embedded PostgreSQL`);
}

/** Readable by its owner only, and on the disk when this returns. */
export async function writeSecret(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** 192 bits; every character may stand in a URL as it is. */
function random(): string {
  return randomBytes(24).toString('base64url');
}

function isPasswords(content: unknown): content is Passwords {
  if (typeof content !== 'object' || content === null) return false;
  const fields = new Map<string, unknown>(Object.entries(content));
  return ['superuser', 'owner', 'service'].every((role) => typeof fields.get(role) === 'string');
}
