import type { EventView } from '../../src/http/event-view.js';
import type { Service } from './service.js';

/** A client of a dossier's event stream (WHATWG HTML, 9.2). */
export class EventStream {
  readonly events: EventView[] = [];
  /** Resolves when the stream has ended, by whomever. */
  readonly ended: Promise<void>;
  private readonly leaving = new AbortController();
  private readonly waiting: (() => void)[] = [];
  private over = false;

  private constructor(answer: Response, leave: AbortController) {
    this.leaving = leave;
    this.ended = this.read(answer).catch(() => undefined);
  }

  static async open(
    service: Service,
    dossier: string,
    { search = '', lastEventId }: { search?: string; lastEventId?: number } = {},
  ): Promise<EventStream> {
    const leave = new AbortController();
    const answer = await fetch(`${service.url}/api/v1/dossiers/${dossier}/events/stream${search}`, {
      headers: {
        ...service.credentials,
        ...(lastEventId !== undefined && { 'Last-Event-ID': String(lastEventId) }),
      },
      signal: leave.signal,
    });
    if (answer.status !== 200 || answer.headers.get('content-type') !== 'text/event-stream')
      throw new Error(`The stream answered ${answer.status} ${answer.headers.get('content-type')}`);
    return new EventStream(answer, leave);
  }

  get sequences(): number[] {
    return this.events.map(({ sequence }) => sequence);
  }

  /** Resolves once an event of this sequence, or a later one, has come; rejects if the stream ends before. */
  async until(sequence: number): Promise<void> {
    while ((this.events.at(-1)?.sequence ?? 0) < sequence) {
      if (this.over) throw new Error(`The stream ended after ${this.events.length} events.`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async close(): Promise<void> {
    this.leaving.abort();
    await this.ended;
  }

  private async read(answer: Response): Promise<void> {
    try {
      let pending = '';
      const decoder = new TextDecoder();
      for await (const chunk of answer.body ?? []) {
        const blocks = (pending + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n'); // holds: by Fetch
        pending = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
        this.wake();
      }
    } finally {
      this.over = true;
      this.wake();
    }
  }

  private take(block: string): void {
    const fields = new Map(
      block
        .split('\n')
        .map((line): [string, string] => [
          line.slice(0, line.indexOf(':')),
          line.slice(line.indexOf(':') + 2),
        ]),
    );
    const data = fields.get('data');
    if (data === undefined) return; // a comment: a sign of life
    const event = JSON.parse(data) as EventView; // holds: log.spec.ts compares each with the log
    if (fields.get('id') !== String(event.sequence)) throw new Error(`id ${fields.get('id')} for ${data}`);
    this.events.push(event);
  }

  private wake(): void {
    this.waiting.splice(0).forEach((resolve) => resolve());
  }
}
