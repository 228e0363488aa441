import { Controller, Get, Headers, Param, Query, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { Rejection } from '../domain/rejection.js';
import type { RecordedEvent } from '../ledger/event.js';
import { Answers, pageSchema, ref, TEXT } from '../http/answers.js';
import { viewEvent, type EventView } from '../http/event-view.js';
import { DEFAULT_LIMIT, type Page } from '../http/paging.js';
import { QueryNumber, QueryText } from '../http/queries.js';
import { FollowEvents, ListEvents } from './read-log.js';
import { serverSentEvents } from './server-sent-events.js';

const EVENT_STREAM = 'text/event-stream';

class StreamQuery {
  @QueryNumber(0, Number.MAX_SAFE_INTEGER, 'The sequence after which to begin; 0 if not given.')
  readonly after?: number;
}

class LogQuery extends StreamQuery {
  @QueryNumber(1, 500, 'How many events, at most 500; 50 if not given.')
  readonly limit?: number;

  @QueryText('The sequence after which the next page begins: `next` of the page before.', 20)
  readonly cursor?: string;

  @QueryText('One type of event.')
  readonly type?: string;
}

@ApiTags('Audit')
@Controller('api/v1/dossiers/:dossier/events')
export class LogController implements BeforeApplicationShutdown {
  private readonly open = new Set<AbortController>();

  constructor(private readonly queries: QueryBus) {}

  /** Streams would keep the service from stopping; clients resume where they were. */
  beforeApplicationShutdown(): void {
    this.open.forEach((stream) => stream.abort());
  }

  @Get()
  @Answers(200, pageSchema(ref('Event')), 'List the events of the log.')
  async list(
    @Param('dossier') dossier: string,
    @Query() { after, limit = DEFAULT_LIMIT, cursor, type }: LogQuery,
  ): Promise<Page<EventView>> {
    const begin = cursor === undefined ? (after ?? 0) : sequence('cursor', cursor);
    const events: RecordedEvent[] = await this.queries.execute(
      new ListEvents(dossier, begin, limit + 1, type),
    );
    const shown = events.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(viewEvent),
      next: events.length > limit && last !== undefined ? String(last.sequence) : null,
    };
  }

  /** Stays open. Resumes after `Last-Event-ID`, which browsers send by themselves. */
  @Get('stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, schema: { type: 'string' } })
  @Answers(200, TEXT, 'Follow the log as Server-Sent Events.', EVENT_STREAM)
  async stream(
    @Param('dossier') dossier: string,
    @Query() { after }: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const begin =
      lastEventId === undefined || lastEventId === '' ? (after ?? 0) : sequence('Last-Event-ID', lastEventId);
    const gone = new AbortController();
    this.open.add(gone);
    gone.signal.addEventListener('abort', () => this.open.delete(gone));
    reply.raw.once('close', () => gone.abort());
    const pages = await this.queries.execute(new FollowEvents(dossier, begin, gone.signal));
    const stream = Readable.from(
      serverSentEvents(views(pages), () => performance.now()),
      { highWaterMark: 1 },
    );
    await reply
      .headers({ 'Content-Type': EVENT_STREAM, 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
      .send(stream);
  }
}

async function* views(pages: AsyncIterable<RecordedEvent[]>): AsyncGenerator<EventView[]> {
  for await (const events of pages) yield events.map(viewEvent);
}

function sequence(path: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Rejection('validation-failed', `${path} must be a sequence.`, [
    { path, message: 'must be a sequence' },
  ]);
}
