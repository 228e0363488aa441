import { saidAtInWords } from '../design/dates.js';
import { texts } from '../texts/texts.js';
import type { Statement } from './queries.js';

const MOST_LETTERS = 140;

/** The words of a statement: as they were quoted, or as its recorder put them. */
export function wordsOf({ passage, summary }: Pick<Statement, 'passage' | 'summary'>): string {
  return passage?.exact ?? summary ?? '';
}

export function shortened(words: string): string {
  return words.length > MOST_LETTERS ? `${words.slice(0, MOST_LETTERS).trimEnd()}…` : words;
}

/** Who said it, for whom. */
export function voiceOf({ speaker, resolved }: Pick<Statement, 'speaker' | 'resolved'>): string {
  return [speaker?.name, resolved.party?.name].filter(Boolean).join(', ');
}

/** What was done, by whom, when: a statement in one line. */
export function lineOf(statement: Statement): string {
  const { act, saidAt, resolved } = statement;
  return [texts.record.act(act), voiceOf(statement), resolved.topic?.name, saidAtInWords(saidAt)]
    .filter(Boolean)
    .join(' · ');
}
