import canonicalize from 'canonicalize';
import type { Pool } from 'pg';
import { orderedRows } from './ordered-rows.js';

/** The names that streams hold, of those that had begun by then. */
export async function* claimLines(
  pool: Pool,
  dossier: string,
  size: number,
): AsyncGenerator<string[], void, void> {
  const claims = orderedRows<{ name: string; stream_id: string }>(
    pool,
    `SELECT c.name, c.stream_id FROM claim c
       JOIN event e ON e.dossier_id = c.dossier_id AND e.stream_id = c.stream_id AND e.stream_version = 1
      WHERE c.dossier_id = $1 AND e.sequence <= $2 ORDER BY c.name COLLATE "C"`,
    [dossier, size],
  );
  for await (const rows of claims)
    yield rows.map(({ name, stream_id }) => `C ${JSON.stringify(name)} ${stream_id}`);
}

interface KeptRow {
  readonly key: string;
  readonly fingerprint: Buffer;
  readonly sequence: string;
  readonly recorded_at: Date;
  readonly answer: string | null;
}

/** The answers that are kept for idempotency keys. */
export async function* keptAnswerLines(
  pool: Pool,
  dossier: string,
  size: number,
): AsyncGenerator<string[], void, void> {
  const kept = orderedRows<KeptRow>(
    pool,
    `SELECT key, fingerprint, sequence, recorded_at, answer::text AS answer FROM idempotency
      WHERE dossier_id = $1 AND sequence <= $2 ORDER BY key COLLATE "C"`,
    [dossier, size],
  );
  for await (const rows of kept) yield rows.map((row) => `K ${canonicalize(keptAnswer(row))}`);
}

function keptAnswer({ key, fingerprint, sequence, recorded_at, answer }: KeptRow): object {
  return {
    answer,
    fingerprint: fingerprint.toString('base64'),
    key,
    recordedAt: recorded_at.toISOString(),
    sequence: Number(sequence),
  };
}
