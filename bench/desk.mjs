/**
 * Whether the desk is fast with a dossier of years: 100,000 statements of 50 parties on 200 topics. Prints each figure beside its limit, and ends
 * with 1 where one is missed. `BENCH_URL` names a service that has the dossier already (the administrator's token is service.mjs's);
 * `BENCH_STATEMENTS` fills a smaller one.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { launchChromium } from '../test/web/chromium.mjs';
import { fill, STATEMENTS } from './desk-dossier.mjs';
import { median, print } from './figures.mjs';
import { start, TOKEN } from './service.mjs';

const ROUNDS = 5;
const LIMITS = { interactive: 2_000, longTask: 200, script: 300_000 };
const DOSSIER = 'years';
/** Milliseconds between what somebody does and what they do next: not as fast as the machine can. */
const PACE = 50;

const data = await mkdtemp(join(tmpdir(), 'standpoint-bench-desk-'));
const given = process.env.BENCH_URL;
const service = given
  ? { url: given, close: () => undefined }
  : await start('../dist/src/main.js', {
      STANDPOINT_DATA: data,
      STANDPOINT_EXAMPLE: 'off',
      STANDPOINT_LOG_LEVEL: 'error',
    });
if (!given) {
  const seconds = await fill(service.url, TOKEN, DOSSIER, Number(process.env.BENCH_STATEMENTS ?? STATEMENTS));
  console.log(`Filled in ${seconds.toFixed(0)} s.\n`);
}
const browser = await launchChromium();
try {
  const boards = [];
  for (let round = 0; round < ROUNDS; round++) boards.push(await openBoard());
  const board = await longestTask('', '[role="gridcell"] a', scroll);
  const timeline = await longestTask('/timeline', 'main canvas', scroll);
  const zoomed = await longestTask('/timeline', 'main canvas', comeCloserAndDrag);
  const rows = [
    [
      'board, until a key is answered (median of 5, nothing cached)',
      LIMITS.interactive,
      median(boards.map(({ ms }) => ms)),
      'ms',
    ],
    ['board, until all of it is there', null, median(boards.map(({ whole }) => whole)), 'ms'],
    ['board, longest task while it is scrolled', LIMITS.longTask, board, 'ms'],
    ['timeline, longest task while it is scrolled', LIMITS.longTask, timeline, 'ms'],
    ['timeline, longest task while it is zoomed, dragged and pointed at', LIMITS.longTask, zoomed, 'ms'],
    ['scripts until then, gzip', LIMITS.script, boards[0].script, 'B'],
  ];
  print([
    ['', 'limit', 'measured'],
    ...rows.map(([what, limit, value, unit]) => [
      what,
      limit === null ? '' : shown(limit, unit),
      shown(value, unit),
    ]),
  ]);
  if (rows.some(([, limit, value]) => limit !== null && !(value < limit))) process.exitCode = 1;
} finally {
  await browser.close();
  await service.close();
  await rm(data, { recursive: true });
}

function shown(value, unit) {
  return `${Math.round(value).toLocaleString('en')} ${unit}`;
}

async function newPage() {
  const context = await browser.newContext({ baseURL: service.url, viewport: { width: 1280, height: 800 } });
  const { status } = await context.request
    .post('/api/v1/session', { data: { token: TOKEN } })
    .then((answer) => ({ status: answer.status() }));
  if (status !== 201) throw new Error(`Nobody is logged in: ${status}`);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  return page;
}

/** Milliseconds since the navigation began until an arrow key moves the focus, and until the last page of the board is drawn; bytes of scripts. */
async function openBoard() {
  const page = await newPage();
  const scripts = [];
  page.on('response', (answer) => {
    if (answer.request().resourceType() === 'script') scripts.push(answer.body());
  });
  await page.goto(`/d/${DOSSIER}`, { waitUntil: 'commit' });
  const first = page.locator('[data-row="0"][data-column="0"]');
  await first.focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('[data-row="0"][data-column="1"]:focus').waitFor();
  const ms = await page.evaluate(() => performance.now());
  const bodies = await Promise.all(scripts);
  await page.getByText('50 parties × 200 topics').waitFor();
  await page.getByText('more is on its way').waitFor({ state: 'detached' });
  const whole = await page.evaluate(() => performance.now());
  await page.context().close();
  return { ms, whole, script: bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) };
}

/** The longest task (Long Tasks API; 0 where none took 50 ms) while somebody does something with a page that is there. */
async function longestTask(path, shows, does) {
  const page = await newPage();
  await page.goto(`/d/${DOSSIER}${path}`);
  await page.locator(shows).first().waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.getByText(/more (is )?on its way/).waitFor({ state: 'detached' });
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: 'longtask' });
  });
  await does(page);
  const longest = await page.evaluate(() => window.longest);
  await page.context().close();
  return longest;
}

async function scroll(page) {
  await page.mouse.move(700, 500);
  for (let turn = 0; turn < 40; turn++) {
    await page.mouse.wheel(turn % 4 === 3 ? 900 : 0, turn % 4 === 3 ? 0 : 700);
    await page.waitForTimeout(PACE);
  }
}

async function comeCloserAndDrag(page) {
  for (let turn = 0; turn < 6; turn++) {
    await page.getByRole('button', { name: 'Closer' }).click();
    await page.mouse.move(700, 500);
    await page.mouse.down();
    for (let step = 1; step <= 8; step++) {
      await page.mouse.move(700 - step * 45, 500);
      await page.waitForTimeout(PACE);
    }
    await page.mouse.up();
    for (let step = 0; step < 8; step++) {
      await page.mouse.move(100 + step * 90, 400 + step * 30);
      await page.waitForTimeout(PACE);
    }
  }
}
