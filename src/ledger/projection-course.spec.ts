import { jest } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Bell } from './follower.js';
import type { Manners } from './pace.js';
import { ProjectionCourse } from './projection-course.js';
import { SHORT_STEP, STEP, type StepOutcome } from './projector.js';

/** Steps that a course which does not end would take before it is let go. */
const ENDLESS = 500;

/** What went wrong; who was told that a step was taken; when each step began, and of how many events it may have been. */
let complaints: unknown[];
let progress: Bell;
let began: number[];
let sizes: (number | undefined)[];
let abort: AbortController;

beforeEach(() => {
  complaints = [];
  began = [];
  sizes = [];
  progress = new Bell();
  abort = new AbortController();
});

afterEach(() => {
  abort.abort();
  jest.useRealTimers();
});

/** A course whose every step gives what its number says. */
function course(
  step: (count: number, dossier: string) => StepOutcome | Promise<StepOutcome>,
  manners: Partial<Manners> = {},
  isAppending = false,
): ProjectionCourse {
  const nothing = (): Promise<void> => Promise.resolve();
  return new ProjectionCourse({
    projection: { name: 'counted', version: 1, manners, apply: nothing, clear: nothing },
    projector: {
      step: async (dossier, _projection, most) => {
        await turn();
        sizes.push(most);
        return began.push(performance.now()) > ENDLESS ? 'done' : step(began.length, dossier);
      },
    },
    isAppending: () => isAppending,
    progress,
    stopping: abort.signal,
    complain: (error) => complaints.push(error),
  });
}

describe('a projection on its course', () => {
  it.each(['done', 'elsewhere', 'stopped'] as const)(
    'takes steps while there is more, and none after one that is %s, and tells of each',
    async (last) => {
      const told: string[] = [];
      progress.listen((dossier) => told.push(dossier));
      const running = course((count) => (count < 3 ? 'more' : last));
      running.wake('a');
      await running.ended();
      expect(began).toHaveLength(3);
      expect(told).toEqual(['a', 'a', 'a']);
      await running.ended();
      running.wake('a');
      await running.ended();
      expect(began).toHaveLength(4);
    },
  );

  // Break: the `again` of ProjectionCourse.run, or its `running`.
  it('takes one step of a dossier at a time, and one more for what it was woken for meanwhile', async () => {
    const under = { a: 0, b: 0 };
    const together: string[] = [];
    const running: ProjectionCourse = course(async (count, dossier): Promise<StepOutcome> => {
      const each = dossier === 'a' ? 'a' : 'b';
      together.push(`${each}${++under[each]}`);
      if (count === 1) for (const one of ['a', 'a', 'b', 'a']) running.wake(one);
      for (let turns = 0; turns < 5; turns++) await turn();
      under[each]--;
      return 'done';
    });
    running.wake('a');
    await running.ended();
    expect(together).toEqual(['a1', 'b1', 'a1']);
  });

  it('tells what a step ran into, and goes on when it is woken again', async () => {
    const running = course((count) => {
      if (count === 2) throw new Error('odd');
      return count === 1 ? 'more' : 'done';
    });
    running.wake('a');
    await running.ended();
    expect(complaints.map(String)).toEqual(['Error: odd']);
    running.wake('a');
    await running.ended();
    expect([began.length, complaints.length]).toEqual([3, 1]);
  });

  // Break: the look at `stopped` in ProjectionCourse.catchUp.
  it('takes no step after the one in which it is stopped, whoever wakes it', async () => {
    const running = course((count) => {
      if (count === 3) abort.abort();
      return 'more';
    });
    running.wake('a');
    await running.ended();
    running.wake('a');
    running.grown('b');
    await running.ended();
    expect(began).toHaveLength(3);
  });
});

describe('a projection that makes way for appends', () => {
  const AGES = 1_000_000;
  const busy = { lull: AGES, leeway: 200 };

  beforeEach(() => {
    jest.useFakeTimers();
  });

  /** The milliseconds at which a course begins its first steps once the log has grown. */
  async function steps(of: ProjectionCourse): Promise<number[]> {
    const start = performance.now();
    of.grown('a');
    for (let milliseconds = 0; milliseconds < 500; milliseconds++) {
      for (let turns = 0; turns < 8; turns++) await turn();
      jest.advanceTimersByTime(1);
    }
    return began.map((each) => each - start);
  }

  // Break: the call of `tookIn` in ProjectionCourse.catchUp: it would rest once, and never again.
  it('rests after each time that it has taken in all there was', async () => {
    const running: ProjectionCourse = course((count) => {
      jest.advanceTimersByTime(1);
      if (count < 4) running.grown('a');
      return 'done';
    }, busy);
    expect(await steps(running)).toEqual([0, 200, 400]);
  });

  // Break: what ProjectionCourse passes on to its Pace.
  it('rests while an append is on its way', async () => {
    const running: ProjectionCourse = course(
      (count) => {
        jest.advanceTimersByTime(1);
        if (count === 1) running.grown('a');
        return 'done';
      },
      { lull: 5, leeway: 200 },
      true,
    );
    expect(await steps(running)).toEqual([0, 200]);
  });

  // Break: `outcome === 'done'` there: it would rest after each step, and never catch up.
  it('does not rest for more than its leeway as long as there is more', async () => {
    const running = course((count) => {
      jest.advanceTimersByTime(1);
      return count < 5 ? 'more' : 'done';
    }, busy);
    expect(await steps(running)).toEqual([0, 200, 201, 202, 203]);
  });

  // Break: the call of `caughtUp` in ProjectionCourse.run, or `return true` in catchUp: what was taken in long ago would count as owed.
  it('rests anew for what comes after all was taken in', async () => {
    const running = course((count) => {
      jest.advanceTimersByTime(1);
      return count === 2 ? 'more' : 'done';
    }, busy);
    expect(await steps(running)).toEqual([0]);
    expect((await steps(running)).slice(1)).toEqual([0, 200]);
  });

  // Break: the look at `ended` in ProjectionCourse.run: after an outage it would make way for appends as if it owed nothing.
  it('does not rest while it owes what a failed step has not taken in', async () => {
    const running = course((count) => {
      jest.advanceTimersByTime(1);
      if (count === 1) throw new Error('away');
      return count < 4 ? 'more' : 'done';
    }, busy);
    expect(await steps(running)).toEqual([0]);
    expect((await steps(running)).slice(1)).toEqual([0, 1, 2]);
  });

  // Break: the look at `isQuiet` in ProjectionCourse.catchUp, or the two steps the other way round.
  it('takes short steps while appends keep coming, and long ones once they pause', async () => {
    const running: ProjectionCourse = course(
      (count) => {
        jest.advanceTimersByTime(count < 3 ? 1 : 50);
        if (count < 3) running.grown('a');
        return count < 5 ? 'more' : 'done';
      },
      { lull: 40, leeway: 0 },
    );
    await steps(running);
    expect(sizes).toEqual([SHORT_STEP, SHORT_STEP, SHORT_STEP, STEP, STEP, ...sizes.slice(5)]);
  });
});
