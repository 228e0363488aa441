import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Packages = Readonly<Record<string, LockedPackage>>;

describe.each(['package-lock.json', 'bench/package-lock.json'])('%s', (path) => {
  let packages: Packages;
  beforeAll(async () => {
    ({ packages } = JSON.parse(await readFile(resolve(path), 'utf8')) as { packages: Packages });
  });

  it('holds the packages of every platform that it names, or `npm ci` would refuse it', () => {
    const missing = Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(packages, name, folder)),
    );
    expect(missing).toEqual([]);
  });

  it('names no registry', () => {
    expect(JSON.stringify(packages)).not.toContain('"resolved":"http');
  });
});

/** Whether Node would find the package from that folder or from one above it. */
function isLocked(packages: Packages, name: string, folder: string): boolean {
  const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
  if (packages[path] !== undefined) return true;
  return (
    folder !== '' && isLocked(packages, name, folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, ''))
  );
}
