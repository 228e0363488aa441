import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { dossierQuery } from './dossiers.js';
import type { Schemas } from './client.js';
import { useMay } from './may.js';
import { paced } from './paced.js';

export type RecordedEvent = Schemas['Event'];
type Listener = (event: RecordedEvent) => void;

/** Put into the `meta` of a query that brings itself up to date as long as it is looked at. */
export const FRESH_BY_ITSELF = { isFreshByItself: true } as const;

const listeners = new Map<string, Set<Listener>>();

/**
 * Follows a dossier's log while a page of it is open: whatever was asked about it is asked again when an event arrives, as often as it is answered. Whoever may not look
 * at the log hears nothing here, and asks again when they come back to the page.
 */
export function useLiveDossier(dossier: string): void {
  const client = useQueryClient();
  const { data } = dossierQuery.use(dossier);
  const may = useMay(dossier);
  const ready = data !== undefined && may.audit;
  const head = data?.sequence ?? 0;
  useEffect(() => {
    if (!ready) return;
    return follow(client, dossier, head);
    // `head` is not among what it depends on: it is where to begin, and the stream itself moves it
  }, [client, dossier, ready]);
}

/** Calls back with each event of the dossier that arrives while the page is open. */
export function useDossierEvents(dossier: string, listener: Listener): void {
  useEffect(() => {
    const ours = listeners.get(dossier) ?? new Set();
    listeners.set(dossier, ours.add(listener));
    return () => void ours.delete(listener);
  }, [dossier, listener]);
}

/** Whether an event changes what is shown of before it: new names are shown for what was recorded under the old, and what is erased was never there. */
export function reachesBack({ type, stream, streamVersion }: RecordedEvent): boolean {
  return type === 'PayloadRedacted' || (streamVersion > 1 && !/^(statement|assessment)\b/.test(stream));
}

function follow(client: QueryClient, dossier: string, after: number): () => void {
  const stream = new EventSource(
    `/api/v1/dossiers/${encodeURIComponent(dossier)}/events/stream?after=${after}`,
  );
  const asking = paced(() =>
    client.invalidateQueries({
      queryKey: [dossier],
      predicate: (query) => query.meta?.['isFreshByItself'] !== true || !query.isActive(),
    }),
  );
  stream.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const event = JSON.parse(data) as RecordedEvent; // holds: the stream says what the log says
    listeners.get(dossier)?.forEach((listener) => listener(event));
    asking.call();
  });
  return () => {
    stream.close();
    asking.stop();
  };
}
