import type { Page } from 'playwright-core';
import { importLines, open, talks, type TalkLine } from '../support/http-talks.js';
import type { Service } from '../support/service.js';

/** A statement of the talks as its line says it. */
export interface TalkStatement extends TalkLine {
  readonly act: string;
  readonly saidAt: string;
  readonly attribution: string;
  readonly passage: { readonly exact: string };
  readonly speaker?: string;
  readonly party?: string;
  readonly topic?: string;
  readonly against?: string;
  readonly refersTo?: string;
  readonly stance?: string;
  readonly conditions?: readonly string[];
  readonly addressees?: readonly string[];
  readonly summary?: string;
}

/** Opens a dossier with the talks' parties, speakers, topics and article, and nothing said; answers with what there is to record. */
export async function castOfTalks(service: Service, dossier: string): Promise<TalkStatement[]> {
  await open(service, dossier);
  const lines = (await talks('dossier.ndjson')).trimEnd().split('\n');
  const cast = lines.filter((line) => line.includes('"kind"'));
  await importLines(service, dossier, `${cast.join('\n')}\n`);
  return lines.filter((line) => !line.includes('"kind"')).map((line) => JSON.parse(line) as TalkStatement); // holds: the file is part of the project
}

/** Somebody who records from a source's text with a keyboard, and has no mouse. */
export class Recorder {
  constructor(
    private readonly page: Page,
    /** Statements by slug, as far as they have been recorded: what is answered is found by its words. */
    private readonly statements: ReadonlyMap<string, TalkStatement>,
  ) {}

  /** Types all of a statement, and does not save it. */
  async fill(statement: TalkStatement): Promise<void> {
    await this.select(statement.passage.exact);
    await this.press('Enter');
    await this.pick(spelled(statement.act));
    if (statement.speaker) await this.pickAt('speaker', statement.speaker);
    if (statement.party) await this.pickAt('party', name(statement.party));
    if (statement.refersTo)
      await this.pickAt('refersTo', this.statements.get(statement.refersTo)?.passage.exact ?? '');
    if (statement.topic) await this.pickAt('topic', TOPICS[statement.topic] ?? '');
    if (statement.against) await this.pickAt('against', name(statement.against));
    for (const condition of statement.conditions ?? []) {
      await this.tabTo('conditions');
      await this.page.keyboard.insertText(condition);
      await this.press('Enter');
    }
    if (statement.stance) await this.choose('stance', statement.stance);
    await this.write('saidAt', statement.saidAt);
    await this.choose('attribution', WORDS[statement.attribution] ?? '');
    if (statement.summary && statement.attribution !== 'direct')
      await this.write('summary', statement.summary);
    if (statement.addressees) await this.address(statement.addressees);
  }

  /** Saves, and waits until the page has taken note. */
  async save(count: number): Promise<void> {
    await this.press('Control+Enter');
    await this.page
      .getByText(`${count} statement${count === 1 ? '' : 's'}`, { exact: false })
      .last()
      .waitFor();
    await this.page.locator('[role=application]:focus').waitFor();
  }

  /** Tab by tab to a field, as far as it is. */
  async tabTo(field: string): Promise<void> {
    for (let tries = 0; tries < 40; tries++) {
      const far = await this.page.evaluate<number>(`(${TABS_TO})(${JSON.stringify(field)})`);
      if (far === 0) return;
      for (let presses = 0; presses < Math.max(far, 1); presses++) await this.press('Tab');
    }
    throw new Error(`No Tab leads to ${field}.`);
  }

  /** Finds words in the text by typing them. */
  async select(words: string): Promise<void> {
    await this.page.locator('[role=application]:focus').waitFor();
    await this.press('f');
    await this.page.keyboard.insertText(words);
    await this.press('Enter');
  }

  async write(field: string, text: string): Promise<void> {
    await this.tabTo(field);
    await this.press('Control+a');
    await this.page.keyboard.insertText(text);
  }

  async pickAt(field: string, typed: string): Promise<void> {
    await this.tabTo(field);
    await this.pick(typed);
  }

  private async pick(typed: string): Promise<void> {
    await this.page.keyboard.insertText(typed);
    await this.page.locator('[role=option][data-combobox-selected]:visible').first().waitFor();
    await this.press('Enter');
  }

  private async choose(field: string, word: string): Promise<void> {
    await this.tabTo(field);
    await this.page.keyboard.type(word);
  }

  private async address(parties: readonly string[]): Promise<void> {
    await this.tabTo('More fields');
    if ((await this.page.locator(':focus').getAttribute('aria-expanded')) === 'false')
      await this.press('Enter');
    for (const party of parties) {
      await this.tabTo('addressees');
      await this.pick(name(party));
    }
  }

  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }
}

/** How many presses of Tab lead to a field by its name, its label or, of a button, its words; 1 where that cannot be told from here. */
const TABS_TO = `(field) => {
  const named = (at) => [at.name, at.textContent, ...[...(at.labels ?? [])].map(({ textContent }) => textContent.toLowerCase())].includes(field);
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex]')]
    .filter((at) => at.tabIndex >= 0 && !at.disabled && at.type !== 'hidden' && at.getClientRects().length > 0);
  if (named(document.activeElement)) return 0;
  const here = stops.indexOf(document.activeElement);
  const far = stops.findIndex(named) - here;
  return here === -1 || far < 1 ? 1 : far;
}`;

const WORDS: Readonly<Record<string, string>> = {
  direct: 'verbatim',
  paraphrase: 'paraphrased',
  reported: 'reported',
};

/** Words of a topic's name or proposition, not always the first. */
const TOPICS: Readonly<Record<string, string>> = {
  'direct-talks': 'talks',
  'civilian-strikes-stop': 'civilian strikes',
  'easter-truce': 'easter',
  'unconditional-ceasefire': 'ceasefire takes effect',
  'crimea-russian': 'crimea',
  'ukraine-neutral': 'neutral',
  'us-mediation': 'peace efforts',
};

const spelled = (act: string): string => act.replace(/(?<=.)[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);
const name = (party: string): string => party.replaceAll('-', ' ');
