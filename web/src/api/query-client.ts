import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Refusal, Unreachable } from './client.js';

type Listener = () => void;
const listeners = new Set<Listener>();

/** Calls back whenever the service answers that it does not know who asks: the session has ended, or there was none. */
export function onUnauthenticated(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function notice(error: unknown): void {
  if (error instanceof Refusal && error.status === 401) listeners.forEach((listener) => listener());
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      staleTime: 30_000, // what changes in a dossier is told by its stream (live.ts)
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 2 && (error instanceof Unreachable || isPassing(error)),
    },
  },
});

/** 429 and 503: it may well work the next time. */
function isPassing(error: unknown): boolean {
  return error instanceof Refusal && [429, 503].includes(error.status);
}
