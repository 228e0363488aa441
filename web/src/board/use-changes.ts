import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { answered, api, type Schemas } from '../api/client.js';
import { keyOf } from './matrix.js';
import { markSeen, openVisit } from './visits.js';

export type Difference = Schemas['Difference'];

export interface Changes {
  /** The head at the end of the last visit. */
  readonly since: number;
  /** Positions that stand otherwise now than at the last visit; at most a few hundred of them. */
  readonly items: readonly Difference[];
  readonly pairs: ReadonlySet<string>;
  readonly markSeen: () => void;
}

const NONE: readonly Difference[] = [];
const MOST = 200;

/** What moved since the last visit of this browser, whoever moved it: a party, or our record. */
export function useChanges(dossier: string, id: string, head: number | undefined): Changes {
  const [since, setSince] = useState<number | null>(null);
  useEffect(() => {
    if (head !== undefined) setSince(openVisit(id, head));
  }, [id, head]);
  const isBehind = since !== null && head !== undefined && since < head;
  const { data } = useQuery({
    queryKey: [dossier, 'compare', since, head],
    enabled: isBehind,
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/compare', {
          params: { path: { dossier }, query: { known: [String(since), String(head)], limit: MOST } },
          signal,
        }),
      ),
    placeholderData: (before) => before,
  });
  const items = (isBehind && data?.items) || NONE;
  const pairs = useMemo(() => new Set(items.map(({ party, topic }) => keyOf(party, topic))), [items]);
  const seen = useCallback(() => {
    if (head === undefined) return;
    markSeen(id, head);
    setSince(head);
  }, [id, head]);
  return { since: since ?? 0, items, pairs, markSeen: seen };
}
