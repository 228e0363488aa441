import { answered, api, Unreachable } from '../../api/client.js';
import { exportedEvents, linesOf } from './exported.js';
import type { Source } from './log.js';

/** What the service says of a dossier's log, each time anew: what a browser has kept proves nothing. */
export function sourceOf(dossier: string): Source {
  const path = { dossier };
  const raw = async (address: string, signal?: AbortSignal): Promise<Response> => {
    const url = `/api/v1/dossiers/${encodeURIComponent(dossier)}/${address}`;
    const response = await fetch(url, { cache: 'no-store', ...(signal && { signal }) }).catch(
      (cause: unknown) => {
        throw new Unreachable('', { cause });
      },
    );
    if (!response.ok) throw new Unreachable(`${address}: ${response.status}`);
    return response;
  };
  return {
    checkpoint: async (covering) =>
      (await raw(`ledger/checkpoint${covering === undefined ? '' : `?covering=${covering}`}`)).text(),
    key: async () => (await raw('ledger/key')).text(),
    tile: async (address) => new Uint8Array(await (await raw(`ledger/tile/${address}`)).arrayBuffer()),
    events: async function* (signal) {
      const { body } = await raw('export', signal);
      if (body !== null) yield* exportedEvents(linesOf(body));
    },
    proof: (sequence, size) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/ledger/proofs/{sequence}', {
          params: { path: { ...path, sequence: String(sequence) }, query: { size } },
          cache: 'no-store',
        }),
      ),
    consistency: async (from, to) =>
      (
        await answered(
          api.GET('/api/v1/dossiers/{dossier}/ledger/consistency', {
            params: { path, query: { from, to } },
            cache: 'no-store',
          }),
        )
      ).hashes,
    rotations: async () =>
      (
        await answered(
          api.GET('/api/v1/dossiers/{dossier}/events', {
            params: { path, query: { type: 'LedgerKeyRotated', limit: 500 } },
          }),
        )
      ).items,
  };
}
