import type pg from 'pg';
import { BackupError } from './backup-error.js';
import type { DossierHead } from './manifest.js';
import { readHeads } from './dossier-logs.js';
import { oneRow } from './session.js';
import { walSegments } from './wal-segments.js';

/** What must be added to the copied files so that PostgreSQL can recover from them. */
export interface BackupEnd {
  /** To be written byte for byte, as `backup_label`. */
  readonly label: string;
  /** In `pg_wal`, kept there as long as the session lasts. */
  readonly segments: readonly string[];
  /** Of a moment after the copying; all of it is in the segments. */
  readonly heads: readonly DossierHead[];
}

interface BackupStart {
  readonly lsn: string;
  readonly timeline: number;
  readonly segmentSize: number;
}

/**
 * PostgreSQL's backup mode: "Making a Base Backup Using the Low Level API" in its manual. It ends with the session, however
 * that ends, and so does the slot, which keeps the write-ahead log from being recycled.
 */
export async function beginBackup(client: pg.Client, label: string): Promise<BackupStart> {
  await refuseTablespaces(client);
  await client.query(
    `SELECT pg_create_physical_replication_slot('standpoint_backup_' || pg_backend_pid(), true, true)`,
  );
  const { lsn } = await oneRow<{ lsn: string }>(client, 'SELECT pg_backup_start($1, true) AS lsn', [label]);
  const { timeline, size } = await oneRow<{ timeline: number; size: string }>(
    client,
    `SELECT timeline_id AS timeline, pg_size_bytes(current_setting('wal_segment_size')) AS size
       FROM pg_control_checkpoint()`,
  );
  return { lsn, timeline, segmentSize: Number(size) };
}

export async function endBackup(client: pg.Client, start: BackupStart): Promise<BackupEnd> {
  const { label, map } = await oneRow<{ label: string; map: string | null }>(
    client,
    'SELECT labelfile AS label, spcmapfile AS map FROM pg_backup_stop(false)',
  );
  if (map) throw tablespacesFound();
  const heads = await readHeads(client);
  // What has been seen was flushed before; switching completes the segment that it is in.
  const { to } = await oneRow<{ to: string }>(client, 'SELECT pg_switch_wal() AS to');
  return { label, heads, segments: walSegments({ ...start, from: start.lsn, to }) };
}

async function refuseTablespaces(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')`,
  );
  if (rowCount !== 0) throw tablespacesFound();
}

/** Standpoint makes none. */
function tablespacesFound(): BackupError {
  return new BackupError('The database has tablespaces outside the data folder: use pg_basebackup');
}
