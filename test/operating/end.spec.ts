import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const PROGRAM = fileURLToPath(new URL('ends-badly.mjs', import.meta.url));

/**
 * Each of these lines, taken out or spoilt, makes a test here fail:
 * - operating/last-words.ts: `fatal`, waiting for `written`, `exit`;
 * - operating/service-log.ts: waiting for `drain`, for no longer than `PATIENCE`; `givesUpAt`; listening for `error`, and not writing at the end what fails.
 */
async function run(
  way: 'error' | 'order',
  unread: number,
): Promise<{ code: unknown; isUnread: boolean; lines: string[] }> {
  const child = spawn(process.execPath, [PROGRAM, way], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit').then(([code]) => code as unknown);
  const closed = once(child, 'close');
  const isUnread = await Promise.race([delay(unread, false), ended.then(() => true)]);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await closed;
  return { code: await ended, isUnread, lines: said.trimEnd().split('\n') };
}

/** Resolves with its exit code; null where it had to be killed. */
async function runOnFullDisk(): Promise<unknown> {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [PROGRAM, 'order'], { stdio: ['ignore', 'ignore', full] });
  closeSync(full);
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await once(child, 'exit');
  clearTimeout(late);
  return child.exitCode;
}

describe('A log that nobody has read for a while', () => {
  it('tells what ended the service, after all that was said before', async () => {
    const { code, lines } = await run('error', 1_000);
    expect(code).toBe(1);
    expect(lines).toHaveLength(10_001);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 'fatal',
      part: 'uncaughtException',
      msg: 'Error: nobody catches it',
      err: { message: 'nobody catches it', stack: expect.stringContaining('ends-badly.mjs') },
    });
  });

  it('is written to its end where the service ends in order', async () => {
    const { code, lines } = await run('order', 1_000);
    expect({ code, lines: lines.length }).toEqual({ code: 0, lines: 10_000 });
  });

  it('keeps no service from its end where nobody ever reads it', async () => {
    const { code, isUnread } = await run('error', 20_000);
    expect({ code, isUnread }).toEqual({ code: 1, isUnread: true });
  });
});

describe('A log on a full disk', () => {
  it('ends no service, and keeps none from its end', async () => {
    expect(await runOnFullDisk()).toBe(0);
  });
});
