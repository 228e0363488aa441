import type { ReactNode } from 'react';
import { texts } from '../texts/texts.js';
import { Paraphrase, Quote } from './quote.js';

/** What of a statement its words are. */
export interface Worded {
  readonly passage: { readonly exact: string } | null;
  readonly summary: string | null;
  readonly language: string | null;
  readonly translation: string | null;
}

interface WordsProps {
  readonly of: Worded;
  readonly by?: ReactNode;
  readonly size?: 'normal' | 'large';
}

/** A statement in its own words where they are known, and else as its recorder put it. */
export function Words({ of: { passage, summary, language, translation }, by, size = 'normal' }: WordsProps) {
  const about = (translation !== null || by !== undefined) && (
    <>
      {translation !== null && <p dir="auto">{texts.translated(translation)}</p>}
      {by}
    </>
  );
  if (passage === null)
    return (
      <Paraphrase by={about} size={size}>
        {summary ?? texts.noWords}
      </Paraphrase>
    );
  return (
    <Quote language={language} size={size} by={about}>
      {passage.exact}
    </Quote>
  );
}
