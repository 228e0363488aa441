import { open, rename, stat } from 'node:fs/promises';
import { oneLine } from './embedded-postgres-error.js';

/** Bytes; a log that has grown beyond it is put aside at the next start. */
const largestLog = 16 * 1024 * 1024;
const linesShown = 3;
/** All of a line up to where it says what failed. Hints are left out: they guess, and frighten. */
const level = /^.*?\b(FATAL|PANIC|ERROR|error|DETAIL): +/;
/** What a client hears who comes too early or too late. */
const turnedAway = 'FATAL:  the database system is';

/** Keeps one older log, so that the two together stay bounded across starts. */
export async function rotateLog(logFile: string): Promise<void> {
  const size = await sizeOf(logFile);
  if (size > largestLog) await rename(logFile, `${logFile}.1`);
}

export async function sizeOf(logFile: string): Promise<number> {
  return (await stat(logFile).catch(() => ({ size: 0 }))).size;
}

/** What was logged after the first `offset` bytes. */
export async function logSince(logFile: string, offset: number): Promise<string> {
  const file = await open(logFile, 'r');
  try {
    const length = Math.max(0, (await file.stat()).size - offset);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}

/** What a program said of its failure, the last of it, as one line. */
export function causeInLog(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const causes = lines
    .filter((line) => level.test(line) && !line.includes(turnedAway))
    .map((line) => line.replace(level, ''));
  return oneLine((causes.length > 0 ? causes : lines).slice(-linesShown).join('\n')) || 'it said nothing';
}
