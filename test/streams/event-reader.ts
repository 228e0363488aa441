import type { ClientRequest, IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { CrashClient } from '../support/crash-client.js';

/** An event as it came through a stream: its id and its data, parsed. */
export interface Received {
  readonly id: number;
  readonly data: unknown;
}

/** What may cut a connection. */
export interface Cut {
  /** Bytes of the answer after which it is broken, wherever in an event that is; 0: as soon as the request has been sent. */
  readonly bytes: number;
}

/** Reads a stream of Server-Sent Events as WHATWG HTML 9.2 has it: an event counts once its blank line has come. */
export class EventReader {
  readonly events: Received[] = [];
  comments = 0;
  status: number | undefined;
  /** Resolves when the connection has ended, however that came. */
  readonly ended: Promise<void>;
  private readonly outgoing: ClientRequest;
  private incoming: IncomingMessage | undefined;
  private pending = Buffer.alloc(0);
  private bytes = 0;

  /** `after`: the id that is sent as Last-Event-ID; null: none. */
  constructor(
    client: CrashClient,
    path: string,
    after: number | null,
    private readonly cut: Cut = { bytes: Infinity },
  ) {
    this.outgoing = client.open('GET', path, after === null ? {} : { 'last-event-id': String(after) });
    this.ended = new Promise((resolve) => this.outgoing.once('close', resolve));
    this.outgoing.once('response', (incoming) => {
      this.status = incoming.statusCode;
      this.incoming = incoming;
      incoming.on('error', () => undefined); // it is broken off, which `ended` tells
      incoming.on('data', (chunk: Buffer) => this.take(chunk));
    });
    if (cut.bytes === 0) this.outgoing.once('finish', () => this.break());
    this.outgoing.end();
  }

  /** Whether the service ended the answer in order, instead of breaking it off. */
  get isWhole(): boolean {
    return this.incoming?.complete ?? false;
  }

  get lastId(): number | undefined {
    return this.events.at(-1)?.id;
  }

  /** Reads no more until `resume`: what the service sends from now on waits on its side. */
  pause(): void {
    this.incoming?.pause();
  }

  resume(): void {
    this.incoming?.resume();
  }

  break(): void {
    this.outgoing.destroy();
  }

  /** Resolves once it holds; rejects if that takes too long. */
  async until(holds: (reader: this) => boolean, milliseconds = 90_000): Promise<void> {
    const deadline = performance.now() + milliseconds;
    while (!holds(this)) {
      if (performance.now() > deadline)
        throw new Error(`The stream stands at ${this.lastId}: ${String(holds)}`);
      await delay(2);
    }
  }

  private take(chunk: Buffer): void {
    const wanted = chunk.subarray(0, Math.max(0, this.cut.bytes - this.bytes));
    this.bytes += wanted.length;
    this.pending = Buffer.concat([this.pending, wanted]);
    for (let end = this.pending.indexOf('\n\n'); end >= 0; end = this.pending.indexOf('\n\n')) {
      this.dispatch(this.pending.toString('utf8', 0, end));
      this.pending = this.pending.subarray(end + 2);
    }
    if (this.bytes >= this.cut.bytes) this.break();
  }

  private dispatch(block: string): void {
    const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [];
    if (data !== undefined) this.events.push({ id: Number(id), data: JSON.parse(data) });
    else if (block.startsWith(':')) this.comments++;
    else throw new Error(`No event: ${block}`);
  }
}
