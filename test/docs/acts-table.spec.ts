import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ACT_NAMES } from '../../src/domain/acts.js';
import { actsTable } from '../../src/domain/acts-table.js';

describe('docs/acts.md', () => {
  it('holds the table that follows from the catalogue', async () => {
    const page = await readFile(resolve('docs/acts.md'), 'utf8');
    expect(page.slice(page.indexOf('| act |'))).toBe(actsTable());
  });

  it('has a row for every act, in the order of the catalogue', () => {
    const rows = actsTable().trimEnd().split('\n').slice(2);
    expect(rows.map((row) => /^\| `(\w+)` \|/.exec(row)?.[1])).toEqual(ACT_NAMES);
  });
});
