import { jest } from '@jest/globals';

/** Lets so much of Jest's fake time pass, and everything happen that is due in it. */
export const pass = (milliseconds: number): Promise<void> => jest.advanceTimersByTimeAsync(milliseconds);

/** What a promise has come to, if it has. */
export function watched<T>(promise: Promise<T>): { value?: T } {
  const seen: { value?: T } = {};
  void promise.then((value) => (seen.value = value));
  return seen;
}
