import type { RecordedEvent } from './event.js';
import type { EventLog, EventPage } from './event-log.js';

/** Events that a follower takes at once: what a slow one keeps in memory, and an event has up to 64 KiB. */
const PAGE = 100;

const NOTHING: EventPage = { events: [], isLast: true };

/** Longest that an event of another process waits to be noticed, in milliseconds. */
const POLL = 250;

/** Milliseconds after which a follower of a quiet log is told that it is quiet. */
const QUIET = 1_000;

/**
 * Tells readers of this process that a dossier's log has grown. A wake-up is a hint: it may be missed or come for nothing, and the log is
 * read to know.
 */
export class Bell {
  private readonly sleepers = new Map<string, Set<() => void>>();
  private readonly listeners = new Set<(dossier: string) => void>();

  /** Hears every ring, of any dossier. */
  listen(listener: (dossier: string) => void): void {
    this.listeners.add(listener);
  }

  ring(dossier: string): void {
    this.listeners.forEach((listener) => listener(dossier));
    this.wake(dossier);
  }

  /** Wakes who sleeps, and tells nobody else. */
  wake(dossier: string): void {
    this.sleepers.get(dossier)?.forEach((wake) => wake());
  }

  /** Resolves at the next ring with true, after `milliseconds` or when the signal aborts with false; never rejects. */
  wait(dossier: string, milliseconds: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const sleepers = this.sleepers.get(dossier) ?? new Set();
      const end = (rung: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', give);
        sleepers.delete(wake);
        if (sleepers.size === 0) this.sleepers.delete(dossier);
        resolve(rung);
      };
      const wake = (): void => end(true);
      const give = (): void => end(false);
      const timer = setTimeout(give, milliseconds);
      signal?.addEventListener('abort', give);
      sleepers.add(wake);
      this.sleepers.set(dossier, sleepers);
      if (signal?.aborted) give();
    });
  }
}

/** A log that somebody follows. */
interface Watched {
  followers: number;
  /** As it was last seen; -1 where it is not known. */
  head: number;
  /** Raised each time that the log may have grown. */
  turn: number;
  timer: NodeJS.Timeout | undefined;
}

/** Tells the followers of a log when to read on. They share one look at its head, by which they notice what other processes append. */
export class HeadWatch {
  private readonly watched = new Map<string, Watched>();

  constructor(
    private readonly log: Pick<EventLog, 'head'>,
    private readonly bell: Bell,
  ) {
    bell.listen((dossier) => this.turn(dossier));
  }

  /** Begins to follow, until the signal aborts. */
  watch(dossier: string, signal: AbortSignal): Watch {
    const watched = this.watched.get(dossier) ?? this.begin(dossier);
    watched.followers++;
    signal.addEventListener('abort', () => this.leave(dossier, watched), { once: true }); // what stays listening is kept as long as the signal
    return {
      turn: () => watched.turn,
      beyond: async (turn) => watched.turn > turn || this.bell.wait(dossier, QUIET, signal),
    };
  }

  private leave(dossier: string, watched: Watched): void {
    if (--watched.followers > 0) return;
    clearTimeout(watched.timer);
    this.watched.delete(dossier);
  }

  private begin(dossier: string): Watched {
    const watched = { followers: 0, head: -1, turn: 0, timer: undefined };
    this.watched.set(dossier, watched);
    this.lookLater(dossier, watched);
    return watched;
  }

  private turn(dossier: string): void {
    const watched = this.watched.get(dossier);
    if (watched !== undefined) watched.turn++;
  }

  private lookLater(dossier: string, watched: Watched): void {
    watched.timer = setTimeout(() => void this.look(dossier, watched), POLL);
  }

  /** One that fails wakes everybody too: their own reading then tells each of them what is wrong. */
  private async look(dossier: string, watched: Watched): Promise<void> {
    const head = (await this.log.head(dossier).catch(() => undefined))?.sequence ?? -1;
    if (watched.followers === 0) return;
    if (head < 0 || head > watched.head) {
      watched.turn++;
      this.bell.wake(dossier);
    }
    watched.head = head;
    this.lookLater(dossier, watched);
  }
}

/** One follower's hold on a log. */
export interface Watch {
  /** Ask before reading: what is appended after it counts as growth. */
  turn(): number;
  /** Whether the log may have grown since a turn: at once if so, else as soon as it has; false after a while without, or when the signal aborts. */
  beyond(turn: number): Promise<boolean>;
}

/**
 * A dossier's events after a sequence, in order, each once, as pages; an empty page each time the log has not grown for a while (for
 * heartbeats). Ends when the signal aborts. Reads no further than its consumer: a slow one costs one page of memory.
 */
export async function* follow(
  log: Pick<EventLog, 'page'>,
  heads: HeadWatch,
  dossier: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly RecordedEvent[], void, void> {
  if (signal.aborted) return;
  const gone = new AbortController();
  const watch = heads.watch(dossier, AbortSignal.any([signal, gone.signal]));
  try {
    let seen = after;
    let turn = watch.turn();
    for (let grown = true; !signal.aborted;) {
      const { events, isLast }: EventPage = grown ? await log.page(dossier, seen, PAGE) : NOTHING;
      yield events;
      seen = events.at(-1)?.sequence ?? seen;
      grown = !isLast || (await watch.beyond(turn));
      if (grown) turn = watch.turn();
    }
  } finally {
    gone.abort();
  }
}
