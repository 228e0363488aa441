import type { EventView } from '../http/event-view.js';

/** Milliseconds between signs of life on a quiet stream. */
const HEARTBEAT = 15_000;

/** Characters that are written at once: a reader that takes its time holds up the next ones, not a whole page of them. */
const PIECE = 65_536;

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
    if (events.length > 0) yield* pieces(events);
    else if (clock() - spoke >= HEARTBEAT) yield ': still here\n\n';
    else continue;
    spoke = clock();
  }
}

function* pieces(events: readonly EventView[]): Generator<string> {
  let piece = '';
  for (const event of events) {
    piece += `id: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
