/** Stryker with one cluster for the whole run, where every mutant's tests find it in the environment. Arguments are Stryker's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import startPostgres from '../support/start-postgres.js';
import stopPostgres from '../support/stop-postgres.js';

await startPostgres();
try {
  const stryker = spawn(
    process.execPath,
    ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', ...process.argv.slice(2)],
    { stdio: 'inherit', env: { ...process.env, TZ: 'Asia/Kolkata' } }, // where it is UTC, who forgets UTC is right
  );
  const [code] = await once(stryker, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await stopPostgres();
}
