import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The first administrator's. */
export const TOKEN = 'bench-bench-bench-bench';

/** How `npm start` starts the service: with room for what a busy second leaves, so that little of it is taken for lasting and collected dearly. */
const { scripts } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
const USUAL = scripts.start.split(' ').filter((part) => part.startsWith('--'));

/** A program of this project as a process that says its URL on a line. */
export async function start(script, environment) {
  const flags = [...USUAL, ...(process.env.BENCH_SERVICE_ARGUMENTS?.split(' ') ?? [])];
  const child = spawn(process.execPath, [...flags, fileURLToPath(new URL(script, import.meta.url))], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: '0',
      STANDPOINT_ADMIN_TOKEN: TOKEN,
      ...environment,
    },
    stdio: ['ignore', 'pipe', process.env.BENCH_LOG === undefined ? 'ignore' : 'inherit'],
  });
  process.once('exit', () => child.kill());
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/\S+/.exec(line) ?? [];
    if (url !== undefined) return { url, close: () => end(child) };
  }
  throw new Error(`${script} did not start.`);
}

async function end(child) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
