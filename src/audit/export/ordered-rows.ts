import type { Pool, QueryResultRow } from 'pg';

/** Rows fetched at a time. */
const AT_ONCE = 1_000;

/** The rows of a query that sorts, sorted once and fetched as they are wanted. Holds a connection until its end. */
export async function* orderedRows<Row extends QueryResultRow>(
  pool: Pool,
  text: string,
  values: readonly unknown[],
): AsyncGenerator<Row[], void, void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN READ ONLY');
    await client.query(`DECLARE ordered NO SCROLL CURSOR FOR ${text}`, [...values]);
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${AT_ONCE} FROM ordered`);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await client.query('ROLLBACK').catch((error: Error) => (broken = error));
    client.release(broken);
  }
}
