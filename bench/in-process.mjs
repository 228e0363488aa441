import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { openEmmett } from './emmett.mjs';
import { figureOf } from './figures.mjs';
import { openLedger } from './ledger-process.mjs';
import { openLimits } from './limits.mjs';

export const CALLERS = [1, 8, 64, 256];
export const DOSSIERS = [1, 16];
export const PROCESSES = [1, 2];

/** Of the limits and the peer, one for each caller as far as they go. */
const MOST_CONNECTIONS = 64;

/** What is measured in process: the ledger, its limits and its peer; what is compared stands close together. */
export async function measureInProcess({ serviceUrl, ownerUrl }, seconds) {
  const dossiers = await openDossiers(ownerUrl);
  const ledger = openLedger(serviceUrl);
  const [one, other] = [startProcess(serviceUrl), startProcess(serviceUrl)];
  const pool = new pg.Pool({
    connectionString: ownerUrl,
    max: MOST_CONNECTIONS,
    idleTimeoutMillis: 0, // all stay open from the first round on: to open 64 takes as long as a measurement
  });
  const limits = await openLimits(pool, dossiers[0]);
  const emmett = await openEmmett(ownerUrl, pool);
  const alone = async (callers, on) => figureOf([await ledger.run(callers, on, seconds)]);
  const together = async (callers, on) => {
    const half = { callers: Math.ceil(callers / 2), dossiers: on, seconds };
    return figureOf(await Promise.all([one.run(half), other.run(half)]));
  };
  const measurements = CALLERS.flatMap((callers) => [
    ...DOSSIERS.flatMap((count) => [
      { name: `ledger ${callers} ${count} 1`, run: () => alone(callers, dossiers.slice(0, count)) },
      ...(callers === 64 && count === 1 ? [{ name: 'unnest', run: () => limits.unnest(seconds) }] : []),
      ...(callers > 1
        ? [{ name: `ledger ${callers} ${count} 2`, run: () => together(callers, dossiers.slice(0, count)) }]
        : []),
    ]),
    { name: `insert ${callers}`, run: async () => figureOf([await limits.insert(callers, seconds)]) },
    { name: `emmett ${callers}`, run: async () => figureOf([await emmett.run(callers, seconds)]) },
  ]);
  const stop = async () => {
    await Promise.all([ledger, one, other, emmett].map((each) => each.close()));
    await pool.end();
  };
  return { measurements, stop };
}

async function openDossiers(ownerUrl) {
  const ids = Array.from({ length: Math.max(...DOSSIERS) }, () => uuidv7());
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(
    'INSERT INTO dossier_head (dossier_id, sequence, recorded_at) SELECT id, 0, now() FROM unnest($1::uuid[]) AS id',
    [ids],
  );
  await client.end();
  return ids;
}

function startProcess(url) {
  const child = fork(fileURLToPath(new URL('ledger-process.mjs', import.meta.url)), {
    env: { ...process.env, BENCH_URL: url },
    serialization: 'advanced',
  });
  return {
    run: async (told) => {
      child.send(told);
      const [answer] = await once(child, 'message');
      return answer;
    },
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
