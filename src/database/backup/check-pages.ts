import type pg from 'pg';

/**
 * Has PostgreSQL look through every table, and hold every B-tree index against its table (amcheck in its manual): a page that
 * the copying missed, or copied torn without the log mending it, is found here. Leaves nothing in the database. Rejects with
 * what is wrong.
 */
export async function checkPages(client: pg.Client): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('CREATE EXTENSION amcheck');
    await checkTables(client);
    await client.query(
      `SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_am a ON a.oid = c.relam JOIN pg_index i ON i.indexrelid = c.oid
        WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p' AND i.indisvalid`,
    );
  } finally {
    await client.query('ROLLBACK');
  }
}

async function checkTables(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string; msg: string }>(
    `SELECT c.oid::regclass::text AS name, v.msg FROM pg_class c, LATERAL verify_heapam(c.oid, check_toast => true) v
      WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence = 'p' LIMIT 1`,
  );
  const [found] = rows;
  if (found !== undefined) throw new Error(`${found.name}: ${found.msg}`);
}
