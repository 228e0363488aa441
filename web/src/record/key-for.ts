import { useRef } from 'react';
import { v4 } from 'uuid';

/** An Idempotency-Key for what is sent: the same as long as the same is sent, so that trying again does nothing twice. */
export function useKeyFor(): (body: object) => string {
  const last = useRef<{ readonly body: string; readonly key: string } | null>(null);
  return (body) => {
    const sent = JSON.stringify(body);
    if (last.current?.body !== sent) last.current = { body: sent, key: v4() };
    return last.current.key;
  };
}
