import { randomBytes } from 'node:crypto';
import { Pace } from '../../src/ledger/pace.js';

const ENDLESS = new AbortController().signal;

/** Whether it comes to an end within so many milliseconds. */
async function ends(rest: Promise<void>, within: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, within, false);
  });
  return Promise.race([rest.then(() => true), late]).finally(() => clearTimeout(timer));
}

const appenders: NodeJS.Timeout[] = [];

afterEach(() => {
  for (const timer of appenders.splice(0)) clearInterval(timer);
});

/** Appends as often as the event loop allows until the test ends, however it ends. */
function appending(pace: Pace, dossier: string): void {
  appenders.push(setInterval(() => pace.grown(dossier), 1));
  pace.grown(dossier);
}

describe('projecting', () => {
  it('does not rest where nothing is appended', async () => {
    expect(await ends(new Pace().rest('quiet', ENDLESS), 5_000)).toBe(true);
  });

  // Break: `growth.last + lull` in `rest`.
  it('goes on when the appends pause', async () => {
    const pace = new Pace();
    pace.grown('pausing');
    expect(await ends(pace.rest('pausing', ENDLESS), 1_500)).toBe(true);
  });

  // Break: the look at `isAppending` in `pause`.
  it('does not take it for a pause that an append is still on its way', async () => {
    const pace = new Pace({ lull: 10, leeway: 300 }, (dossier) => dossier === 'slow');
    for (const dossier of ['slow', 'other']) pace.grown(dossier);
    const began = performance.now();
    await pace.rest('other', ENDLESS);
    expect([pace.isQuiet('other'), pace.isQuiet('slow')]).toEqual([true, false]);
    await pace.rest('slow', ENDLESS);
    expect(performance.now() - began).toBeGreaterThanOrEqual(295);
  });

  // Break: the turn in `rest`.
  it('nor that this thread was held up while appends were sent to it', async () => {
    const pace = new Pace({ lull: 30 });
    pace.grown('held up');
    const resting = pace.rest('held up', ENDLESS);
    await new Promise<void>((resolve) =>
      setImmediate(() => {
        // Comes to this thread from outside, as what clients send does.
        randomBytes(1, () => {
          appending(pace, 'held up');
          resolve();
        });
        for (const until = performance.now() + 60; performance.now() < until;);
      }),
    );
    expect(await ends(resting, 200)).toBe(false);
  });

  // Break: `growth.since + leeway` in `rest`.
  it('makes way for no more than two seconds', async () => {
    const pace = new Pace();
    appending(pace, 'endless');
    expect(await ends(pace.rest('endless', ENDLESS), 20_000)).toBe(true);
  });

  // Break: the ring in `hurried`, or the look at `readers` in `rest`.
  it('rests no longer once a reader waits, and not at all while one does', async () => {
    const pace = new Pace();
    appending(pace, 'read');
    const resting = pace.rest('read', ENDLESS);
    const began = performance.now();
    await pace.hurried('read', async () => {
      await resting;
      await pace.rest('read', ENDLESS);
    });
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  // Break: counting down in `hurried`.
  it('rests again when no reader is left', async () => {
    const pace = new Pace();
    appending(pace, 'left');
    await Promise.all([
      pace.hurried('left', () => Promise.resolve()),
      pace.hurried('left', () => Promise.resolve()),
    ]);
    expect(await ends(pace.rest('left', ENDLESS), 200)).toBe(false);
  });

  // Break: counting up from nothing in `hurried`, or counting down to nobody while another still waits.
  it('does not rest while one of several readers still waits', async () => {
    const pace = new Pace();
    appending(pace, 'several');
    await pace.hurried('several', async () => {
      await pace.hurried('several', () => Promise.resolve());
      expect(await ends(pace.rest('several', ENDLESS), 1_500)).toBe(true);
    });
  });

  // Break: forgetting nothing in `caughtUp`; the leeway of what has long been taken in is then over at once.
  it('makes way anew for what comes after all was taken in', async () => {
    const pace = new Pace({ leeway: 50 });
    pace.grown('anew');
    await new Promise((resolve) => setTimeout(resolve, 60));
    pace.caughtUp('anew');
    expect(await ends(pace.rest('anew', ENDLESS), 0)).toBe(true);
    appending(pace, 'anew');
    const began = performance.now();
    await pace.rest('anew', ENDLESS);
    expect(performance.now() - began).toBeGreaterThanOrEqual(45);
  });

  // Break: `known.since =` in `tookIn`; a projection that keeps up while appends never pause then rests no more.
  it('makes way anew while appends keep coming, once it has taken in those before', async () => {
    const pace = new Pace({ leeway: 50 });
    appending(pace, 'steady');
    await pace.rest('steady', ENDLESS);
    const began = performance.now();
    pace.tookIn('steady', began);
    await pace.rest('steady', ENDLESS);
    expect(performance.now() - began).toBeGreaterThanOrEqual(45);
  });

  it('ends its rest when the service stops', async () => {
    const pace = new Pace();
    const stopping = new AbortController();
    appending(pace, 'stopping');
    const resting = pace.rest('stopping', stopping.signal);
    stopping.abort();
    expect(await ends(resting, 1_500)).toBe(true);
  });

  // Break: either part of `isQuiet`.
  it('is in nobody’s way where nothing was appended, or once appends have paused', async () => {
    const pace = new Pace({ lull: 30 });
    expect(pace.isQuiet('quiet')).toBe(true);
    pace.grown('quiet');
    expect([pace.isQuiet('quiet'), pace.isQuiet('other')]).toEqual([false, true]);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(pace.isQuiet('quiet')).toBe(true);
    pace.grown('quiet');
    pace.caughtUp('quiet');
    expect(pace.isQuiet('quiet')).toBe(true);
  });
});
