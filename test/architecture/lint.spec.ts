import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

describe('the linter', () => {
  it('finds nothing', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      resolve('node_modules/oxlint/bin/oxlint'),
      '--format',
      'json',
    ]).catch((error: { readonly stdout: string }) => error);
    const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
    expect(diagnostics.map(({ code, filename }) => `${filename}: ${code}`)).toEqual([]);
  });

  it('is asked for everything but what docs/architecture.md gives a reason for', async () => {
    const page = await readFile(resolve('docs/architecture.md'), 'utf8');
    const settings = await readFile(resolve('.oxlintrc.json'), 'utf8');
    const off = [...settings.matchAll(/"([\w/-]+)": "off"/g)].map(([, rule = '']) => rule);
    expect(off.filter((rule) => !page.includes(`\`${rule}\``))).toEqual([]);
  });
});
