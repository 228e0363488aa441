import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { csvParseRows } from 'd3-dsv';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startService, type FreshService, type Service, type ServiceOptions } from '../support/service.js';
import { launchChromium } from './chromium.mjs';

const SCREENSHOTS = resolve('test/web/screenshots');
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Milliseconds that something on a page may take on a busy machine. */
const PATIENCE = 20_000;

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } } as const;
const THEMES = ['light', 'dark'] as const;

/** As much of axe's findings as is read here. */
interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** A service, its pages in a real browser, and all that they complain about. */
export class Desk {
  /** Console errors, uncaught errors, refused styles and scripts, requests to other hosts. */
  readonly complaints: string[] = [];

  private constructor(
    readonly running: FreshService,
    readonly browser: Browser,
  ) {}

  static async open(options: Omit<ServiceOptions, 'database'> = { example: 'on' }): Promise<Desk> {
    const running = await startService(options);
    try {
      return new Desk(running, await launchChromium());
    } catch (error) {
      await running.end();
      throw error;
    }
  }

  get service(): Service {
    return this.running.service;
  }

  /** A page of somebody whose token it is (the administrator's if not given; null: of nobody), with a session of its own. */
  async page(token: string | null = this.service.token): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: SIZES.desktop,
      baseURL: this.service.url,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(PATIENCE);
    if (token !== null) await this.logIn(context, token);
    const page = await context.newPage();
    this.listen(page);
    return page;
  }

  async end(): Promise<void> {
    await this.browser.close();
    await this.running.end();
  }

  private async logIn(context: BrowserContext, token: string): Promise<void> {
    const answer = await context.request.post('/api/v1/session', { data: { token } });
    if (answer.status() !== 201) throw new Error(`Nobody is logged in: ${await answer.text()}`);
  }

  private listen(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error')
        this.complaints.push(`${page.url()}: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(this.service.url) && !/^(data|blob):/.test(url))
        this.complaints.push(`asks elsewhere: ${url}`);
    });
  }
}

/** The rows of the table that a page saves as CSV, without what marks it as UTF-8. Fields here hold no line ends. */
export async function savedTable(page: Page): Promise<string[][]> {
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Table (CSV)' }).click();
  const text = await readFile(await (await saved).path(), 'utf8');
  return csvParseRows(text.replace('\uFEFF', ''));
}

/** What axe-core finds serious or critical on a page as it is. It runs in a world of its own, which the Content-Security-Policy leaves alone. */
export async function seriousFindings(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  });
  const run = `${AXE}; axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(violations))`;
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: run,
    contextId,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  if (exceptionDetails)
    throw new Error(`axe-core failed: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
  const findings = JSON.parse(String(result.value)) as Finding[]; // holds: what axe-core answers
  return findings
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
    );
}

/**
 * Looks at a page as it is in both themes and both sizes: keeps a picture of each in test/web/screenshots, and answers what axe-core finds and
 * what does not fit on a phone.
 */
export async function look(page: Page, name: string): Promise<string[]> {
  await mkdir(SCREENSHOTS, { recursive: true });
  const found: string[] = [];
  for (const theme of THEMES)
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: theme });
      await page.evaluate(
        'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))',
      );
      await page.screenshot({
        path: resolve(SCREENSHOTS, `${name}-${size}-${theme}.png`),
        animations: 'disabled',
      });
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - window.innerWidth',
      );
      if (overflow > 0) found.push(`${name}, ${size}: ${overflow} px wider than the screen`);
      found.push(...(await seriousFindings(page)).map((each) => `${name}, ${size}, ${theme}: ${each}`));
    }
  await page.setViewportSize(SIZES.desktop);
  await page.emulateMedia({ colorScheme: null });
  return found;
}
