import { useQuery } from '@tanstack/react-query';
import { answered, api, type Schemas } from './client.js';

/** What whoever is here may do in a dossier: pages show nothing that would only be refused. */
export type May = Schemas['MeInDossier']['may'];

const NOTHING: May = { read: false, audit: false, oversee: false, record: false, administer: false };

/** Nothing until it is known. */
export function useMay(dossier: string): May {
  const { data } = useQuery({
    queryKey: [dossier, 'me'],
    queryFn: ({ signal }) =>
      answered(api.GET('/api/v1/dossiers/{dossier}/me', { params: { path: { dossier } }, signal })),
  });
  return data?.may ?? NOTHING;
}
