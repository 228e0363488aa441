import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** A source file; `path` is relative to the root that it was read from. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

const FOLDERS = ['src', 'migrations', 'test', 'bench', 'web', 'verify'];
const NOT_OURS = /(^|\/)(node_modules|dist|fixtures)$/;

/** Every file of a house in TypeScript, JavaScript or CSS, which has no tree. */
export async function readSources(root: string): Promise<SourceFile[]> {
  const paths = (await Promise.all(FOLDERS.map((folder) => filesIn(join(root, folder))))).flat();
  return Promise.all(
    paths
      .filter((path) => /\.([cm]?[jt]sx?|css)$/.test(path))
      .toSorted()
      .map(async (path) => sourceFile(relative(root, path), await readFile(path, 'utf8'))),
  );
}

export function sourceFile(path: string, text: string): SourceFile {
  const code = path.endsWith('.css') ? '' : text;
  return { path, text, tree: ts.createSourceFile(path, code, ts.ScriptTarget.ES2023, true) };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.test(path) ? [] : filesIn(path);
    return [path];
  });
  return (await Promise.all(found)).flat();
}
