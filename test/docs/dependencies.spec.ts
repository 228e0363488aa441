import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(await readFile(resolve('package.json'), 'utf8')) as Manifest;
const ofBench = JSON.parse(await readFile(resolve('bench/package.json'), 'utf8')) as Manifest;
const page = await readFile(resolve('docs/dependencies.md'), 'utf8');

describe('docs/dependencies.md', () => {
  it.each([
    ['Of the service', manifest.dependencies],
    ['For building and testing', manifest.devDependencies],
    ['For measuring', ofBench.devDependencies],
  ])('explains what package.json names, no more and no less: %s', (section, packages) => {
    expect(explained(section)).toEqual(Object.keys(packages).toSorted());
  });
});

/** The packages that a section's table has a full row for. */
function explained(section: string): string[] {
  const [, rest = ''] = page.split(`\n## ${section}\n`);
  const rows = (rest.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)` *\| *[^| ][^|]*\| *[^| ][^|]*\|$/gm);
  return [...rows].map(([, name = '']) => name).toSorted();
}
