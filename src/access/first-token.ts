import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The file in the data folder that keeps the first administrator's token. */
export const TOKEN_FILE = 'admin-token';

/** The token that a start has left in the data folder; null if there is none. */
export function keptAdminToken(folder: string): Promise<string | null> {
  return kept(join(folder, TOKEN_FILE));
}

/** The administrator's token: as given, or from the data folder, where the first start generates it, readable by its owner alone. */
export async function adminToken(given: string | null, folder: string): Promise<string> {
  if (given !== null) return given;
  const path = join(folder, TOKEN_FILE);
  await mkdir(folder, { recursive: true });
  return (await kept(path)) ?? (await generate(path));
}

async function kept(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? '' : Promise.reject(error),
  );
  return text.trim() || null;
}

async function generate(path: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(`${token}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return token;
}
