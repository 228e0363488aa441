import type pg from 'pg';
import { BackupError } from './backup-error.js';
import type { DossierHead } from './manifest.js';
import { oneRow } from './session.js';

/** A dossier's log as it was found, every event of it read. */
export interface DossierLog extends DossierHead {
  readonly slug: string | null;
}

interface LogRow {
  readonly id: string;
  readonly slug: string | null;
  readonly head: string | null;
  readonly events: string;
  readonly first: string;
  readonly last: string;
}

export async function readHeads(client: pg.Client): Promise<DossierHead[]> {
  if (!(await hasLog(client))) return [];
  const { rows } = await client.query<{ id: string; sequence: string }>(
    'SELECT dossier_id AS id, sequence FROM dossier_head ORDER BY dossier_id',
  );
  return rows.map(({ id, sequence }) => ({ id, sequence: Number(sequence) }));
}

/** Rejects unless every log is gapless from 1 to its head and goes at least as far as was promised. */
export async function checkLogs(
  client: pg.Client,
  promised: readonly DossierHead[],
): Promise<readonly DossierLog[]> {
  const logs = (await hasLog(client)) ? (await readLogs(client)).map(gapless) : [];
  const heads = new Map(logs.map(({ id, sequence }) => [id, sequence]));
  for (const { id, sequence } of promised) {
    const found = heads.get(id);
    if (found === undefined || found < sequence)
      throw new BackupError(
        `Dossier ${id} must go to event ${sequence}, and ${found === undefined ? 'is missing' : `ends at ${found}`}: restore another backup`,
      );
  }
  return logs;
}

/** An installation that was never completed has no tables yet. */
async function hasLog(client: pg.Client): Promise<boolean> {
  const sql = `SELECT to_regclass('dossier_head') IS NOT NULL AS there`;
  return (await oneRow<{ there: boolean }>(client, sql)).there;
}

/** From the table and not from an index, whole values included, so that PostgreSQL checks the checksum of each page. */
async function readLogs(client: pg.Client): Promise<LogRow[]> {
  for (const way of ['indexscan', 'indexonlyscan', 'bitmapscan'])
    await client.query(`SET enable_${way} = off`);
  const { rows } = await client.query<LogRow>(
    `SELECT dossier_id AS id, substr(n.name, 6) AS slug, h.sequence AS head,
            coalesce(e.events, 0) AS events, coalesce(e.first, 0) AS first, coalesce(e.last, 0) AS last,
            e.characters
       FROM dossier_head h
       FULL JOIN (SELECT dossier_id, count(*) AS events, min(sequence) AS first, max(sequence) AS last, sum(length(data::text)) AS characters
                    FROM event GROUP BY dossier_id) e USING (dossier_id)
       LEFT JOIN (SELECT dossier_id, min(name) AS name FROM dossier_name WHERE name LIKE 'slug/%' GROUP BY dossier_id) n
                 USING (dossier_id)
      ORDER BY dossier_id`,
  );
  return rows;
}

/** Sequences are unique in a dossier, by its primary key: as many as the last says, from 1, are all. */
function gapless({ id, slug, head, events, first, last }: LogRow): DossierLog {
  const sequence = Number(head);
  const isWhole =
    head !== null &&
    Number(events) === sequence &&
    Number(last) === sequence &&
    first === (sequence > 0 ? '1' : '0');
  if (isWhole) return { id, slug, sequence };
  throw new BackupError(
    `The log of dossier ${id} is not whole: its head is ${head ?? 'missing'}, and it has ${events} events from ${first} to ${last}`,
  );
}
