import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import { Chance, say } from '../support/crash-chance.js';
import { positionsOf, readLog } from '../support/crash-check.js';
import { CrashClient } from '../support/crash-client.js';
import { openRiver, saying } from '../support/http-cast.js';
import { connect } from '../support/queries.js';
import { startService, type FreshService } from '../support/service.js';
import { Fuzzer } from './fuzzer.js';

/**
 * `STANDPOINT_RUNS=100000 STANDPOINT_SEED=42` repeats or extends a run. Ids are the service's own, so that a run is repeated in its
 * shape only; every fault is told with the whole request.
 *
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - http/problem, `detailOf`: telling an error's stack;
 * - dossiers/write, `attempt`: refusing what has been appended;
 * - entries/positions-projection, `entryOf`: not leaving out what has been voided: positions that do not follow from the log.
 */
const RUNS = Number(process.env['STANDPOINT_RUNS'] ?? 3_000);
const chance = Chance.ofThisRun(`fuzzer (STANDPOINT_RUNS=${RUNS})`);

let running: FreshService;
let client: CrashClient;
let database: Client;
let fuzzer: Fuzzer;

beforeAll(async () => {
  running = await startService();
  const { service } = running;
  client = new CrashClient(() => service.url, service.token);
  database = await connect(running.database.ownerUrl);
  await openRiver(service, 'river');
  for (const act of ['ProposalMade', 'DemandMade', 'TruceDeclared', 'SupportExpressed'])
    await service.write('/dossiers/river/statements', saying({ act }));
  fuzzer = new Fuzzer(service.contract, client, database, chance);
  const lists = ['parties', 'speakers', 'topics', 'sources', 'statements'];
  await fuzzer.begin(['/api/v1/dossiers', ...lists.map((list) => `/api/v1/dossiers/river/${list}`)]);
});

afterAll(async () => {
  client?.close();
  await database?.end();
  await running?.end();
});

describe(`${RUNS} requests that the document allows, or nearly (seed ${chance.seed})`, () => {
  it(
    'are each answered as it says, and what is refused leaves nothing behind',
    async () => {
      await fuzzer.send(RUNS);
      await fuzzer.sendRest(RUNS);
      const lines = [...fuzzer.statuses].map(([operation, statuses]) => {
        const counts = [...statuses].toSorted(([one], [other]) => one - other);
        return `${operation} ${counts.map(([status, count]) => `${status}×${count}`).join(' ')}`;
      });
      say(`fuzzer: ${lines.join(' · ')}`);
      expect(fuzzer.faults).toEqual([]);
    },
    300_000 + 50 * RUNS,
  );

  it('have carried out every operation at least once, but for those that take a secret or a signature which nobody guesses', () => {
    expect(fuzzer.never.filter((name) => name !== 'beginSession' && name !== 'cosignLedger')).toEqual([]);
  });

  it('leave positions that follow from the log', async () => {
    const dossiers = await running.service.all<DossierView>('/dossiers');
    for (const { id, sequence } of dossiers) {
      const events = await readLog(client, id);
      expect(events.map((event) => event.sequence)).toEqual(
        Array.from({ length: sequence }, (_, at) => at + 1),
      );
      const { served, folded } = await positionsOf(client, id, events);
      expect(served).toEqual(folded);
    }
  }, 120_000);
});
