import type { LoggedEntry } from './logged-entries.js';

/**
 * C2SP tlog-proof of an event, its `extra` as docs/proof.md says it: canonical JSON, whose keys stand in order here. `checkpoint` is the whole
 * note, `hashes` are those of the inclusion proof.
 */
export function receiptOf(
  { sequence, entry, payload }: LoggedEntry,
  hashes: readonly Buffer[],
  checkpoint: string,
): string {
  const extra = JSON.stringify({
    entry,
    payload: payload?.text ?? null,
    salt: payload?.salt.toString('base64') ?? null,
  });
  const lines = [
    'c2sp.org/tlog-proof@v1',
    `extra ${Buffer.from(extra).toString('base64')}`,
    `index ${sequence - 1}`,
    ...hashes.map((hash) => hash.toString('base64')),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}
