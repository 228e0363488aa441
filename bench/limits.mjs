import { v7 as uuidv7 } from 'uuid';
import { integers, texts, uuids } from '../dist/src/ledger/binary-array.js';
import { measure } from './callers.mjs';
import { DATA, KIND, TYPE } from './event.mjs';
import { figureOf } from './figures.mjs';

/** Events of one `unnest`. */
export const BATCH = 1_000;

const COLUMNS = `(dossier_id, sequence, id, stream_kind, stream_id, stream_version, type, schema_version,
  recorded_at, recorded_by, correlation_id, causation_id, data)`;

/** What PostgreSQL does with the same rows in tables of the same shape. */
export async function openLimits(pool, dossier) {
  for (const table of ['plain_event', 'plain_batch'])
    await pool.query(`CREATE TABLE ${table} (LIKE event INCLUDING ALL)`);
  const data = JSON.stringify(DATA);
  const correlation = uuidv7();
  let sequence = 0;

  /** One INSERT a transaction, prepared, each caller on a connection of its own; more callers than connections take turns. */
  const insert = () =>
    pool.query({
      name: 'insert',
      text: `INSERT INTO plain_event ${COLUMNS} VALUES ($1, $2, $3, $4, $5, 1, $6, 1, now(), $7, $8, NULL, $9)`,
      values: [dossier, ++sequence, uuidv7(), KIND, uuidv7(), TYPE, 'bench', correlation, data],
    });

  const fill = (value) => Array.from({ length: BATCH }, () => value);
  let batched = 0;
  const unnest = async () => {
    await pool.query({
      name: 'unnest',
      text: `INSERT INTO plain_batch ${COLUMNS}
        SELECT $1::uuid, $2::bigint + e.ordinal, e.id, e.stream_kind, e.stream_id, e.stream_version, e.type, e.schema_version, now(), e.recorded_by, e.correlation_id, NULL, e.data::json
          FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::int[], $7::text[], $8::int[], $9::text[], $10::uuid[], $11::text[]) WITH ORDINALITY
            AS e(id, stream_kind, stream_id, stream_version, type, schema_version, recorded_by, correlation_id, data, ordinal)`,
      values: [
        dossier,
        batched,
        uuids(Array.from({ length: BATCH }, () => uuidv7())),
        texts(fill(KIND)),
        uuids(Array.from({ length: BATCH }, () => uuidv7())),
        integers(fill(1)),
        texts(fill(TYPE)),
        integers(fill(1)),
        texts(fill('bench')),
        uuids(fill(correlation)),
        texts(fill(data)),
      ],
    });
    batched += BATCH;
  };
  return {
    insert: (callers, seconds) => measure(callers, seconds, insert),
    unnest: async (seconds) => {
      const { perSecond, ...rest } = figureOf([await measure(1, seconds, unnest)]);
      return { perSecond: perSecond * BATCH, ...rest };
    },
  };
}
