import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client.js';
import { LARGEST_PAGE, pagesOf } from './pages-of.js';

export type Party = Schemas['Party'];
export type Speaker = Schemas['Speaker'];
export type Topic = Schemas['Topic'];
export type Source = Schemas['Source'];
export type Statement = Schemas['Statement'];
export type ActRule = Schemas['ActRule'];

const limit = LARGEST_PAGE;

export function useActs(): UseQueryResult<readonly ActRule[]> {
  return useQuery({
    queryKey: ['acts'],
    staleTime: Infinity,
    queryFn: async ({ signal }) => (await answered(api.GET('/api/v1/acts', { signal }))).items,
  });
}

export function useParties(dossier: string): UseQueryResult<readonly Party[]> {
  return useQuery({
    queryKey: [dossier, 'parties', 'all'],
    queryFn: async ({ signal }) => {
      const { items } = await pagesOf((cursor) =>
        answered(
          api.GET('/api/v1/dossiers/{dossier}/parties', {
            params: { path: { dossier }, query: { limit, ...(cursor && { cursor }) } },
            signal,
          }),
        ),
      );
      return items;
    },
  });
}

export function useSpeakers(dossier: string): UseQueryResult<readonly Speaker[]> {
  return useQuery({
    queryKey: [dossier, 'speakers', 'all'],
    queryFn: async ({ signal }) => {
      const { items } = await pagesOf((cursor) =>
        answered(
          api.GET('/api/v1/dossiers/{dossier}/speakers', {
            params: { path: { dossier }, query: { limit, ...(cursor && { cursor }) } },
            signal,
          }),
        ),
      );
      return items;
    },
  });
}

export function useTopics(dossier: string): UseQueryResult<readonly Topic[]> {
  return useQuery({
    queryKey: [dossier, 'topics', 'all'],
    queryFn: async ({ signal }) => {
      const { items } = await pagesOf((cursor) =>
        answered(
          api.GET('/api/v1/dossiers/{dossier}/topics', {
            params: { path: { dossier }, query: { limit, ...(cursor && { cursor }) } },
            signal,
          }),
        ),
      );
      return items;
    },
  });
}

/** The newest are last: sources are listed in the order in which they were added. */
export function useSources(dossier: string): UseQueryResult<readonly Source[]> {
  return useQuery({
    queryKey: [dossier, 'sources', 'all'],
    queryFn: async ({ signal }) => {
      const { items } = await pagesOf((cursor) =>
        answered(
          api.GET('/api/v1/dossiers/{dossier}/sources', {
            params: { path: { dossier }, query: { limit, ...(cursor && { cursor }) } },
            signal,
          }),
        ),
      );
      return items;
    },
  });
}

/** One source, with its text. */
export function useSource(dossier: string, id: string | null): UseQueryResult<Source> {
  return useQuery({
    queryKey: [dossier, 'sources', id],
    enabled: id !== null,
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/sources/{id}', {
          params: { path: { dossier, id: id ?? '' } },
          signal,
        }),
      ),
  });
}

export interface StatementFilter {
  readonly source?: string;
  readonly party?: string;
  readonly topic?: string;
  readonly act?: Schemas['Act'];
}

function askStatements(
  dossier: string,
  filter: StatementFilter,
  signal: AbortSignal,
): Promise<{ readonly items: readonly Statement[]; readonly isWhole: boolean }> {
  return pagesOf((cursor) =>
    answered(
      api.GET('/api/v1/dossiers/{dossier}/statements', {
        params: { path: { dossier }, query: { ...filter, limit, ...(cursor && { cursor }) } },
        signal,
      }),
    ),
  );
}

/** What stands recorded of a source, in said-order. */
export function useStatementsOfSource(dossier: string, source: string): UseQueryResult<readonly Statement[]> {
  return useQuery({
    queryKey: [dossier, 'statements', { source }],
    queryFn: async ({ signal }) => (await askStatements(dossier, { source }, signal)).items,
  });
}

/** Statements of some acts, latest said first: what a reply may answer. Null: of any act. */
export function useStatementsOfActs(
  dossier: string,
  acts: readonly Schemas['Act'][] | null,
): UseQueryResult<readonly Statement[]> {
  return useQuery({
    queryKey: [dossier, 'statements', { acts }],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const filters = acts === null ? [{}] : acts.map((act) => ({ act }));
      const found = await Promise.all(filters.map((filter) => askStatements(dossier, filter, signal)));
      return found.flatMap(({ items }) => items).toSorted((one, other) => other.sequence - one.sequence);
    },
  });
}

/** Statements whose words a search finds. */
export function useStatementsFound(dossier: string, q: string): UseQueryResult<readonly Statement[]> {
  return useQuery({
    queryKey: [dossier, 'statements', { q }],
    enabled: q !== '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { q, limit: 50 };
      const params = { path: { dossier }, query };
      return (await answered(api.GET('/api/v1/dossiers/{dossier}/statements', { params, signal }))).items;
    },
  });
}

export function useStatement(dossier: string, id: string | null): UseQueryResult<Statement> {
  return useQuery({
    queryKey: [dossier, 'statements', id],
    enabled: id !== null,
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/statements/{id}', {
          params: { path: { dossier, id: id ?? '' } },
          signal,
        }),
      ),
  });
}

/** All that was said or assessed of a party on a topic: what its positions follow from. */
export function useRecordsOfPair(
  dossier: string,
  party: string | null,
  topic: string | null,
): UseQueryResult<{
  readonly statements: readonly Statement[];
  readonly assessments: readonly Schemas['Assessment'][];
  readonly isWhole: boolean;
}> {
  return useQuery({
    queryKey: [dossier, 'records-of-pair', party, topic],
    enabled: party !== null && topic !== null,
    queryFn: async ({ signal }) => {
      const [statements, assessments] = await Promise.all([
        askStatements(dossier, { party: party ?? '', topic: topic ?? '' }, signal),
        pagesOf((cursor) =>
          answered(
            api.GET('/api/v1/dossiers/{dossier}/assessments', {
              params: { path: { dossier }, query: { limit, ...(cursor && { cursor }) } },
              signal,
            }),
          ),
        ),
      ]);
      return {
        statements: statements.items,
        assessments: assessments.items.filter(
          (each) => each.party.id === party && each.topic.id === topic && each.voided === null,
        ),
        isWhole: statements.isWhole && assessments.isWhole,
      };
    },
  });
}
