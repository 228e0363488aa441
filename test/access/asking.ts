import type { Route } from '../support/http-contract.js';
import type { Samples } from '../support/http-samples.js';
import type { Service } from '../support/service.js';

/** An answer as somebody who is not let in sees it. */
export interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Asks so that nothing is changed by whoever is let in: bodies are malformed, and what has none is given a parameter that it does not take.
 * Whether somebody is let in must be settled before either is looked at.
 */
export async function ask(
  service: Service,
  route: Route,
  address: string,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<Seen> {
  const writes = route.method !== 'GET' && route.method !== 'DELETE';
  const path = address.startsWith('/api') || !address.startsWith('/dossiers') ? address : `/api/v1${address}`;
  const given = { ...headers, ...(writes && { 'content-type': 'application/json' }) };
  const gone = new AbortController();
  const answer = await fetch(
    `${service.url}${path}${route.method === 'DELETE' ? '?reason=a&reason=b' : ''}`,
    {
      method: route.method,
      headers: Object.entries(given).filter((each): each is [string, string] => each[1] !== undefined),
      ...(writes && { body: '{' }),
      signal: gone.signal,
    },
  );
  const streams = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const text = streams ? '' : await answer.text();
  gone.abort();
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text };
}

/** The address of a route in the samples' dossier, or in another. */
export function addressIn(samples: Samples, route: Route, dossier = samples.dossier): string {
  const address = samples.addressOf(route);
  return dossier === samples.dossier
    ? address
    : address.replace(`/dossiers/${samples.dossier}`, `/dossiers/${dossier}`);
}
