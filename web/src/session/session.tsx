import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { answered, api, Refusal } from '../api/client.js';
import { onUnauthenticated } from '../api/query-client.js';
import { LogInAgain } from './log-in.js';
import { SessionContext, type Me, type Session } from './use-session.js';

const KEY = ['me'];

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [isAsked, ask] = useState(false);
  const { data: me } = useQuery({ queryKey: KEY, queryFn: whoAmI, staleTime: Infinity });
  useEffect(() => onUnauthenticated(() => ask(true)), []);

  const session = useMemo<Session>(
    () => ({
      me,
      isAsked,
      async logIn(token) {
        await answered(api.POST('/api/v1/session', { body: { token } }));
        client.setQueryData(KEY, await whoAmI());
        ask(false);
        await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey !== KEY });
      },
      async logOut() {
        await answered(api.DELETE('/api/v1/session'));
        client.clear(); // what was read as somebody is not for whoever comes next
        window.location.assign('/');
      },
    }),
    [client, me, isAsked],
  );
  return (
    <SessionContext value={session}>
      {children}
      {isAsked && me && <LogInAgain />}
    </SessionContext>
  );
}

async function whoAmI(): Promise<Me | null> {
  return answered(api.GET('/api/v1/me')).catch((error: unknown) => {
    if (error instanceof Refusal && error.status === 401) return null;
    throw error;
  });
}
