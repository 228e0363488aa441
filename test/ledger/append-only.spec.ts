import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { anAppend, TestLedger } from './test-ledger.js';

const APPEND_ONLY = [
  'event',
  'claim',
  'idempotency',
  'ledger_leaf',
  'ledger_checkpoint',
  'ledger_cosignature',
] as const;

/** Tables that span dossiers: names of dossiers, and the list of the schema's own changes. */
const OF_NO_DOSSIER = new Set(['dossier_name', 'migration']);

let ledger: TestLedger;
let owner: Client;
let superuser: Client;

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

beforeAll(async () => {
  ledger = await TestLedger.open();
  owner = await connected(ledger.database.ownerUrl);
  superuser = await connected(ledger.database.superuserUrl);
  const dossier = await ledger.newDossier();
  const streamId = uuidv7();
  await ledger.appender().append(
    dossier,
    anAppend(streamId, 1, {
      claims: [{ name: 'party/p', streamId }],
      idempotency: { key: 'k', fingerprint: Buffer.from('f'), answer: '{}' },
    }),
  );
  await ledger.pool.query(`INSERT INTO ledger_leaf VALUES ($1, 1, '\\x01', '\\x02', '\\x03')`, [dossier]);
});

afterAll(async () => {
  await owner.end();
  await superuser.end();
  await ledger.close();
});

const CHANGES = APPEND_ONLY.flatMap((table) => [
  { table, sql: `UPDATE ${table} SET dossier_id = dossier_id` },
  { table, sql: `DELETE FROM ${table}` },
  { table, sql: `TRUNCATE ${table}` },
]);

describe('what is in the log', () => {
  // Break: move the table to DERIVED in src/database/privileges.ts; the trigger's message then comes in place of this one.
  it.each(CHANGES)('stays: the service may not $sql', async ({ table, sql }) => {
    await expect(ledger.pool.query(sql)).rejects.toMatchObject({
      code: '42501',
      message: `permission denied for table ${table}`,
    });
  });

  it.each(CHANGES)('stays: the owner has given up the right to $sql', async ({ table, sql }) => {
    await expect(owner.query(sql)).rejects.toMatchObject({
      code: '42501',
      message: `permission denied for table ${table}`,
    });
  });

  // Break: the CREATE TRIGGER of the ledger's migration.
  it.each(CHANGES)('stays: the trigger refuses even a superuser who would $sql', async ({ table, sql }) => {
    await expect(superuser.query(sql)).rejects.toMatchObject({
      code: '42501',
      message: expect.stringContaining(`of ${table} refused`) as string,
    });
  });

  it('stays when an insertion collides with it', async () => {
    const { rows } = await ledger.pool.query<{ dossier_id: string }>('SELECT dossier_id FROM event');
    await expect(
      ledger.pool.query(
        `INSERT INTO claim (dossier_id, name, stream_id) VALUES ($1, 'party/p', $2)
         ON CONFLICT (dossier_id, name) DO UPDATE SET stream_id = excluded.stream_id`,
        [rows[0]?.dossier_id, uuidv7()],
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

describe("the service's role", () => {
  let role: string;

  beforeAll(async () => {
    const { rows } = await ledger.pool.query<{ role: string }>('SELECT current_user AS role');
    role = rows[0]?.role ?? '';
  });

  it('is no superuser, owns nothing, creates nothing and takes part in no other role', async () => {
    const { rows } = await superuser.query(
      `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication AS privileged,
              EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) OR EXISTS (SELECT FROM pg_proc WHERE proowner = r.oid)
                OR EXISTS (SELECT FROM pg_namespace WHERE nspowner = r.oid) AS owns,
              has_schema_privilege(r.oid, 'public', 'CREATE') AS creates,
              EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid) AS joined
         FROM pg_roles r WHERE rolname = $1`,
      [role],
    );
    expect(rows).toEqual([{ privileged: false, owns: false, creates: false, joined: false }]);
  });

  // Break: leave a table out of src/database/privileges.ts.
  it('may do with every table exactly what its kind allows', async () => {
    const { rows } = await superuser.query<{ table: string; rights: string[] | null }>(
      `SELECT c.relname AS table, array_agg(g.privilege_type::text ORDER BY g.privilege_type) FILTER (WHERE g.privilege_type IS NOT NULL) AS rights
         FROM pg_class c LEFT JOIN information_schema.role_table_grants g
              ON g.table_name = c.relname AND g.table_schema = 'public' AND g.grantee = $1
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace GROUP BY 1 ORDER BY 1`,
      [role],
    );
    const derived = ['DELETE', 'INSERT', 'SELECT', 'UPDATE'];
    const appended = ['INSERT', 'SELECT'];
    const special: Record<string, string[]> = {
      event: appended,
      claim: appended,
      idempotency: appended,
      dossier_name: appended,
      dossier_head: ['INSERT', 'SELECT', 'UPDATE'],
      ledger_leaf: appended,
      ledger_checkpoint: appended,
      ledger_cosignature: appended,
      ledger_tile: ['INSERT', 'SELECT', 'UPDATE'],
      migration: ['SELECT'],
    };
    expect(rows.map(({ table }) => table)).toEqual(expect.arrayContaining(Object.keys(special)));
    for (const { table, rights } of rows)
      expect({ table, rights }).toEqual({ table, rights: special[table] ?? derived });
  });
});

describe('every key', () => {
  // Break: a UNIQUE (slug) somewhere.
  it('begins with dossier_id, so that the database can be sharded by it', async () => {
    const { rows } = await superuser.query<{ table: string; name: string; first: string }>(
      `SELECT t.relname AS table, i.relname AS name, a.attname AS first
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
              LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
        WHERE t.relnamespace = 'public'::regnamespace AND x.indisunique
       UNION ALL
       SELECT t.relname, k.conname, a.attname
         FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
              LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]
        WHERE t.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'f')`,
    );
    const tables = new Set(rows.map(({ table }) => table));
    expect([...tables]).toEqual(expect.arrayContaining(['event', 'dossier_head', 'projection_build']));
    expect(rows.filter(({ table, first }) => first !== 'dossier_id' && !OF_NO_DOSSIER.has(table))).toEqual(
      [],
    );
  });

  it('is there: no table is without a primary key', async () => {
    const { rows } = await superuser.query(
      `SELECT relname FROM pg_class c WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p')`,
    );
    expect(rows).toEqual([]);
  });

  it('is no foreign key that reaches from one dossier into another', async () => {
    const { rows } = await superuser.query(
      `SELECT conname FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = k.confkey[1]
        WHERE contype = 'f' AND a.attname <> 'dossier_id'`,
    );
    expect(rows).toEqual([]);
  });
});
