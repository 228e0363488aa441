import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading, ProblemNote } from './page.js';

interface AnswerProps<T> {
  readonly of: UseQueryResult<T>;
  readonly children: (answer: T) => ReactNode;
}

/** What was asked for, once it is there; until then that it is coming, or why it is not. An answer that is there stays while it is asked again. */
export function Answer<T>({ of: { data, error, refetch }, children }: AnswerProps<T>) {
  if (data !== undefined) return children(data);
  return error === null ? <Loading /> : <ProblemNote error={error} onRetry={() => void refetch()} />;
}
