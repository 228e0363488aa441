import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Jest's globalSetup: one cluster for the whole run, whose URLs the tests find in the environment, unless they are there already. */
export default async function startPostgres() {
  if (process.env.STANDPOINT_TEST_SUPERUSER_URL !== undefined) return;
  if (!existsSync(at('../../dist/src/database/embedded/embedded-postgres.js'))) {
    throw new Error('The tests need the built service: run `npm run build` first');
  }
  const child = spawn(process.execPath, [at('postgres-for-tests.mjs')], {
    // Ctrl-C ends Jest, and thereby its standard input, at which it cleans up.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  globalThis.postgresForTests = child;
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error('No PostgreSQL for the tests'))),
  ]);
  const { serviceUrl, ownerUrl, superuserUrl } = JSON.parse(line);
  process.env.STANDPOINT_TEST_SERVICE_URL = serviceUrl;
  process.env.STANDPOINT_TEST_OWNER_URL = ownerUrl;
  process.env.STANDPOINT_TEST_SUPERUSER_URL = superuserUrl;
}
