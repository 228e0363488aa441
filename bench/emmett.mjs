import { endAllPools } from '@event-driven-io/dumbo';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { v7 as uuidv7 } from 'uuid';
import { measure } from './callers.mjs';
import { DATA, TYPE } from './event.mjs';

/** The peer: Emmett's event store in tables of its own in the same database, one event a call to a new stream, with an expected version. */
export async function openEmmett(ownerUrl, pool) {
  const store = getPostgreSQLEventStore(ownerUrl, { connectionOptions: { pool } });
  await store.schema.migrate();
  const append = () =>
    store.appendToStream(`statement-${uuidv7()}`, [{ type: TYPE, data: DATA }], {
      expectedStreamVersion: 'STREAM_DOES_NOT_EXIST',
    });
  return {
    run: (callers, seconds) => measure(callers, seconds, append),
    close: async () => {
      await store.close();
      await endAllPools(); // its migrations leave one open
    },
  };
}
