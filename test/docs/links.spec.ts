import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...(await readdir(resolve('docs'), { recursive: true }))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

describe('the pages', () => {
  it.each(pages)('of %s lead to files and headings that are there', async (page) => {
    for (const [, target = '', anchor] of (await textOf(page)).matchAll(
      /\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g,
    )) {
      const path = target === '' ? page : join(dirname(page), target);
      await expect(stat(resolve(path))).resolves.toBeDefined();
      if (anchor !== undefined) expect(anchorsOf(await textOf(path))).toContain(anchor);
    }
  });

  it('tell of every folder of the service', async () => {
    const page = await textOf('docs/architecture.md');
    const entries = await readdir(resolve('src'), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders.filter((name) => !page.includes(`| \`src/${name}\``))).toEqual([]);
  });

  it('list every decision', async () => {
    const list = await textOf('docs/decisions/README.md');
    const decisions = pages.filter((page) => /decisions\/\d/.test(page)).map((page) => basename(page));
    expect(decisions.filter((name) => !list.includes(`(${name})`))).toEqual([]);
  });

  it('hold decisions that name what was rejected, on at most a page each', async () => {
    for (const page of pages.filter((each) => /decisions\/\d/.test(each))) {
      const text = await textOf(page);
      expect(text).toContain('**Rejected.**');
      expect(text.split(/\s+/).length).toBeLessThan(450);
    }
  });
});

function textOf(page: string): Promise<string> {
  return readFile(resolve(page), 'utf8');
}

/** GitHub's anchors of a page's headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
