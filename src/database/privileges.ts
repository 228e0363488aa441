import pg from 'pg';

/** What the service may do with each table. The log is for reading and appending; only what is derived from it, or is no event, may be changed. */
const APPEND_ONLY = [
  'event',
  'claim',
  'idempotency',
  'dossier_name',
  'ledger_leaf',
  'ledger_checkpoint',
  'ledger_cosignature',
];
const APPEND_AND_ADVANCE = ['dossier_head', 'ledger_tile'];
const DERIVED = [
  'projection_build',
  'dead_letter',
  'statement_version',
  'statement_words',
  'assessment_version',
  'statement_count',
  'position_entry',
  'position_pair',
];
const PASSING = ['token_use', 'session', 'login_link'];

/** What the service may have done to the log nonetheless, by whoever owns it: each does only what an event of the log orders. */
const BY_ORDER = ['erase_redacted(uuid, bigint)'];

/** Gives the service's role what it needs and nothing else. Where it owns the tables, they withhold changes of the log from it all the same. */
export async function grantService(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ owner: string }>('SELECT current_user AS owner');
  if (rows[0]?.owner === role) return;
  const grantee = pg.escapeIdentifier(role);
  for (const [rights, tables] of [
    ['SELECT, INSERT', APPEND_ONLY],
    ['SELECT, INSERT, UPDATE', APPEND_AND_ADVANCE],
    ['SELECT, INSERT, UPDATE, DELETE', [...DERIVED, ...PASSING]],
    ['SELECT', ['migration']],
  ] as const)
    await client.query(`GRANT ${rights} ON ${tables.join(', ')} TO ${grantee}`);
  await client.query(`GRANT EXECUTE ON FUNCTION ${BY_ORDER.join(', ')} TO ${grantee}`);
}
