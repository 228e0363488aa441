import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { PartyView } from '../../src/recording/cast/thing-view.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { grant, introduce } from '../access/people.js';
import { castOfTalks, Recorder, type TalkStatement } from './recorder.js';
import { Desk, look } from './desk.js';

let desk: Desk;
let proposal: TalkStatement;

beforeAll(async () => {
  desk = await Desk.open({ example: 'off' });
  const found = (await castOfTalks(desk.service, 'talks')).find(({ slug }) => slug === 's11');
  if (found === undefined) throw new Error('The talks have no statement s11.');
  proposal = found;
}, 120_000);

afterEach(() => void desk?.complaints.splice(0)); // a test that failed must not make the next ones fail

afterAll(() => desk?.end());

const recorded = (): Promise<StatementView[]> =>
  desk.service.all<StatementView>('/dossiers/talks/statements?include=voided');

/** A browser says so of every answer that it does not like; what else was complained of. */
const otherComplaints = (expected: RegExp): string[] =>
  desk.complaints.splice(0).filter((each) => !expected.test(each));

async function draft(page: Page): Promise<Recorder> {
  await page.goto('/d/talks/record?source=article');
  const recorder = new Recorder(page, new Map());
  await recorder.fill(proposal);
  return recorder;
}

async function expectDraft(page: Page): Promise<void> {
  const form = page.getByRole('form', { name: 'New statement' });
  await form.getByText(proposal.passage.exact).waitFor();
  for (const named of ['Proposal', 'Volodymyr Zelenskyy', 'Halt to strikes on civilian targets'])
    await form.locator(`[name][value="${named}"]`).waitFor(); // the names of acts, speakers and topics come one after another
  const values = await Promise.all(
    ['act', 'speaker', 'topic', 'saidAt', 'attribution'].map((field) =>
      form.locator(`[name=${field}]`).inputValue(),
    ),
  );
  expect(values).toEqual([
    'Proposal',
    'Volodymyr Zelenskyy',
    'Halt to strikes on civilian targets',
    '2025-04-21',
    'direct',
  ]);
}

