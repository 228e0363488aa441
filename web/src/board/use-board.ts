import {
  keepPreviousData,
  useInfiniteQuery,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
} from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { answered, api, type Schemas } from '../api/client.js';
import { FRESH_BY_ITSELF, reachesBack, useDossierEvents, type RecordedEvent } from '../api/live.js';
import { paced } from '../api/paced.js';
import type { Moments } from '../design/address.js';
import { boardOf, latestOf, type Board } from './matrix.js';

/** Pairs asked for at first, and then at a time: the first ones are read while the others are still on their way. */
const FIRST = 1_000;
const PAIRS = 3_000;
/** What came since, put over the pages, until all is read again. */
const MOST_PARTS = 100;

type Overview = Schemas['Overview'];
type Pages = InfiniteData<Overview, Overview | null>;

interface BoardAnswer {
  readonly board: Board | undefined;
  readonly error: Error | null;
  /** More of it is on its way. */
  readonly isGrowing: boolean;
  readonly retry: () => void;
}

/** The board as it is now, or at other moments. */
export function useBoard(dossier: string, { at, known }: Moments): BoardAnswer {
  const queryKey = useMemo(() => [dossier, 'overview', at ?? null, known ?? null], [dossier, at, known]);
  const { data, error, hasNextPage, isFetching, isPlaceholderData, fetchNextPage, refetch } =
    useInfiniteQuery({
      queryKey,
      initialPageParam: null as Overview | null,
      queryFn: ({ pageParam: before, signal }) => {
        // Further pages are of the very moments of the first, whatever is recorded meanwhile.
        const when =
          before === null ? { at, known } : { at: before.at, known: String(before.known.sequence) };
        return ask(
          dossier,
          {
            ...defined(when),
            ...(before?.next && { cursor: before.next }),
            limit: before === null ? FIRST : PAIRS,
          },
          signal,
        );
      },
      getNextPageParam: (last) => (last.next === null ? null : last),
      placeholderData: keepPreviousData,
      meta: FRESH_BY_ITSELF,
    });
  const isWaiting = hasNextPage && !isFetching && error === null;
  useEffect(() => {
    if (isWaiting) void fetchNextPage();
  }, [isWaiting, fetchNextPage]);
  const isThere = data !== undefined && !isPlaceholderData && !hasNextPage;
  useFreshness(dossier, { at, known }, queryKey, isThere);
  const board = useMemo(() => data && boardOf(data.pages), [data]);
  return { board, error, isGrowing: hasNextPage, retry: () => void refetch() };
}

/** Takes in what events have changed, and no more, once all of the board is there; and at first what came while it was on its way. */
function useFreshness(
  dossier: string,
  { at, known }: Moments,
  queryKey: readonly unknown[],
  isThere: boolean,
): void {
  const client = useQueryClient();
  const fresh = useMemo(
    () => (isThere ? paced(() => takeIn(client, queryKey, dossier, { at, known })) : null),
    [client, queryKey, isThere, dossier, at, known],
  );
  useEffect(() => {
    fresh?.call();
    return () => fresh?.stop();
  }, [fresh]);
  const heard = useCallback(
    (event: RecordedEvent) => {
      if (known === undefined) fresh?.call();
      else if (reachesBack(event)) void client.refetchQueries({ queryKey });
    },
    [fresh, known, client, queryKey],
  );
  useDossierEvents(dossier, heard);
}

async function takeIn(
  client: QueryClient,
  queryKey: readonly unknown[],
  dossier: string,
  when: Moments,
): Promise<void> {
  const { pages } = client.getQueryData<Pages>(queryKey) ?? { pages: [] };
  const latest = latestOf(pages);
  if (latest === undefined) return;
  const { at, known } = latest;
  const since = { since: known.sequence, sinceAt: at };
  const part = await ask(dossier, { ...defined(when), ...since, limit: FIRST }).catch(() => null); // asked for again as a whole, which tells what is wrong
  if (part === null || part.since === null || pages.length >= MOST_PARTS)
    return client.refetchQueries({ queryKey });
  if (part.known.sequence === known.sequence && part.cells.length + part.none.length === 0) return;
  client.setQueryData<Pages>(queryKey, (now) =>
    now?.pages.at(-1) === pages.at(-1) && now !== undefined
      ? { pages: [...now.pages, part], pageParams: [...now.pageParams, null] }
      : now,
  );
}

interface Query {
  readonly at?: string;
  readonly known?: string;
  readonly since?: number;
  readonly sinceAt?: string;
  readonly cursor?: string;
  readonly limit: number;
}

function ask(dossier: string, query: Query, signal?: AbortSignal): Promise<Overview> {
  return answered(
    api.GET('/api/v1/dossiers/{dossier}/overview', {
      params: { path: { dossier }, query },
      ...(signal && { signal }),
    }),
  );
}

/** Without what is undefined: an address has no parameter for it. */
function defined(when: Moments): { at?: string; known?: string } {
  return {
    ...(when.at !== undefined && { at: when.at }),
    ...(when.known !== undefined && { known: when.known }),
  };
}
