import { setTimeout as pause } from 'node:timers/promises';
import { ACCESS_LOG } from '../../dossiers/access-log-id.js';
import { Coalesced } from '../../dossiers/coalesce.js';
import type { RecordedEvent } from '../../ledger/event.js';
import type { EventLog } from '../../ledger/event-log.js';
import { isOutage } from '../../ledger/outage.js';
import { isAccessEvent } from './events.js';
import { AccessState, evolve } from './state.js';

const PAGE = 500;

/** Milliseconds between two looks for what other processes have written: what is revoked there holds here within a second. */
const LOOK = 250;

/** How often a start tries to read it. */
const TRIES = 3;

/** Milliseconds after which what was last read can no longer be relied on: a revocation of meanwhile would not be known. */
const RELIABLE = 10_000;

export interface AccessLogOptions {
  readonly log: EventLog;
  /** Milliseconds, from any beginning, never backwards. */
  readonly clock: () => number;
  /** Told of events that this code does not understand, and of what goes wrong in the background. */
  readonly complain: (problem: unknown) => void;
}

/** Keeps the fold of the access log in memory, never long behind the log, so that asking who may do what costs no query. */
export class AccessLog {
  readonly state = new AccessState();
  private sequence = 0;
  private readAt = -Infinity;
  private readonly reads = new Coalesced(() => this.read());
  private readonly stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();

  constructor(private readonly options: AccessLogOptions) {}

  /** Reads the whole log, and goes on following it. A database that is away for a moment is waited for; rejects if it stays away. */
  async start(): Promise<void> {
    for (let tried = 1; !this.isReliable; tried++)
      await this.refresh().catch((error: unknown) => {
        if (tried === TRIES || !isOutage(error)) throw error;
      });
    this.following = this.follow();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  /** Resolves when everything that was written before the call has been taken in. */
  refresh(): Promise<void> {
    return this.reads.get(ACCESS_LOG);
  }

  /** Whether the log could be read lately. Where not, who may do what is not known. */
  get isReliable(): boolean {
    return this.options.clock() - this.readAt < RELIABLE;
  }

  private async read(): Promise<void> {
    for (;;) {
      const began = this.options.clock();
      const { events, isLast } = await this.options.log.page(ACCESS_LOG, this.sequence, PAGE);
      for (const event of events) this.take(event);
      this.readAt = began;
      if (isLast) return;
    }
  }

  private take(event: RecordedEvent): void {
    const known = event as RecordedEvent & { readonly data: never }; // holds: isAccessEvent tells the type of an event by its name, and each name has one shape of data
    if (isAccessEvent(known)) evolve(this.state, known);
    else this.options.complain(`Event ${event.sequence} of the access log is not understood: ${event.type}.`);
    this.sequence = event.sequence;
  }

  /** An outage is not worth a word for every look: the health of the service tells of it. */
  private async follow(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.refresh().catch(() => undefined);
      await pause(LOOK, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
