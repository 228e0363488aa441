/** One process that appends: told by messages how many callers append to which dossiers, it answers with their latencies. */
import { v7 as uuidv7 } from 'uuid';
import { createPool } from '../dist/src/database/data-source.js';
import { Appender } from '../dist/src/ledger/appender.js';
import { measure } from './callers.mjs';
import { DATA, KIND, TYPE } from './event.mjs';

const data = JSON.stringify(DATA);
const provenance = { recordedBy: 'bench', correlationId: uuidv7(), causationId: null };

/** Callers that each append one event to a new stream and wait for the answer. */
export function openLedger(url) {
  const pool = createPool(url);
  const appender = new Appender({ pool, now: () => new Date().toISOString() });
  const append = (dossier) =>
    appender.append(dossier, {
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
      provenance,
    });
  return {
    run: (callers, dossiers, seconds) =>
      measure(callers, seconds, (number) => append(dossiers[number % dossiers.length])),
    close: () => pool.end(),
  };
}

if (process.send !== undefined) {
  const ledger = openLedger(process.env.BENCH_URL);
  process.on('message', async ({ callers, dossiers, seconds }) =>
    process.send(await ledger.run(callers, dossiers, seconds)),
  );
  process.on('disconnect', () => ledger.close());
}
