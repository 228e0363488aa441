import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { copy } from '../support/clone.js';

const PROJECTION = 'dist/src/entries/positions-projection.js';

/**
 * A copy of the built service whose positions have other rules, by their version, and take their time: each full step takes so many
 * milliseconds longer, so that a build can be caught growing. Resolves with its main.js.
 */
export async function buildWithNewRules(folder: string, milliseconds: number): Promise<string> {
  await copy(resolve('dist'), join(folder, 'dist'));
  await copy(resolve('package.json'), join(folder, 'package.json'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const file = join(folder, PROJECTION);
  const text = await readFile(file, 'utf8');
  const changed = text
    .replace('projectionVersion(1)', 'projectionVersion(2)')
    .replace(
      /async apply\(.*\{/,
      `$&\nif (events.length === 500) await new Promise((resolve) => setTimeout(resolve, ${milliseconds}));`,
    );
  if (!changed.includes('projectionVersion(2)') || changed.length < text.length + 30)
    throw new Error(`${PROJECTION} is not what it was.`);
  await writeFile(file, changed);
  return join(folder, 'dist/src/main.js');
}
