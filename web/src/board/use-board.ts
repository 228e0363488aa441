import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { answered, api, type Schemas } from '../api/client.js';
import type { Moments } from '../design/address.js';
import { boardOf, type Board } from './matrix.js';

/** Pairs asked for at first, and then at a time: the first ones are read while the others are still on their way. */
const FIRST = 1_000;
const PAIRS = 3_000;

type Overview = Schemas['Overview'];

interface BoardAnswer {
  readonly board: Board | undefined;
  readonly error: Error | null;
  /** More of it is on its way. */
  readonly isGrowing: boolean;
  readonly retry: () => void;
}

/** The board as it is now, or at other moments; the live stream has it asked for again. */
export function useBoard(dossier: string, { at, known }: Moments): BoardAnswer {
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: [dossier, 'overview', at ?? null, known ?? null],
    initialPageParam: null as Overview | null,
    queryFn: ({ pageParam: before, signal }) => {
      // Further pages are of the very moments of the first, whatever is recorded meanwhile.
      const when = before === null ? { at, known } : { at: before.at, known: String(before.known.sequence) };
      const query = {
        ...defined(when),
        ...(before?.next && { cursor: before.next }),
        limit: before === null ? FIRST : PAIRS,
      };
      return answered(
        api.GET('/api/v1/dossiers/{dossier}/overview', { params: { path: { dossier }, query }, signal }),
      );
    },
    getNextPageParam: (last) => (last.next === null ? null : last),
    placeholderData: keepPreviousData,
  });
  const isWaiting = hasNextPage && !isFetching && error === null;
  useEffect(() => {
    if (isWaiting) void fetchNextPage();
  }, [isWaiting, fetchNextPage]);
  const board = useMemo(() => data && boardOf(data.pages), [data]);
  return { board, error, isGrowing: hasNextPage, retry: () => void refetch() };
}

/** Without what is undefined: an address has no parameter for it. */
function defined(when: Moments): { at?: string; known?: string } {
  return {
    ...(when.at !== undefined && { at: when.at }),
    ...(when.known !== undefined && { known: when.known }),
  };
}
