import { setTimeout as delay } from 'node:timers/promises';
import { EventReader } from '../streams/event-reader.js';
import type { Chance } from '../support/crash-chance.js';
import type { EventSeen } from '../support/crash-check.js';
import type { CrashClient } from '../support/crash-client.js';
import type { Processes } from './processes.js';

/** Milliseconds before a reader who has seen everything asks again. */
const PAUSE = 3;

interface EventPage {
  readonly items: readonly EventSeen[];
}

/**
 * Readers of a dossier's log while it is written: for each process one who polls it and one who follows its stream, and one who asks
 * every process in turn. Each must see 1, 2, 3 …, whatever the moment, and for ever the same event at the same place.
 */
export class Watchers {
  readonly faults: string[] = [];
  /** How many pages were read while something was written. */
  pages = 0;
  private stopping = false;
  private readonly logs: string[][] = [];
  private readonly pollers: Promise<void>[];
  private readonly streams: EventReader[];

  constructor(
    processes: Processes,
    private readonly chance: Chance,
    private readonly dossier: string,
  ) {
    const each = Array.from({ length: processes.count }, (_, number) => processes.only(number));
    this.pollers = [...each, processes.everyone()].map((client) => this.poll(client));
    this.streams = each.map((client) => new EventReader(client, `${this.path}/stream`, null));
  }

  private get path(): string {
    return `/api/v1/dossiers/${this.dossier}/events`;
  }

  /** Waits until everyone has seen the whole of the log, and tells in what anyone saw another one. */
  async complaints(log: readonly EventSeen[]): Promise<string[]> {
    this.stopping = true;
    await Promise.all(this.pollers);
    await Promise.all(this.streams.map((stream) => stream.until(({ lastId = 0 }) => lastId >= log.length)));
    this.leave();
    const streamed = this.streams.map(({ events }) => events.map(({ data }) => (data as EventSeen).id)); // holds: the log's contract
    const others = [...this.logs, ...streamed].filter((ids) =>
      ids.some((id, index) => id !== log[index]?.id),
    );
    const short = streamed.filter((ids) => ids.length !== log.length);
    return [
      ...this.faults,
      ...others.map((ids) => `A reader saw another log than the final one, of ${ids.length} events`),
      ...short.map((ids) => `A stream brought ${ids.length} of ${log.length} events`),
    ];
  }

  /** After a test that failed: nobody reads any more. */
  leave(): void {
    this.stopping = true;
    this.streams.forEach((stream) => stream.break());
  }

  private async poll(client: CrashClient): Promise<void> {
    const seen: string[] = [];
    this.logs.push(seen);
    while (!this.stopping) {
      const again = this.chance.fraction() < 0.2;
      const after = again ? this.chance.between(0, seen.length) : seen.length;
      const limit = this.chance.between(1, 500);
      const fault = await this.look(client, seen, after, limit).catch(String);
      if (fault !== null) return void this.faults.push(fault);
      await delay(PAUSE);
    }
  }

  /** What is wrong with a page of the log: it begins where it was asked to, has no gap, and holds what was there before. */
  private async look(
    client: CrashClient,
    seen: string[],
    after: number,
    limit: number,
  ): Promise<string | null> {
    const { items } = await client.read<EventPage>(`${this.path}?after=${after}&limit=${limit}`);
    if (items.length > 0) this.pages++;
    if (items.length < Math.min(limit, seen.length - after))
      return `Of ${seen.length} events that were seen, ${items.length} came after ${after}`;
    for (const [index, { sequence, id }] of items.entries()) {
      const place = after + index;
      if (sequence !== place + 1) return `${sequence} was seen before ${place + 1}`;
      if (seen[place] !== undefined && seen[place] !== id) return `${sequence} is another event than before`;
      seen[place] = id;
    }
    return null;
  }
}
