import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Builds the pages unless what is in dist/web was made of the very same files: a start need not wait for that. */
const root = new URL('../', import.meta.url);
const stamp = new URL('dist/web/made-of.txt', root);
const types = new URL('web/src/api/openapi.d.ts', root);

const EVERYTHING = [
  ['web', 'src', 'migrations'],
  ['package-lock.json', 'tsconfig.json'],
];
const PAGES = [['web', 'src/domain'], ['package-lock.json']];

if ((await textOf(stamp)) !== (await digestOf(...EVERYTHING))) {
  const { writeApi } = await import('./write-api.mjs');
  const isNew = await writeApi(types);
  // What is changed while it builds must not be taken for built.
  const [sources, pages] = [await digestOf(...EVERYTHING), await digestOf(...PAGES)];
  const before = new URL('dist/web/pages-made-of.txt', root);
  if (isNew || (await textOf(before)) !== pages) {
    const { build } = await import('vite');
    await build({ configFile: fileURLToPath(new URL('vite.config.js', import.meta.url)), logLevel: 'warn' });
    await mkdir(new URL('.', before), { recursive: true });
    await writeFile(before, pages);
  }
  await writeFile(stamp, sources);
}

/** Of every file's path and content, in order. */
async function digestOf(folders, files) {
  const inFolders = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(new URL(`${folder}/`, root), { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`);
    }),
  );
  const paths = [...inFolders.flat(), ...files.map((file) => fileURLToPath(new URL(file, root)))].toSorted();
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(`${path.slice(fileURLToPath(root).length)}\0`)
      .update(await readFile(path))
      .update('\0');
  return hash.digest('hex');
}

async function textOf(url) {
  return readFile(url, 'utf8').catch(() => null);
}
