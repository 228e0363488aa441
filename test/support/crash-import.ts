import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from './crash-chance.js';
import type { CrashClient } from './crash-client.js';
import { statement, type Acknowledged } from './crash-writes.js';

/** Lines that are sent together, and milliseconds between them: an import takes a while, so that crashes hit it in the middle. */
const TOGETHER = 10;
const PAUSE = 15;

interface LineResult {
  readonly line: number;
  readonly status: number;
  readonly id: string;
  readonly sequence: number;
}

/** An import that is sent again as a whole, with the same key, until every line has been acknowledged. */
export class Importing {
  readonly faults: string[] = [];
  /** By the number of the line. */
  private readonly results = new Map<number, LineResult>();
  private taken = 0;

  constructor(
    private readonly path: string,
    private readonly key: string,
    private readonly lines: readonly string[],
    readonly summaries: readonly string[],
  ) {}

  get isComplete(): boolean {
    return this.results.size === this.lines.length;
  }

  acknowledged(): Acknowledged[] {
    return [...this.results.values()].map(({ line, id, sequence }) => ({
      id,
      sequence,
      summary: this.summaries[line - 1] ?? null,
    }));
  }

  /** How many lines were acknowledged since it was asked last. */
  takeNew(): number {
    const before = this.taken;
    this.taken = this.results.size;
    return this.taken - before;
  }

  /** Sends all lines. False: the connection broke. */
  async send(client: CrashClient): Promise<boolean> {
    const type = { 'content-type': 'application/x-ndjson', 'idempotency-key': this.key };
    const outgoing = client.open('POST', this.path, type);
    const sent = this.dribble(outgoing);
    const closed = new Promise<null>((resolve) => outgoing.once('close', () => resolve(null)));
    const answered = once(outgoing, 'response').then(
      ([incoming]) => incoming as IncomingMessage, // holds: it is what the event carries
      () => null,
    );
    const incoming = await Promise.race([answered, closed]);
    const whole = incoming !== null && (await this.takeIn(incoming));
    outgoing.destroy();
    await sent;
    return whole;
  }

  private async dribble(outgoing: ClientRequest): Promise<void> {
    for (let at = 0; at < this.lines.length && !outgoing.destroyed; at += TOGETHER) {
      outgoing.write(this.lines.slice(at, at + TOGETHER).join(''));
      await delay(PAUSE);
    }
    outgoing.end();
  }

  private async takeIn(incoming: IncomingMessage): Promise<boolean> {
    incoming.on('error', () => undefined); // a broken connection ends the lines
    if (incoming.statusCode !== 200) {
      incoming.resume();
      if (incoming.statusCode !== 503) this.faults.push(`An import was answered ${incoming.statusCode}`);
      return true;
    }
    try {
      for await (const text of createInterface({ input: incoming, crlfDelay: Infinity }))
        if (text.endsWith('}')) this.note(text);
    } catch {
      return false;
    }
    return incoming.complete;
  }

  private note(text: string): void {
    const result = JSON.parse(text) as LineResult; // holds: by the contract
    const before = this.results.get(result.line);
    if (result.status === 503) return;
    if (result.status !== 201) this.faults.push(`A line was refused: ${text}`);
    else if (before === undefined) this.results.set(result.line, result);
    else if (before.id !== result.id || before.sequence !== result.sequence)
      this.faults.push(`A line got two answers: ${JSON.stringify(before)} and ${text}`);
  }
}

export function importing(
  dossier: string,
  key: string,
  chance: Chance,
  summaries: readonly string[],
): Importing {
  const lines = summaries.map((summary) => `${JSON.stringify(statement(chance, summary))}\n`);
  return new Importing(`/api/v1/dossiers/${dossier}/import`, key, lines, summaries);
}
