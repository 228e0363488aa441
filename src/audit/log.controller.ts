import { Controller, Get, Headers, Param, Query, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { Admission, type Entry } from '../access/admission.js';
import { Entered, Needs } from '../access/needs.decorator.js';
import { OpenStreams } from '../access/limits/open-streams.js';
import type { RecordedEvent } from '../ledger/event.js';
import { Answers, pageSchema, ref, TEXT } from '../http/answers.js';
import { viewEvent, type EventView } from '../http/event-view.js';
import { logPage, LogQuery, readSequence, StreamQuery } from '../http/log-pages.js';
import type { Page } from '../http/paging.js';
import { FollowEvents, ListEvents } from './read-log.js';
import { serverSentEvents } from './server-sent-events.js';

const EVENT_STREAM = 'text/event-stream';

@ApiTags('Audit')
@Controller('api/v1/dossiers/:dossier/events')
export class LogController implements BeforeApplicationShutdown {
  private readonly open = new Set<AbortController>();

  constructor(
    private readonly queries: QueryBus,
    private readonly admission: Admission,
    private readonly streams: OpenStreams,
  ) {}

  /** Streams would keep the service from stopping; clients resume where they were. */
  beforeApplicationShutdown(): void {
    this.open.forEach((stream) => stream.abort());
  }

  @Get()
  @Needs('audit')
  @Answers(200, pageSchema(ref('Event')), 'List the events of the log.')
  list(@Param('dossier') dossier: string, @Query() query: LogQuery): Promise<Page<EventView>> {
    return logPage(query, (after, limit) =>
      this.queries.execute(new ListEvents(dossier, after, limit, query.type)),
    );
  }

  /** Stays open as long as the caller may read the log. Resumes after `Last-Event-ID`, which browsers send by themselves. */
  @Get('stream')
  @Needs('audit')
  @ApiHeader({ name: 'Last-Event-ID', required: false, schema: { type: 'string' } })
  @Answers(200, TEXT, 'Follow the log as Server-Sent Events.', EVENT_STREAM)
  async stream(
    @Param('dossier') dossier: string,
    @Query() { after }: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Entered() entry: Entry,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const begin =
      lastEventId === undefined || lastEventId === ''
        ? (after ?? 0)
        : readSequence('Last-Event-ID', lastEventId);
    const closed = this.streams.add(reply.request);
    const gone = new AbortController();
    gone.signal.addEventListener('abort', closed);
    this.open.add(gone);
    gone.signal.addEventListener('abort', () => this.open.delete(gone));
    reply.raw.once('close', () => gone.abort());
    const pages = await this.queries.execute(new FollowEvents(dossier, begin, gone.signal));
    const stream = Readable.from(
      serverSentEvents(
        views(pages, () => this.admission.holds(entry)),
        () => performance.now(),
      ),
      { highWaterMark: 1 },
    );
    await reply
      .headers({ 'Content-Type': EVENT_STREAM, 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
      .send(stream);
  }
}

async function* views(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  may: () => boolean,
): AsyncGenerator<EventView[]> {
  for await (const events of pages) {
    if (!may()) return;
    yield events.map(viewEvent);
  }
}
