import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client.js';

/** A statement in full, as known; none is asked for where there is no id. */
export function useStatement(
  dossier: string,
  known: string | undefined,
  id: string | undefined,
): UseQueryResult<Schemas['Statement']> {
  return useQuery({
    queryKey: [dossier, 'statement', id, known ?? null],
    enabled: id !== undefined,
    queryFn: ({ signal }) =>
      answered(
        api.GET('/api/v1/dossiers/{dossier}/statements/{id}', {
          params: { path: { dossier, id: id ?? '' }, query: known === undefined ? {} : { known } },
          signal,
        }),
      ),
  });
}
