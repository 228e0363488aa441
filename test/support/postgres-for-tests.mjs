/**
 * The cluster of one test run, in a process of its own: it ends with its standard input, so that even a run that
 * was killed leaves no server and no folder behind. Says its URLs as one JSON line.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded/embedded-postgres.js';

// Tests survive no power cut.
const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' };

const folder = await mkdtemp(join(tmpdir(), 'standpoint-test-'));
try {
  const postgres = await startEmbeddedPostgres({ folder, settings });
  console.log(JSON.stringify(postgres));
  process.stdin.resume();
  await once(process.stdin, 'close');
  await postgres.stop();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
