import { jest } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { pass, watched } from '../../test/support/passing-time.js';
import type { RecordedEvent } from './event.js';
import type { EventPage, Head } from './event-log.js';
import { Bell, follow, HeadWatch } from './follower.js';

let bell: Bell;
let abort: AbortController;

beforeEach(() => {
  jest.useFakeTimers();
  bell = new Bell();
  abort = new AbortController();
});

afterEach(() => {
  abort.abort();
  jest.useRealTimers();
});

/** A log of so many events, which grows as another process may make it grow. */
class Log {
  size = 0;
  /** Events for which a page has room. */
  room = Infinity;
  away = false;
  /** How often its head was looked at, and after which sequences it was read. */
  looks = 0;
  readonly reads: number[] = [];

  head(): Promise<Head> {
    this.looks++;
    return this.away ? Promise.reject(new Error('away')) : Promise.resolve(headAt(this.size));
  }

  page(_: string, after: number, limit: number): Promise<EventPage> {
    this.reads.push(after);
    if (this.away) return Promise.reject(new Error('away'));
    const count = Math.max(0, Math.min(limit, this.room, this.size - after));
    const events = Array.from({ length: count }, (_each, index) => event(after + 1 + index));
    return Promise.resolve({ events, isLast: after + count === this.size });
  }
}

const headAt = (sequence: number): Head => ({ sequence, castSequence: 0, recordedAt: null });

const event = (sequence: number): RecordedEvent => ({
  sequence,
  id: '01890000-0000-7000-8000-000000000000',
  streamKind: 'statement',
  streamId: '01890000-0000-7000-8000-000000000001',
  streamVersion: 1,
  type: 'said',
  schemaVersion: 1,
  recordedAt: '2025-04-01T10:00:00.000Z',
  recordedBy: 'tester',
  correlationId: '01890000-0000-7000-8000-000000000002',
  causationId: null,
  data: {},
  obscure: null,
  redacted: null,
});

