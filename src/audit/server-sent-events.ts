import type { EventView } from '../http/event-view.js';

/** Milliseconds between signs of life on a quiet stream. */
const HEARTBEAT = 15_000;

/**
 * Writes pages of events as Server-Sent Events (WHATWG HTML, 9.2): `id` is the sequence, so that a client that reconnects names the last one
 * it saw. A quiet stream says so now and then, or proxies would close it.
 */
export async function* serverSentEvents(
  pages: AsyncIterable<readonly EventView[]>,
  clock: () => number,
): AsyncGenerator<string> {
  yield ': standpoint\n\n';
  let spoke = clock();
  for await (const events of pages) {
    if (events.length > 0)
      yield events.map((event) => `id: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    else if (clock() - spoke >= HEARTBEAT) yield ': still here\n\n';
    else continue;
    spoke = clock();
  }
}
