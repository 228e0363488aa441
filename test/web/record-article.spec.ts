import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { expectedPositions } from '../support/http-talks.js';
import { byPair, positionsBySlug } from '../support/talks-positions.js';
import { Desk, look } from './desk.js';
import { castOfTalks, Recorder, type TalkStatement } from './recorder.js';

let desk: Desk;
let statements: TalkStatement[];

beforeAll(async () => {
  desk = await Desk.open({ example: 'off' });
  statements = await castOfTalks(desk.service, 'talks');
}, 120_000);

afterAll(() => desk?.end());

describe('Recording', () => {
  it('takes a whole article without a mouse, and gives exactly the expected positions', async () => {
    const page = await desk.page();
    await page.goto('/d/talks/record?source=article');
    const recorder = new Recorder(page, new Map(statements.map((each) => [each.slug, each])));
    for (const [index, statement] of statements.entries()) {
      await recorder.fill(statement);
      if (statement.slug === 's06') await foretold(page);
      if (statement.slug === 's11') expect(await look(page, 'record')).toEqual([]);
      await recorder.save(index + 1);
    }
    const recorded = await desk.service.all<StatementView>('/dossiers/talks/statements');
    const ids = new Map(
      recorded
        .toSorted((one, other) => one.sequence - other.sequence)
        .map(({ id }, index) => [`statement ${statements[index]?.slug}`, id]),
    );
    const { at, positions } = await expectedPositions();
    expect(byPair(await positionsBySlug(desk.service, 'talks', at, ids))).toEqual(byPair(positions));
    expect(recorded.map(({ passage }) => passage?.exact).toSorted()).toEqual(
      statements.map(({ passage }) => passage.exact).toSorted(),
    );
    expect(recorded.every(({ anchor }) => anchor?.status === 'exact')).toBe(true);
    expect(desk.complaints).toEqual([]);
  }, 240_000);
});

/** Ukraine demanded it long before it was eager to discuss it: a late entry, after which the later statement shifts nothing any more. */
async function foretold(page: Page): Promise<void> {
  const effect = page.locator('[data-effect=backfill]');
  await effect.getByText('1 shift disappears').waitFor();
  const told = await effect.innerText();
  expect(told).toMatch(/Ukraine on Halt to strikes on civilian targets/);
  expect(told).toMatch(/A late entry.*The present changes/s);
  expect(told).toMatch(/1 shift disappears:\s*adopted/);
}
