import { Rejection } from '../domain/rejection.js';
import type { EventPage } from '../ledger/event-log.js';
import { viewEvent, type EventView } from './event-view.js';
import { DEFAULT_LIMIT, type Page } from './paging.js';
import { QueryNumber, QueryText } from './queries.js';

/** From where on a log is read. */
export class StreamQuery {
  @QueryNumber(0, Number.MAX_SAFE_INTEGER, 'The sequence after which to begin; 0 if not given.')
  readonly after?: number;
}

/** What a page of a log takes. */
export class LogQuery extends StreamQuery {
  @QueryNumber(1, 500, 'How many events, at most 500; 50 if not given.')
  readonly limit?: number;

  @QueryText('The sequence after which the next page begins: `next` of the page before.', 20)
  readonly cursor?: string;

  @QueryText('One type of event.')
  readonly type?: string;
}

/** A page of a log; `read` answers up to so many events after a sequence, fewer where they are long. */
export async function logPage(
  { after, limit = DEFAULT_LIMIT, cursor }: LogQuery,
  read: (after: number, limit: number) => Promise<EventPage>,
): Promise<Page<EventView>> {
  const begin = cursor === undefined ? (after ?? 0) : readSequence('cursor', cursor);
  const { events, isLast } = await read(begin, limit + 1);
  const shown = events.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(viewEvent),
    next: (isLast && events.length <= limit) || last === undefined ? null : String(last.sequence),
  };
}

/** Rejects with `validation-failed`, naming `path`. */
export function readSequence(path: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Rejection('validation-failed', `${path} must be a sequence.`, [
    { path, message: 'must be a sequence' },
  ]);
}
