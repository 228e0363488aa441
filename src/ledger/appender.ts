import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import { appendBatch, type BatchOutcome } from './append-batch.js';
import { Overloaded, UnknownDossier, type Append, type AppendOutcome } from './event.js';
import { Gathering, waiting, type Waiting } from './gathering.js';
import { committedAt, isOutage } from './outage.js';

/** How often an interrupted batch is tried before its callers hear of the outage. */
const TRIES = 5;

/** Milliseconds before the second try; twice as long before each further one. */
const PAUSE = 50;

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
 * Appends to dossiers' logs. A dossier's appends are serial (they lock its head), so while one batch is in flight the next one gathers:
 * each caller keeps its own expectations and gets its own answer, and many share one round trip and one commit.
 */
export class Appender {
  private readonly gatherings = new Map<string, Gathering>();
  private appends = 0;
  private characters = 0;

  constructor(private readonly options: AppenderOptions) {}

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
    const gathering = this.gatherings.get(dossier);
    if (gathering !== undefined) return gathering.add(each);
    const begun = new Gathering();
    begun.add(each);
    this.gatherings.set(dossier, begun);
    void this.drain(dossier, begun);
  }

  private async drain(dossier: string, gathering: Gathering): Promise<void> {
    await Promise.resolve(); // callers of the same tick share the first batch
    while (gathering.size > 0) {
      const batch = gathering.take();
      try {
        await this.settle(dossier, gathering, batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      this.appends -= batch.length;
      for (const { characters } of batch) this.characters -= characters;
    }
    this.gatherings.delete(dossier);
  }

  /** Writes a batch. Where some of it is refused nothing was written: those hear why and the others are tried again. */
  private async settle(dossier: string, gathering: Gathering, batch: readonly Waiting[]): Promise<void> {
    for (let rest = batch; rest.length > 0;) {
      let outcome: BatchOutcome;
      try {
        outcome = await this.write(dossier, rest);
      } catch (error) {
        return this.fail(dossier, gathering, rest, error);
      }
      gathering.learn(rest, outcome);
      if (outcome.status === 'appended') return this.acknowledge(dossier, rest, outcome);
      const { refusals } = outcome;
      rest.forEach(({ resolve }, index) => {
        const refusal = refusals.get(index);
        if (refusal !== undefined) resolve(refusal);
      });
      rest = rest.filter((_, index) => !refusals.has(index));
    }
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
    return appendBatch(this.options.pool, dossier, appends, this.options.now());
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
