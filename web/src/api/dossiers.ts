import { queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { answered, api, type Schemas } from './client.js';

export type Dossier = Schemas['Dossier'];

/**
 * Every query about a dossier has a key that begins with it as the address names it: `[dossier, 'positions', …]`. That is what `useLiveDossier`
 * asks again.
 */
export const dossierQuery = {
  options: (dossier: string) =>
    queryOptions({
      queryKey: [dossier, 'dossier'],
      queryFn: ({ signal }): Promise<Dossier> =>
        answered(api.GET('/api/v1/dossiers/{dossier}', { params: { path: { dossier } }, signal })),
    }),
  use: (dossier: string): UseQueryResult<Dossier> => useQuery(dossierQuery.options(dossier)),
};
