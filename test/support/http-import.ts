import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { LineResult } from '../../src/recording/import/importer.js';
import type { Service } from './service.js';

/** An import under way: lines go out while results come in. */
export class OpenImport {
  /** Every result so far. */
  readonly results: LineResult[] = [];
  readonly ended: Promise<void>;
  private readonly outgoing: ClientRequest;
  private readonly waiting: (() => void)[] = [];

  constructor(
    service: Service,
    dossier: string,
    headers: Readonly<Record<string, string>> = {},
    search = '',
  ) {
    this.outgoing = request(`${service.url}/api/v1/dossiers/${dossier}/import${search}`, {
      method: 'POST',
      headers: { ...service.credentials, 'content-type': 'application/x-ndjson', ...headers },
    });
    this.outgoing.on('error', () => undefined);
    this.outgoing.on('close', () => this.wake());
    this.outgoing.flushHeaders();
    this.ended = once(this.outgoing, 'response').then(([incoming]) => this.read(incoming as IncomingMessage)); // holds: by node:http
    this.ended.catch(() => undefined);
  }

  /** Resolves when more may be sent. */
  async send(...lines: readonly (object | string)[]): Promise<void> {
    const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
    if (!this.outgoing.write(text) && !this.outgoing.destroyed)
      await Promise.race([once(this.outgoing, 'drain'), once(this.outgoing, 'close')]);
  }

  /** Resolves once this many results have come; rejects where none can come any more. */
  async received(count: number): Promise<void> {
    while (this.results.length < count) {
      if (this.outgoing.destroyed)
        throw new Error(`The connection ended after ${this.results.length} results.`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Ends the request and waits for the last result. */
  async end(): Promise<LineResult[]> {
    this.outgoing.end();
    await this.ended;
    return this.results;
  }

  /** Breaks the connection. */
  kill(): void {
    this.outgoing.destroy();
  }

  private async read(incoming: IncomingMessage): Promise<void> {
    incoming.on('error', () => undefined);
    for await (const line of createInterface({ input: incoming })) {
      this.results.push(JSON.parse(line) as LineResult); // holds: openapi.spec.ts holds such answers against their schema
      this.wake();
    }
  }

  private wake(): void {
    this.waiting.splice(0).forEach((resolve) => resolve());
  }
}
