import type { Connection } from '../../ledger/event-log.js';
import { REDACTION } from '../../ledger/redactions.js';

/** Which events were redacted, each by the last event up to a size that says so. A payload that is about to be erased counts as gone. */
export async function readRedactions(
  connection: Connection,
  dossier: string,
  size: number,
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await connection.query<{ sequence: string; data: { sequences: readonly number[] } }>({
    name: 'exported redactions',
    text: `SELECT sequence, data FROM event WHERE dossier_id = $1 AND sequence <= $2 AND type = '${REDACTION}' ORDER BY sequence DESC`,
    values: [dossier, size],
  });
  return new Map(
    rows.flatMap(({ sequence, data }) => data.sequences.map((each) => [each, Number(sequence)] as const)),
  );
}
