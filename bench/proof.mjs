/**
 * What the transparency log costs appends: 64 callers on one dossier, one ~700-byte event each, in one process, with nothing behind them and
 * with leaves, tiles and signatures made as the service makes them, in turns in the same run. Told are events a second, microseconds of
 * this process's processor time for an append, and the ratio within a round.
 *
 *   npm run bench:proof               about a minute
 *   BENCH_SECONDS=2 BENCH_ROUNDS=3    seconds of one measurement, and rounds (the first one more only warms up)
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { createDataSource, createPool } from '../dist/src/database/data-source.js';
import { startEmbeddedPostgres } from '../dist/src/database/embedded/embedded-postgres.js';
import { migrate } from '../dist/src/database/migrate.js';
import { Appender } from '../dist/src/ledger/appender.js';
import { EventLog } from '../dist/src/ledger/event-log.js';
import { Bell } from '../dist/src/ledger/follower.js';
import { ProjectionRunner } from '../dist/src/ledger/projection-runner.js';
import { Projector } from '../dist/src/ledger/projector.js';
import { CheckpointKeeper } from '../dist/src/ledger/proof/checkpoint-keeper.js';
import { KeyFolder } from '../dist/src/ledger/proof/keys.js';
import { LeavesProjection } from '../dist/src/ledger/proof/leaves-projection.js';
import { Rotations } from '../dist/src/ledger/proof/rotation.js';
import { SignedHeads } from '../dist/src/ledger/proof/signed-heads.js';
import { Signer } from '../dist/src/ledger/proof/signer.js';
import { DATA, KIND, TYPE } from './event.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CALLERS = 64;
const now = () => new Date().toISOString();

const data = JSON.stringify(DATA);
const newAppend = () => ({
  events: [
    {
      id: uuidv7(),
      streamKind: KIND,
      streamId: uuidv7(),
      streamVersion: 1,
      type: TYPE,
      schemaVersion: 1,
      data,
    },
  ],
  provenance: { recordedBy: 'bench', correlationId: uuidv7(), causationId: null },
});

function withLog(pool, dataSource, log, folder) {
  const [bell, made] = [new Bell(), new Bell()];
  const appender = new Appender({ pool, now, committed: (dossier) => bell.ring(dossier) });
  const leaves = new LeavesProjection({ random: randomBytes, made: (dossier) => made.ring(dossier) });
  const projector = new Projector(dataSource, log, now);
  const complain = (error) => console.error(error);
  const runner = new ProjectionRunner({
    database: dataSource,
    projector,
    projections: [leaves],
    bell,
    isAppending: (dossier) => appender.isAppending(dossier),
    now,
    complain,
  });
  const keys = new KeyFolder(folder, now, uuidv7);
  const heads = new SignedHeads(join(folder, 'signed'), uuidv7);
  const rotations = new Rotations(log, appender, uuidv7);
  const signer = new Signer({ pool, log, keys, heads, rotations, leaves, now });
  const keeper = new CheckpointKeeper({ pool, signer, runner, keys, heads, made, complain });
  runner.start();
  keeper.start();
  return { appender, keeper, stop: () => keeper.stop().then(() => runner.stop()) };
}

async function measure(pool, appender) {
  const dossier = uuidv7();
  await pool.query('INSERT INTO dossier_head (dossier_id, sequence, recorded_at) VALUES ($1, 0, now())', [
    dossier,
  ]);
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  let appends = 0;
  const call = async () => {
    for (; performance.now() - began < SECONDS * 1_000; appends++)
      await appender.append(dossier, newAppend());
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  const seconds = (performance.now() - began) / 1_000;
  const used = process.cpuUsage(cpu);
  return { dossier, appends, perSecond: appends / seconds, cpu: (used.user + used.system) / appends };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const folder = await mkdtemp(join(tmpdir(), 'standpoint-bench-'));
const postgres = await startEmbeddedPostgres({ folder });
try {
  await migrate(postgres.ownerUrl, postgres.serviceUrl);
  const pool = createPool(postgres.serviceUrl);
  const dataSource = await createDataSource(postgres.serviceUrl, []).initialize();
  const log = new EventLog(pool);
  const rows = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const without = await measure(pool, new Appender({ pool, now }));
    const service = withLog(pool, dataSource, log, join(folder, 'ledger'));
    const figure = await measure(pool, service.appender);
    const began = performance.now();
    await service.keeper.covering(figure.dossier, figure.appends);
    const behind = performance.now() - began;
    await service.stop();
    if (round > 0) rows.push({ without, figure, behind });
  }
  const of = (read) => median(rows.map(read));
  console.log(
    `appends/s without the log ${of(({ without }) => without.perSecond).toFixed(0)}, with it ${of(({ figure }) => figure.perSecond).toFixed(0)}: ${(100 * of(({ without, figure }) => figure.perSecond / without.perSecond)).toFixed(1)} %`,
  );
  console.log(
    `µs of this process an append without the log ${of(({ without }) => without.cpu).toFixed(1)}, with it ${of(({ figure }) => figure.cpu).toFixed(1)}: ${(100 * of(({ without, figure }) => figure.cpu / without.cpu)).toFixed(1)} %`,
  );
  console.log(
    `ms until the whole log was signed after the load ${of(({ behind }) => behind).toFixed(0)}, of ${of(({ figure }) => figure.appends)} events`,
  );
  await dataSource.destroy();
  await pool.end();
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
