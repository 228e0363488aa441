/**
 * A service reduced to its embedded PostgreSQL, so that a test can kill it: `embedded-service.mjs FOLDER [SETTINGS]`.
 * Says one JSON line when it runs or was refused, lines beginning with `log:` in between. Stops at the line
 * `stop`, and when whoever started it has gone.
 */
import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded/embedded-postgres.js';

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const [folder, settings = '{"fsync":"off"}'] = process.argv.slice(2);
const say = (line) => console.log(`log: ${line}`);
const log = { debug: say, warn: say };
try {
  const began = performance.now();
  const postgres = await startEmbeddedPostgres({ folder, settings: JSON.parse(settings), log });
  const milliseconds = Math.round(performance.now() - began);
  const handledSignals = signals.filter((signal) => process.listenerCount(signal) > 0);
  console.log(JSON.stringify({ ...postgres, milliseconds, handledSignals }));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'stop') break;
    if (line === 'pid') console.log(JSON.stringify({ pid: postgres.pid }));
  }
  await Promise.all([postgres.stop(), postgres.stop()]);
  process.stdin.destroy();
} catch (error) {
  console.log(JSON.stringify({ error: error.message, name: error.name }));
  process.exitCode = 1;
}
