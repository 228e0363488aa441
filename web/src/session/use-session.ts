import { createContext, useContext } from 'react';
import type { Schemas } from '../api/client.js';

export type Me = Schemas['Me'];

export interface Session {
  /** Null: a stranger, who may read what is public. Undefined: not known yet. */
  readonly me: Me | null | undefined;
  /** Something was asked for that needs somebody who is known. */
  readonly isAsked: boolean;
  logIn(token: string): Promise<void>;
  logOut(): Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('A page stands outside of the session.');
  return session;
}
