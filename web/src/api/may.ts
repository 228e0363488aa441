import { useSession } from '../session/use-session.js';

/** What whoever is logged in may do in a dossier: pages show nothing that would only be refused. */
export interface May {
  readonly record: boolean;
  readonly audit: boolean;
  readonly oversee: boolean;
  readonly administer: boolean;
}

export function useMay(_dossier: string): May {
  const { me } = useSession();
  const administer = me?.role === 'administrator';
  return { record: administer, audit: me !== null, oversee: administer, administer };
}
