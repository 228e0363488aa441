import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '../../src/ledger/event.js';
import { Bell, follow, HeadWatch } from '../../src/ledger/follower.js';
import { anAppend, manyEvents, TestLedger, times } from './test-ledger.js';

let ledger: TestLedger;
let dossier: string;
let bell: Bell;
let abort: AbortController;

beforeAll(async () => {
  ledger = await TestLedger.open();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  dossier = await ledger.newDossier();
  bell = new Bell();
  abort = new AbortController();
});

afterEach(() => abort.abort());

const following = (after = 0): AsyncGenerator<readonly RecordedEvent[], void, void> =>
  follow(ledger.log, new HeadWatch(ledger.log, bell), dossier, after, abort.signal);

const appender = () => ledger.appender({ committed: (id) => bell.ring(id) });

/** The sequences of the next so many events. */
async function take(
  pages: AsyncGenerator<readonly RecordedEvent[], void, void>,
  count: number,
): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < count) {
    const { value, done } = await pages.next();
    if (done) break;
    seen.push(...value.map(({ sequence }) => sequence));
  }
  return seen;
}

const from = (first: number, count: number): number[] => times(count, (index) => first + index);

describe('whoever follows a log', () => {
  it('gets its events in order, each once, while many are appended', async () => {
    const pages = following();
    const seen = take(pages, 1_500);
    for (let round = 0; round < 30; round++)
      await Promise.all(times(10, () => appender().append(dossier, manyEvents(5))));
    expect(await seen).toEqual(from(1, 1_500));
  });

  it('can begin after any sequence', async () => {
    await appender().append(dossier, manyEvents(1_200));
    for (const after of [0, 1, 99, 100, 101, 1_199])
      expect(await take(following(after), 1_200 - after)).toEqual(from(after + 1, 1_200 - after));
    const atEnd = following(1_200);
    expect((await atEnd.next()).value).toEqual([]);
    await appender().append(dossier, anAppend());
    expect(await take(atEnd, 1)).toEqual([1_201]);
  });

  it('is woken at once by an append of this process', async () => {
    const pages = following();
    await pages.next();
    const next = take(pages, 1);
    await delay(20);
    const began = performance.now();
    await appender().append(dossier, anAppend());
    expect(await next).toEqual([1]);
    expect(performance.now() - began).toBeLessThan(150);
  });

  // Break: in follow, begin to wait only after the page was taken.
  it('is woken at once by an append of this process that comes while it handles a page', async () => {
    const pages = following();
    await pages.next();
    await appender().append(dossier, anAppend());
    const began = performance.now();
    expect(await take(pages, 1)).toEqual([1]);
    expect(performance.now() - began).toBeLessThan(150);
  });

  it('notices an append of another process within its poll', async () => {
    const pages = following();
    await pages.next();
    const next = take(pages, 1);
    await ledger.appender({ pool: ledger.anotherPool() }).append(dossier, anAppend());
    const began = performance.now();
    expect(await next).toEqual([1]);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('is done as soon as the signal aborts', async () => {
    const pages = following();
    await pages.next();
    const next = pages.next();
    abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await following().next()).toEqual({ done: true, value: undefined });
  });
});
