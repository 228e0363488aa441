import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium } from 'playwright-core';
import { extract } from 'tar-fs';

const PACKAGE = resolve('node_modules/@sparticuz/chromium');

/** Where systems keep theirs. */
const OF_THE_SYSTEM = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap(
  (name) => (process.env.PATH ?? '').split(':').map((folder) => join(folder, name)),
);

/** A real Chromium: the system's, or else the one that a package carries, with the libraries that a bare system lacks. Rejects where neither runs. */
export async function launchChromium() {
  const ofTheSystem = OF_THE_SYSTEM.find((path) => existsSync(path));
  const tried = [];
  for (const find of [() => Promise.resolve(ofTheSystem), unpacked]) {
    const executablePath = await find().catch((error) => void tried.push(String(error)));
    if (executablePath === undefined) continue;
    try {
      return await launch(executablePath);
    } catch (error) {
      tried.push(`${executablePath}: ${String(error)}`);
    }
  }
  throw new Error(
    `No Chromium runs here, and without one nobody knows whether the pages work. ${tried.join('\n')}`,
  );
}

function launch(executablePath) {
  const libraries = join(executablePath, '../lib');
  const path = [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
    env: { ...process.env, LD_LIBRARY_PATH: path },
    timeout: 60_000,
  });
}

/** The package's Chromium, unpacked once for each of its versions: several specs may be at it at the same time, and the first one's is kept. */
async function unpacked() {
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  const folder = join(tmpdir(), `standpoint-chromium-${version}-${process.getuid?.() ?? 0}`);
  const program = join(folder, 'chromium');
  if (existsSync(program)) return program;
  const draft = await mkdtemp(join(tmpdir(), 'standpoint-chromium-draft-'));
  await Promise.all([
    pipeline(packed('chromium.br'), createBrotliDecompress(), createWriteStream(join(draft, 'chromium'))),
    pipeline(packed('al2023.tar.br'), createBrotliDecompress(), extract(draft)),
    pipeline(packed('fonts.tar.br'), createBrotliDecompress(), extract(draft)),
  ]);
  await chmod(join(draft, 'chromium'), 0o755);
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  return program;
}

const packed = (name) => createReadStream(join(PACKAGE, 'bin', name));
