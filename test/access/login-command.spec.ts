import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { standpoint } from '../backup/standpoint.js';
import { startService, type FreshService } from '../support/service.js';

let running: FreshService;
let folder: string;

beforeAll(async () => {
  running = await startService();
  folder = await mkdtemp(join(tmpdir(), 'standpoint-login-'));
});

afterAll(async () => {
  await running?.end();
  await rm(folder, { recursive: true, force: true });
});

describe('standpoint login', () => {
  const login = (
    environment: Record<string, string>,
    url = running.service.url,
  ): ReturnType<typeof standpoint> =>
    standpoint(['login', '--url', url], { STANDPOINT_DATA: folder, ...environment });

  it('prints a link that works once, with the token of the settings or of the data folder', async () => {
    const { token } = running.service;
    const bySetting = await login({ STANDPOINT_ADMIN_TOKEN: token });
    await writeFile(join(folder, 'admin-token'), `${token}\n`);
    const byFolder = await login({});
    for (const { code, output } of [bySetting, byFolder]) {
      expect(code).toBe(0);
      const [link = ''] = output.split('\n');
      expect(link.startsWith(`${running.service.url}/login?once=`)).toBe(true);
      const statuses = [];
      for (let use = 0; use < 2; use++) statuses.push((await fetch(link, { redirect: 'manual' })).status);
      expect(statuses).toEqual([303, 401]);
    }
  });

  it('says in one line what is wrong', async () => {
    await rm(join(folder, 'admin-token'), { force: true });
    const outcomes = [
      [await login({}), /^standpoint: There is no admin-token in /],
      [await login({ STANDPOINT_ADMIN_TOKEN: 'not-the-token-of-it' }), / does not take this token/],
      [
        await login({ STANDPOINT_ADMIN_TOKEN: running.service.token }, 'http://127.0.0.1:1'),
        /^standpoint: No service answers at http:\/\/127\.0\.0\.1:1\b/,
      ],
    ] as const;
    for (const [{ code, complaint }, line] of outcomes) {
      expect(complaint).toMatch(line);
      expect([code, complaint.trimEnd().split('\n').length]).toEqual([1, 1]);
    }
  });
});
