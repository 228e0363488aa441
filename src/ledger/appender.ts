import { setTimeout } from 'node:timers/promises';
import type { Pool } from 'pg';
import { appendBatch, expectations, type BatchOutcome } from './append-batch.js';
import type { Append, AppendOutcome } from './event.js';
import { committedAt, isOutage } from './outage.js';

interface Waiting {
  readonly append: Append;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

interface Queue {
  waiting: Waiting[];
  running: boolean;
}

/** Most events and payload characters of one round trip; beyond it, latency grows and throughput does not. A larger append goes alone. */
const MOST_EVENTS = 1_000;
const MOST_CHARACTERS = 4_000_000;

/** How often an interrupted batch is tried again before its callers hear of the outage. */
const TRIES = 3;

/** Milliseconds before the second try; as long again before each further one. */
const PAUSE = 100;

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
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly options: AppenderOptions) {}

  /** Resolves once the append is durable, or refused. Rejects with UnknownDossier, or with the database's error when it is away: then it may or may not have been written, and a retry with the same idempotency key tells. */
  append(dossier: string, append: Append): Promise<AppendOutcome> {
    return new Promise((resolve, reject) => {
      const queue = this.queues.get(dossier) ?? { waiting: [], running: false };
      this.queues.set(dossier, queue);
      queue.waiting.push({ append, resolve, reject });
      if (!queue.running) void this.drain(dossier, queue);
    });
  }

  private async drain(dossier: string, queue: Queue): Promise<void> {
    queue.running = true;
    await Promise.resolve(); // callers of the same tick share the first batch
    while (queue.waiting.length > 0) {
      const batch = gather(queue);
      try {
        await this.settle(dossier, batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    queue.running = false;
    this.queues.delete(dossier);
  }

  /** Writes a batch. Where some of it is refused nothing was written: those hear why and the others are tried again. */
  private async settle(dossier: string, batch: readonly Waiting[]): Promise<void> {
    for (let rest = batch; rest.length > 0;) {
      const outcome = await this.write(dossier, rest);
      if (outcome.status === 'appended') return this.acknowledge(dossier, rest, outcome);
      const { refusals } = outcome;
      rest.forEach(({ resolve }, index) => {
        const refusal = refusals.get(index);
        if (refusal !== undefined) resolve(refusal);
      });
      rest = rest.filter((_, index) => !refusals.has(index));
    }
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

  /** One round trip; when the connection fails in it, asks the log whether it was committed before trying again. */
  private async write(dossier: string, batch: readonly Waiting[]): Promise<BatchOutcome> {
    const { pool, now } = this.options;
    const appends = batch.map(({ append }) => append);
    for (let attempt = 1; ; attempt++) {
      try {
        return await appendBatch(pool, dossier, appends, now());
      } catch (error) {
        if (!isOutage(error) || attempt === TRIES) throw error;
        await setTimeout(PAUSE * attempt);
        const committed = await committedAt(pool, dossier, appends); // while nobody can tell, nobody may try again
        if (committed !== null) return { status: 'appended', ...committed };
      }
    }
  }
}

/** Takes from the queue, in order, what one batch may hold: nothing that contradicts what is already in it. */
function gather(queue: Queue): Waiting[] {
  const batch: Waiting[] = [];
  const later: Waiting[] = [];
  const taken = new Taken();
  let events = 0;
  let characters = 0;
  for (const [index, each] of queue.waiting.entries()) {
    events += each.append.events.length;
    characters += each.append.events.reduce((sum, { data }) => sum + data.length, 0);
    if (batch.length > 0 && (events > MOST_EVENTS || characters > MOST_CHARACTERS)) {
      later.push(...queue.waiting.slice(index));
      break;
    }
    if (taken.admits(each.append)) {
      taken.take(each.append);
      batch.push(each);
    } else {
      taken.postpone(each.append);
      later.push(each);
    }
  }
  queue.waiting = later;
  return batch;
}

/**
 * What the appends of a batch write. An append that expects otherwise waits for the next batch, where the database says what it runs into;
 * so does whatever touches the streams of one that waits, since it may build on it.
 */
class Taken {
  private readonly versions = new Map<string, number>();
  private readonly names = new Set<string>();
  private readonly postponed = new Set<string>();

  admits(append: Append): boolean {
    const asExpected = expectations(append).every(
      ({ streamId, version }) =>
        !this.postponed.has(streamId) && (this.versions.get(streamId) ?? version) === version,
    );
    return asExpected && names(append).every((name) => !this.names.has(name));
  }

  take(append: Append): void {
    for (const { streamId, streamVersion } of append.events) this.versions.set(streamId, streamVersion);
    for (const name of names(append)) this.names.add(name);
  }

  postpone(append: Append): void {
    for (const { streamId } of append.events) this.postponed.add(streamId);
  }
}

function names({ claims = [], idempotency }: Append): string[] {
  const claimed = claims.map(({ name }) => `claim ${name}`);
  return idempotency ? [...claimed, `key ${idempotency.key}`] : claimed;
}
