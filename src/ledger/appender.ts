import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import { appendBatch, type BatchOutcome } from './append-batch.js';
import { Overloaded, UnknownDossier, type Append, type AppendOutcome } from './event.js';
import { Gathering, inParts, waiting, type Waiting } from './gathering.js';
import { Lines } from './lines.js';
import { committedAt, isOutage } from './outage.js';

/** How often an interrupted batch is tried before its callers hear of the outage. */
const TRIES = 5;

/** Milliseconds before the second try; twice as long before each further one. */
const PAUSE = 50;

/** Batches of a dossier in flight at a time: while one commits, the next is on its way. More would only be smaller ones. */
const IN_FLIGHT = 2;

/** Appends that are not worth being divided between two round trips. */
const FEW = 16;

/** Appends, and characters of their payloads, that may wait in one process: more would only wait longer than their callers do, and fill the memory. */
const MOST_WAITING = 20_000;
const MOST_CHARACTERS_WAITING = 100_000_000;

export interface AppenderOptions {
  readonly pool: Pool;
  /** RFC 3339. */
  readonly now: () => string;
  /** Told after each commit, so that readers in this process wake at once. */
  readonly committed?: (dossier: string, head: number) => void;
}

/**
 * Appends to dossiers' logs. A dossier's appends are serial (they lock its head), so while batches are in flight the next one gathers: each
 * caller keeps its own expectations and gets its own answer, and many share one round trip and one commit.
 */
export class Appender {
  private readonly gatherings = new Map<string, Gathering>();
  /** Dossiers whose next batch leaves at the end of this turn of the event loop. */
  private readonly leaving = new Set<string>();
  private readonly lines: Lines;
  private appends = 0;
  private characters = 0;

  constructor(private readonly options: AppenderOptions) {
    this.lines = new Lines(options.pool);
  }

  /** Whether anything of the dossier is on its way to the log. */
  isAppending(dossier: string): boolean {
    return this.gatherings.has(dossier);
  }

  /**
   * Resolves once the append is durable, or refused. Rejects with UnknownDossier, with Overloaded (nothing was written), or with the
   * database's error when it is away: then it may or may not have been written, and a retry with the same idempotency key tells.
   */
  async append(dossier: string, append: Append): Promise<AppendOutcome> {
    if (this.appends >= MOST_WAITING || this.characters >= MOST_CHARACTERS_WAITING)
      throw new Overloaded(`${this.appends} appends are waiting to be written.`);
    return new Promise((resolve, reject) => this.admit(dossier, waiting(append, { resolve, reject })));
  }

  private admit(dossier: string, each: Waiting): void {
    this.appends++;
    this.characters += each.characters;
    const gathering = this.gatherings.get(dossier) ?? new Gathering();
    this.gatherings.set(dossier, gathering);
    gathering.add(each);
    if (gathering.inFlight === 0 && gathering.size >= FEW) this.sendNext(dossier, gathering);
    else this.sendSoon(dossier, gathering);
  }

  /**
   * All who call in one turn of the event loop share a batch: the more this process has to do, the larger are its batches. But in a long turn
   * the database does not wait for its end: it writes those who came first while this process still makes up the others.
   */
  private sendSoon(dossier: string, gathering: Gathering): void {
    if (this.leaving.has(dossier)) return;
    this.leaving.add(dossier);
    setImmediate(() => {
      this.leaving.delete(dossier);
      this.sendNext(dossier, gathering);
    });
  }

  private sendNext(dossier: string, gathering: Gathering): void {
    while (gathering.size > 0 && this.mayTakeOff(dossier, gathering)) {
      const batch = gathering.take(share(gathering));
      if (batch.length === 0) return;
      void this.fly(dossier, gathering, batch);
    }
    if (gathering.size === 0 && gathering.inFlight === 0) this.gatherings.delete(dossier);
  }

  /** Whoever always has something in flight never gives their connection back. */
  private mayTakeOff(dossier: string, { inFlight }: Gathering): boolean {
    return inFlight === 0 || (inFlight < IN_FLIGHT && !this.lines.isWanted(dossier));
  }

  private async fly(dossier: string, gathering: Gathering, batch: readonly Waiting[]): Promise<void> {
    try {
      await this.settle(dossier, gathering, batch);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    this.appends -= batch.length;
    for (const { characters } of batch) this.characters -= characters;
    gathering.land(batch);
    this.sendSoon(dossier, gathering);
  }

  /** Writes a batch. Where some of it is refused nothing was written: those hear why and the others are tried again. */
  private async settle(dossier: string, gathering: Gathering, batch: readonly Waiting[]): Promise<void> {
    let outcome: BatchOutcome;
    try {
      outcome = await this.write(dossier, batch);
    } catch (error) {
      return this.fail(dossier, gathering, batch, error);
    }
    gathering.learn(batch, outcome);
    if (outcome.status === 'appended') return this.acknowledge(dossier, batch, outcome);
    const { refusals } = outcome;
    batch.forEach(({ resolve }, index) => {
      const refusal = refusals.get(index);
      if (refusal !== undefined) resolve(refusal);
    });
    const left = batch.filter((_, index) => !refusals.has(index));
    for (const part of inParts(left)) await this.settle(dossier, gathering, part);
  }

  /** An append that the database chokes on fails for itself alone: its neighbours are written without it. */
  private async fail(
    dossier: string,
    gathering: Gathering,
    batch: readonly Waiting[],
    error: unknown,
  ): Promise<void> {
    if (batch.length === 1 || isOutage(error) || error instanceof UnknownDossier)
      return batch.forEach(({ reject }) => reject(error));
    const middle = batch.length >> 1;
    await this.settle(dossier, gathering, batch.slice(0, middle));
    await this.settle(dossier, gathering, batch.slice(middle));
  }

  private acknowledge(
    dossier: string,
    batch: readonly Waiting[],
    { first, recordedAt }: { first: number; recordedAt: string },
  ): void {
    let next = first;
    for (const { append, resolve } of batch) {
      resolve({ status: 'appended', first: next, recordedAt });
      next += append.events.length;
    }
    this.options.committed?.(dossier, next - 1);
  }

  /** One round trip, and others where the connection fails in it. */
  private async write(dossier: string, batch: readonly Waiting[]): Promise<BatchOutcome> {
    const appends = batch.map(({ append }) => append);
    for (let attempt = 1; ; attempt++) {
      try {
        return attempt === 1 ? await this.send(dossier, appends) : await this.sendAgain(dossier, appends);
      } catch (error) {
        if (!isOutage(error) || attempt === TRIES) throw error;
        await setTimeout(PAUSE * 2 ** (attempt - 1));
      }
    }
  }

  private send(dossier: string, appends: readonly Append[]): Promise<BatchOutcome> {
    return this.lines.lend(dossier, (client) => appendBatch(client, dossier, appends, this.options.now()));
  }

  /**
   * After a try whose answer was lost. If it was committed, or is before this one is, then this one runs into its events; so a refusal is
   * believed only where the log does not hold the batch.
   */
  private async sendAgain(dossier: string, appends: readonly Append[]): Promise<BatchOutcome> {
    const outcome = await this.send(dossier, appends);
    if (outcome.status === 'appended') return outcome;
    const committed = await committedAt(this.options.pool, dossier, appends);
    return committed === null ? outcome : { status: 'appended', ...committed };
  }
}

/** Half of those who have no answer yet: while one half commits, the other is on its way. */
function share({ unanswered }: Gathering): number {
  return Math.max(FEW, Math.ceil(unanswered / IN_FLIGHT));
}