describe('a watch over heads', () => {
  let log: Log;
  let heads: HeadWatch;

  beforeEach(() => {
    log = new Log();
    heads = new HeadWatch(log, bell);
  });

  it('counts as growth what this process appends to that log, and nothing else', () => {
    const watch = heads.watch('a', abort.signal);
    bell.ring('b');
    expect(watch.turn()).toBe(0);
    bell.ring('a');
    expect(watch.turn()).toBe(1);
  });

  it('tells at once of growth since a turn, and else as soon as there is some', async () => {
    const watch = heads.watch('a', abort.signal);
    bell.ring('a');
    const [missed, next] = [watched(watch.beyond(0)), watched(watch.beyond(1))];
    await pass(0);
    expect([missed, next]).toEqual([{ value: true }, {}]);
    bell.ring('a');
    await pass(0);
    expect(next).toEqual({ value: true });
  });

  it('tells after a second that the log is quiet, and at once that its signal has aborted', async () => {
    const watch = heads.watch('a', abort.signal);
    await pass(250);
    const [quiet, turn] = [watched(watch.beyond(watch.turn())), watch.turn()];
    await pass(999);
    expect(quiet).toEqual({});
    await pass(1);
    expect([quiet.value, watch.turn()]).toEqual([false, turn]);
    const gone = watched(watch.beyond(turn));
    abort.abort();
    await pass(0);
    expect(gone).toEqual({ value: false });
  });

  // Break: in HeadWatch.look, `head > watched.head`, or the wake-up.
  it('looks four times in a second, and tells when another process has appended, even to an empty log', async () => {
    const watch = heads.watch('a', abort.signal);
    await pass(249);
    expect([log.looks, watch.turn()]).toEqual([0, 0]);
    await pass(1);
    expect([log.looks, watch.turn()]).toEqual([1, 1]); // it does not know what its followers have read
    await pass(500);
    expect([log.looks, watch.turn()]).toEqual([3, 1]);
    const next = watched(watch.beyond(1));
    log.size = 1;
    await pass(250);
    expect([log.looks, watch.turn(), next.value]).toEqual([4, 2, true]);
    await pass(250);
    expect([log.looks, watch.turn()]).toEqual([5, 2]);
  });

  // Break: in HeadWatch.look, leave out `head < 0`.
  it('tells each time that it cannot look, so that each finds out why, and goes on', async () => {
    const watch = heads.watch('a', abort.signal);
    await pass(250);
    log.away = true;
    await pass(500);
    expect(watch.turn()).toBe(3);
    log.away = false;
    await pass(250);
    expect(watch.turn()).toBe(4); // what was missed meanwhile
    await pass(500);
    expect(watch.turn()).toBe(4);
  });

  // Break: `once` in HeadWatch.watch: Node keeps a signal that follows from others for as long as somebody listens to it.
  it('looks once for all who follow a log, for as long as one of them does', async () => {
    const others = [new AbortController(), new AbortController()];
    for (const { signal } of others) heads.watch('a', signal);
    const watch = heads.watch('a', abort.signal);
    for (const other of others) other.abort();
    await pass(1_000);
    expect(log.looks).toBe(4);
    bell.ring('a');
    expect(watch.turn()).toBe(2);
    abort.abort();
    expect([jest.getTimerCount(), getEventListeners(abort.signal, 'abort').length]).toEqual([0, 0]);
    await pass(1_000);
    expect(log.looks).toBe(4);
  });

  it('ends with its last follower although a look is under way, and begins anew for the next', async () => {
    let seen: (head: Head) => void = () => undefined;
    log.head = () => {
      log.looks++;
      return new Promise((resolve) => (seen = resolve));
    };
    const first = heads.watch('a', abort.signal);
    await pass(250);
    abort.abort();
    seen(headAt(3));
    await pass(1_000);
    expect([log.looks, first.turn(), jest.getTimerCount()]).toEqual([1, 0, 0]);
    const next = new AbortController();
    const second = heads.watch('a', next.signal);
    await pass(250);
    seen(headAt(3));
    await pass(0);
    expect([log.looks, first.turn(), second.turn()]).toEqual([2, 0, 1]);
    next.abort();
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('whoever follows a log', () => {
  type Pages = ReturnType<typeof follow>;
  let log: Log;

  beforeEach(() => {
    log = new Log();
  });

  const following = (after = 0): Pages => follow(log, new HeadWatch(log, bell), 'a', after, abort.signal);
  const sequences = (
    page: IteratorResult<readonly RecordedEvent[], void> | undefined,
  ): number[] | undefined => page?.value?.map(({ sequence }) => sequence);
  const grow = (): void => {
    log.size++;
    bell.ring('a');
  };

  it('gets what there is at once, a page at a time, and no page is read before it is asked for', async () => {
    log.size = 250;
    const pages = following(20);
    const sizes: (number | undefined)[] = [];
    for (let page = 0; page < 3; page++) {
      const next = watched(pages.next());
      await pass(0);
      sizes.push(next.value?.value?.length);
      await pass(1_000);
      expect(log.reads).toHaveLength(page + 1);
    }
    expect([sizes, log.reads]).toEqual([
      [100, 100, 30],
      [20, 120, 220],
    ]);
  });

  // Break: `!isLast` in follow: it would wait for an event where there are others already.
  it('reads on at once after a page in which long events left room for no more', async () => {
    log.size = 3;
    log.room = 2;
    const pages = following();
    expect(sequences(await pages.next())).toEqual([1, 2]);
    const next = watched(pages.next());
    await pass(0);
    expect(sequences(next.value)).toEqual([3]);
  });

  it('reads on only when there is more, and hears now and then that there is not', async () => {
    const pages = following();
    expect(sequences(await pages.next())).toEqual([]);
    await pass(250); // the first look, which does not know what has been read
    expect(sequences(await pages.next())).toEqual([]);
    for (let quiet = 0; quiet < 3; quiet++) {
      const next = watched(pages.next());
      await pass(999);
      expect(next).toEqual({});
      await pass(1);
      expect(next.value?.value).toStrictEqual([]);
    }
    expect(log.reads).toEqual([0, 0]);
    const next = watched(pages.next());
    grow();
    await pass(0);
    expect([sequences(next.value), log.reads]).toEqual([[1], [0, 0, 0]]);
  });

  // Break: in follow, ask for the turn after reading; or begin to wait only after the page was taken.
  it.each(['a page is read', 'it handles a page'])(
    'misses nothing that is appended while %s',
    async (when) => {
      const pages = following();
      const first = pages.next();
      if (when === 'a page is read') grow();
      expect(sequences(await first)).toEqual([]);
      if (when === 'it handles a page') grow();
      const next = watched(pages.next());
      await pass(0);
      expect(sequences(next.value)).toEqual([1]);
    },
  );

  // Break: `if (grown)` in follow.
  it('misses nothing that is appended just when it is told that the log is quiet', async () => {
    const pages = following();
    await pages.next();
    await pass(250);
    await pages.next();
    const next = watched(pages.next());
    await pass(0);
    setTimeout(grow, 1_000);
    jest.advanceTimersByTime(1_000); // both at once
    await pass(0);
    expect(sequences(next.value)).toEqual([]);
    const then = watched(pages.next());
    await pass(0);
    expect(sequences(then.value)).toEqual([1]);
  });

  it.each(['before it begins', 'while it waits', 'while it handles a page'])(
    'is done when its signal aborts %s, and nothing is left of it',
    async (when) => {
      const pages = following();
      if (when !== 'before it begins') await pages.next();
      const waiting = when === 'while it waits' ? watched(pages.next()) : null;
      await pass(0);
      abort.abort();
      const last = waiting ?? watched(pages.next());
      await pass(0);
      expect(last.value).toEqual({ done: true, value: undefined });
      expect(jest.getTimerCount()).toBe(0);
    },
  );

  it('leaves nothing when it goes by itself', async () => {
    const pages = following();
    await pages.next();
    expect(jest.getTimerCount()).toBe(1);
    await pages.return();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is told when the log cannot be read', async () => {
    const pages = following();
    await pages.next();
    log.away = true;
    const next = pages.next().catch(String);
    await pass(250);
    expect(await next).toBe('Error: away');
    expect(jest.getTimerCount()).toBe(0);
  });
});
