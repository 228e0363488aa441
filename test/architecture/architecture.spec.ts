import { execFile } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readSources, type SourceFile } from './source-files.js';
import { breaches, SOURCE_RULES } from './source-rules.js';

const ROOT = resolve('.');
const WRONG_HOUSE = resolve('test/architecture/fixtures');

/** As much of dependency-cruiser's report as is read here. */
interface Summary {
  readonly violations: readonly {
    readonly rule: { readonly name: string };
    readonly from: string;
    readonly to: string;
  }[];
  readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
}

const caught = await cruise(WRONG_HOUSE, ['src', 'migrations', 'test', 'web', 'verify']);

describe('imports', () => {
  const rules = caught.ruleSetUsed.forbidden.map(({ name }) => name);

  it('go only where the rules allow', async () => {
    const { violations } = await cruise(ROOT, ['src', 'migrations', 'web/src', 'verify']);
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  }, 180_000);

  it.each(rules)('break the rule %s in the one file that was written to break it', (rule) => {
    const files = caught.violations
      .filter((each) => each.rule.name === rule)
      .map(({ from }) => basename(from));
    expect(files).toEqual([expect.stringMatching(new RegExp(`^${rule}(-either)?\\.ts$`))]);
  });
});

describe('sources', () => {
  let ours: readonly SourceFile[];
  let wrong: readonly SourceFile[];

  beforeAll(async () => {
    [ours, wrong] = await Promise.all([readSources(ROOT), readSources(WRONG_HOUSE)]);
  });

  it.each(Object.entries(SOURCE_RULES))('keep the rule %s', (_, rule) => {
    expect(breaches(rule, ours)).toEqual([]);
  });

  it.each(Object.entries(SOURCE_RULES))('break the rule %s only where they were written to', (name, rule) => {
    const files = breaches(rule, wrong).map((place) => place.replace(/:\d+$/, ''));
    expect(files).not.toEqual([]);
    expect(files.filter((path) => !path.includes(name))).toEqual([]);
  });

  it.each(Object.entries(SOURCE_RULES))('need every exception to the rule %s', (_, rule) => {
    const { except = {}, ...strict } = rule;
    const needed = new Set(breaches(strict, ours).map((place) => place.replace(/:\d+$/, '')));
    expect(Object.keys(except).filter((path) => !needed.has(path))).toEqual([]);
  });
});

/** dependency-cruiser ends with the number of errors as its exit code, its report on standard output all the same. */
async function cruise(house: string, folders: readonly string[]): Promise<Summary> {
  const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = resolve('.dependency-cruiser.js');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, '--config', config, '--output-type', 'json', ...folders],
    { cwd: house, maxBuffer: 64_000_000 },
  ).catch((error: { readonly stdout: string }) => error);
  return (JSON.parse(stdout) as { summary: Summary }).summary;
}
