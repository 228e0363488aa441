import { jest } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { pass, watched } from '../../test/support/passing-time.js';
import { Bell } from './follower.js';

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

describe('a bell', () => {
  it('wakes at a ring who sleeps on that dossier, and nobody else', async () => {
    const sleepers = ['a', 'a', 'b'].map((dossier) => watched(bell.wait(dossier, 1_000)));
    bell.ring('a');
    await pass(0);
    expect(sleepers).toEqual([{ value: true }, { value: true }, {}]);
  });

  it('tells its listeners of a ring, and not of a mere wake-up', async () => {
    const heard: string[] = [];
    bell.listen((dossier) => heard.push(dossier));
    const sleeper = watched(bell.wait('a', 1_000));
    bell.wake('a');
    await pass(0);
    bell.ring('b');
    expect([sleeper.value, heard]).toEqual([true, ['b']]);
  });

  it('lets a sleeper sleep for as long as it asked, and no longer', async () => {
    const sleeper = watched(bell.wait('a', 1_000, abort.signal));
    await pass(999);
    expect(sleeper).toEqual({});
    await pass(1);
    expect(sleeper).toEqual({ value: false });
  });

  it('lets a sleeper go when its signal aborts, and does not take in one whose signal has', async () => {
    const sleeper = watched(bell.wait('a', 1_000, abort.signal));
    abort.abort();
    const late = watched(bell.wait('a', 1_000, abort.signal));
    await pass(0);
    expect([sleeper.value, late.value]).toEqual([false, false]);
  });

  it.each(['rung', 'aborted', 'timed out'])(
    'keeps nothing of a sleeper that was %s, and all of the others',
    async (how) => {
      const other = watched(bell.wait('a', 2_000));
      void bell.wait('a', 1_000, abort.signal);
      const alone = bell.wait('b', 1_000, abort.signal);
      if (how === 'rung') bell.wake('b');
      if (how === 'aborted') abort.abort();
      if (how === 'timed out') await pass(1_000);
      await alone;
      expect([other.value, kept()]).toEqual([undefined, ['a']]);
      bell.wake('a');
      await pass(0);
      expect(other.value).toBe(true);
      expect([kept(), jest.getTimerCount(), getEventListeners(abort.signal, 'abort').length]).toEqual([
        [],
        0,
        0,
      ]);
    },
  );

  // holds: the field is there; that it is private does not keep it from growing
  const kept = (): string[] => [...(bell as unknown as { sleepers: Map<string, unknown> }).sleepers.keys()];
});
