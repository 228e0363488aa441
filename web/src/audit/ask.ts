import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client.js';

export type Revision = Schemas['Revision'];
export type PositionAudit = Schemas['PositionAudit'];
export type Comparison = Schemas['Comparison'];
export type Difference = Comparison['items'][number];

export interface Pair {
  readonly dossier: string;
  readonly party: string;
  readonly topic: string;
}

const PAGE = 500;

/** All revisions of a pair, in the order of the log. */
export function usePositionAudit(path: Pair, known?: string): UseQueryResult<PositionAudit> {
  return useQuery({
    queryKey: [path.dossier, 'audit', path.party, path.topic, known ?? null],
    queryFn: async ({ signal }) => {
      const items: Revision[] = [];
      let cursor: string | null = null;
      for (;;) {
        const page: PositionAudit = await answered(
          api.GET('/api/v1/dossiers/{dossier}/positions/{party}/{topic}/audit', {
            params: {
              path,
              query: {
                limit: PAGE,
                ...(known === undefined ? {} : { known }),
                ...(cursor === null ? {} : { cursor }),
              },
            },
            signal,
          }),
        );
        items.push(...page.items);
        cursor = page.next;
        if (cursor === null) return { ...page, items };
      }
    },
  });
}

/** The positions that differ between two states of our knowledge. */
export function useComparison(dossier: string, before: string, after: string): UseQueryResult<Comparison> {
  return useQuery({
    queryKey: [dossier, 'compare', before, after],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/compare', {
          params: { path: { dossier }, query: { known: [before, after], limit: PAGE } },
          signal,
        }),
      ),
    enabled: before !== '' && after !== '',
  });
}

export type RecordersAudit = Schemas['RecordersAudit'];
export type WeakPosition = Schemas['WeakPosition'];

export function useRecorders(dossier: string): UseQueryResult<RecordersAudit> {
  return useQuery({
    queryKey: [dossier, 'recorders'],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/audit/recorders', { params: { path: { dossier } }, signal }),
      ),
  });
}