describe('A draft', () => {
  // Breaks when: `keep` in draft.ts stores nothing; the key of a draft is made anew for each sending (`key: v4()` in draft-form.tsx).
  it('outlives a reload, and a save whose answer is lost, which is not done twice', async () => {
    const before = (await recorded()).length;
    const page = await desk.page();
    const recorder = await draft(page);
    await page.reload();
    await expectDraft(page);

    await page.route('**/statements', (route) => route.abort());
    await recorder.press('Control+Enter');
    await page.getByText('cannot be reached').waitFor();
    await expectDraft(page);
    expect(await recorded()).toHaveLength(before);

    await page.unroute('**/statements');
    await page.route('**/statements', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await recorder.press('Control+Enter');
    await page.getByText('cannot be reached').waitFor();
    await page.unroute('**/statements');
    await page.reload();
    await expectDraft(page);
    await page.locator('[role=application]:focus').waitFor();
    await recorder.save(1);
    expect(await recorded()).toHaveLength(before + 1);
    expect(otherComplaints(/ERR_FAILED/)).toEqual([]);
  });

  // Breaks when: DraftForm passes `errors={{}}` to the fields.
  it('outlives a refusal, which is shown at its field, and the end of the session', async () => {
    const before = (await recorded()).length;
    const page = await desk.page();
    const recorder = await draft(page);
    await recorder.write('language', 'x'.repeat(36));
    await recorder.press('Control+Enter');
    await page.locator('[name=language][aria-invalid=true]:focus').waitFor();
    await page.getByText('must be at most 35 characters long', { exact: true }).waitFor();
    await expectDraft(page);
    await recorder.write('language', 'en');

    await page.context().clearCookies();
    await recorder.press('Control+Enter');
    await page.getByLabel(/^Token/).fill(desk.service.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expectDraft(page);
    await recorder.press('Control+Enter');
    await page.locator('[role=application]:focus').waitFor();
    expect(await recorded()).toHaveLength(before + 1);
    expect(otherComplaints(/status of 40[01]/)).toEqual([]);
  });

  it('names what it needs at its fields before anything is sent', async () => {
    const page = await desk.page();
    await page.goto('/d/talks/record?source=article');
    await page.locator('[role=application]:focus').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.locator('[name=act][aria-invalid=true]:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[role=application]:focus').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await look(page, 'record-keys')).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  it('makes a speaker who is not there yet, without leaving', async () => {
    const page = await desk.page();
    await page.goto('/d/talks/record?source=article');
    const recorder = new Recorder(page, new Map());
    await page.locator('[role=application]:focus').waitFor();
    await recorder.pickAt('speaker', 'Keith Kellogg');
    const dialog = page.getByRole('dialog', { name: 'New speaker' });
    await dialog.getByRole('combobox', { name: 'Speaks for' }).fill('united stat');
    await page.getByRole('option', { name: 'United States' }).click();
    await dialog.getByLabel('Role').fill('envoy');
    expect(await look(page, 'record-new-speaker')).toEqual([]);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Keith Kellogg, envoy, speaks for it').waitFor();
    expect(await page.locator('[name=party]').inputValue()).toBe('United States');
    expect(desk.complaints).toEqual([]);
  });

  it('makes the party with the speaker where neither is there, as on the first morning', async () => {
    const page = await desk.page();
    await page.goto('/d/talks/record?source=article');
    const recorder = new Recorder(page, new Map());
    await page.locator('[role=application]:focus').waitFor();
    await recorder.pickAt('speaker', 'Friedrich Merz');
    const dialog = page.getByRole('dialog', { name: 'New speaker' });
    await dialog.getByRole('combobox', { name: 'Speaks for' }).fill('Germany');
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Role').fill('chancellor');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Friedrich Merz, chancellor, speaks for it').waitFor();
    expect(await page.locator('[name=party]').inputValue()).toBe('Germany');
    const { items } = await desk.service.read<{ items: PartyView[] }>('/dossiers/talks/parties?q=Germany');
    expect(items).toMatchObject([{ name: 'Germany', aliases: [], kind: 'other' }]);
    expect(desk.complaints).toEqual([]);
  });

  // Break: the `max-block-size` of `.side` in workbench.module.css.
  it('shows what a statement will do, and the button that records it, without scrolling', async () => {
    const page = await desk.page();
    await draft(page);
    const effect = page.getByRole('region', { name: 'What it does' });
    await effect.waitFor();
    await page.evaluate('window.scrollTo(0, 0)'); // where the page begins
    for (const each of [effect, page.getByRole('button', { name: 'Record', exact: true })]) {
      const box = await each.boundingBox();
      expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(page.viewportSize()?.height ?? 0);
    }
  });
});

describe('A statement’s page', () => {
  // Break: take RevisionNote out of CorrectForm, or out of StandingForm.
  it('corrects with a reason what was changed, voids and restores, foretells what that does, and tells all of it', async () => {
    const { id } = await desk.service.write<StatementView>('/dossiers/talks/statements', {
      act: 'OpennessDeclared',
      speaker: 'putin',
      topic: 'direct-talks',
      saidAt: '2025-04-20',
      attribution: 'paraphrase',
      source: 'article',
      passage: { exact: 'declared his openness to direct peace talks with Ukraine' },
    });
    const page = await desk.page();
    await page.goto(`/d/talks/statements/${id}`);
    await page.getByRole('button', { name: 'Correct' }).click();
    const form = page.getByRole('form', { name: 'Correct the record' });
    await form.getByLabel('Said at').fill('2025-04-21');
    await form.getByLabel('Reason').fill('It was said on Monday.');
    const foretold = page.getByRole('region', { name: 'What it does' });
    await foretold.getByText('The present stays').waitFor();
    const inOneLine = async (): Promise<string> => (await foretold.innerText()).replaceAll(/\s+/g, ' ');
    expect(await inOneLine()).toMatch(
      /Russia on .*1 shift disappears: adopted: no position becomes open ?, Apr 20, 2025 1 shift appears: adopted: no position becomes open ?, Apr 21, 2025/,
    );
    expect(await look(page, 'statement-correct')).toEqual([]);
    await form.getByRole('button', { name: 'Correct' }).click();
    await form.waitFor({ state: 'hidden' });
    await page.locator('del').waitFor();
    await page.getByText('It was said on Monday.').waitFor();
    expect(await page.locator('del').allInnerTexts()).toEqual(['2025-04-20']);
    expect(await page.locator('ins').allInnerTexts()).toEqual(['2025-04-21']);
    expect(await look(page, 'statement')).toEqual([]);

    for (const [action, reason, effect] of [
      ['Void', 'Wrong outlet.', /open becomes no position/],
      ['Restore', 'It was the right one.', /no position becomes open/],
    ] as const) {
      await page.getByRole('button', { name: action, exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill(reason);
      await foretold.getByText('becomes').first().waitFor();
      expect(await inOneLine()).toMatch(effect);
      if (action === 'Void') expect(await look(page, 'statement-void')).toEqual([]);
      await dialog.getByRole('button', { name: action, exact: true }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.getByText(reason, { exact: true }).last().waitFor();
      const { voided } = await desk.service.read<StatementView>(`/dossiers/talks/statements/${id}`);
      expect(voided).toEqual(action === 'Void' ? { reason } : null);
    }
    const { saidAt, version } = await desk.service.read<StatementView>(`/dossiers/talks/statements/${id}`);
    expect([saidAt, version]).toEqual(['2025-04-21', 4]);
    expect(desk.complaints).toEqual([]);
  });

  // Breaks when: CorrectForm sends no If-Match.
  it('does not write over what somebody else has corrected meanwhile, and keeps what was typed', async () => {
    const [statement] = await recorded();
    const path = `/dossiers/talks/statements/${statement?.id}`;
    const page = await desk.page();
    await page.goto(`/d/talks/statements/${statement?.id}`);
    await page.getByRole('button', { name: 'Correct' }).click();
    const form = page.getByRole('form', { name: 'Correct the record' });
    await form.getByLabel('Reason').fill('A note was missing.');
    await form.getByRole('button', { name: 'More fields' }).click();
    await form.getByLabel('Note').fill('Mine');
    await desk.service.write(`${path}/correct`, { changes: { language: 'en-GB' }, reason: 'Elsewhere.' });
    await form.getByRole('button', { name: 'Correct', exact: true }).click();
    await form.getByText('Somebody has changed this statement meanwhile').waitFor();
    await form.getByRole('button', { name: 'Correct the newer version' }).click();
    await form.getByRole('button', { name: 'Correct', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    const after = await desk.service.read<StatementView>(path);
    expect([after.note, after.language]).toEqual(['Mine', 'en-GB']);
    expect(otherComplaints(/status of 412/)).toEqual([]);
  });
});

describe('A statement that the law had erased', () => {
  it('says so on its page, why and by what right, and nothing else of itself', async () => {
    const { id } = await desk.service.write<StatementView>('/dossiers/talks/statements', {
      act: 'DoubtVoiced',
      speaker: 'critics',
      topic: 'direct-talks',
      saidAt: '2025-04-21',
      attribution: 'reported',
      summary: 'Words that may not stay.',
    });
    await desk.service.write(`/dossiers/talks/statements/${id}/redact`, {
      reason: 'A court has ordered it.',
      basis: 'GDPR, Article 17',
    });
    const page = await desk.page();
    await page.goto(`/d/talks/statements/${id}`);
    await page.getByText('A court has ordered it.').first().waitFor();
    await page.getByText('By: GDPR, Article 17').waitFor();
    expect(await page.getByText('Words that may not stay.').count()).toBe(0);
    expect(await look(page, 'statement-erased')).toEqual([]);
    await page.close(); // it would ask again at each event, and complain of each answer
    expect(otherComplaints(/status of 410/)).toEqual([]);
  });
});

describe('A source’s page', () => {
  it('shows its text with what was recorded, links no address but one of the web, and lets a reader change nothing', async () => {
    const source = await desk.service.write<{ id: string }>('/dossiers/talks/sources', {
      title: 'A page that means ill',
      url: 'javascript:alert(1)',
      text: 'Nothing was said.',
    });
    await desk.service.write('/dossiers/talks/statements', {
      act: 'ProposalMade',
      speaker: 'zelenskyy',
      topic: 'civilian-strikes-stop',
      saidAt: '2025-04-21',
      attribution: 'direct',
      source: 'article',
      passage: proposal.passage,
    });
    const page = await desk.page();
    await page.goto('/d/talks/sources/article');
    await page.locator('mark', { hasText: 'Ukraine maintains its proposal' }).first().waitFor();
    await page.getByRole('link', { name: 'Record from it' }).waitFor();
    expect(await look(page, 'source')).toEqual([]);

    const { token } = await introduce(desk.service, 'rita');
    await grant(desk.service, 'talks', 'rita', 'reader');
    const reader = await desk.page(token);
    await reader.goto(`/d/talks/sources/${source.id}`);
    await reader.getByText('javascript:alert(1)').waitFor();
    expect(await reader.locator('a[href^="javascript"]').count()).toBe(0);
    expect(await reader.getByRole('link', { name: /Record/ }).count()).toBe(0);
    const [statement] = await recorded();
    await reader.goto(`/d/talks/statements/${statement?.id}`);
    await reader.locator('blockquote').first().waitFor();
    await reader.getByText('About', { exact: false }).first().waitFor();
    expect(await reader.getByRole('button', { name: /^(Correct|Void)$/ }).count()).toBe(0);
    expect(desk.complaints).toEqual([]);
  });

  it('is made by pasting a text, and leads on to recording from it', async () => {
    const page = await desk.page();
    await page.goto('/d/talks/record');
    await page.getByLabel(/^Title/).fill('A pasted article');
    await page.getByLabel(/^Text/).fill('First.\n“Second thing,” she said.');
    await page.getByLabel(/^Published/).fill('2025-04');
    expect(await look(page, 'record-choose')).toEqual([]);
    await page.getByRole('button', { name: 'Add and record from it' }).click();
    await page.locator('[role=application]:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const selected = page.locator('mark[data-selected]');
    expect(await selected.allInnerTexts()).toEqual(['“Second thing,” she said.']);
    const first = await page.getByText('First.', { exact: true }).boundingBox();
    await page.mouse.dblclick((first?.x ?? 0) + 15, (first?.y ?? 0) + 15);
    await page.locator('mark[data-selected]', { hasText: /^First$/ }).waitFor();
    expect(desk.complaints).toEqual([]);
  });
});
