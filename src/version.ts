import { readFileSync } from 'node:fs';

/** The project's root, from where the build stands. */
export const PROJECT_ROOT = new URL('../../', import.meta.url);

const { version } = JSON.parse(readFileSync(new URL('package.json', PROJECT_ROOT), 'utf8')) as {
  version: string;
}; // holds: npm requires it

export const VERSION = version;
