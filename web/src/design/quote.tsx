import type { ReactNode } from 'react';
import { texts } from '../texts/texts.js';
import style from './quote.module.css';

interface QuoteProps {
  readonly children: ReactNode;
  /** BCP 47; what is said there is read out and hyphenated in it. */
  readonly language?: string | null;
  /** Who said it, when, where: under the quote. */
  readonly by?: ReactNode;
  readonly size?: 'normal' | 'large';
}

/** Words as they were said, in the serif that nothing else has. */
export function Quote({ children, language, by, size = 'normal' }: QuoteProps) {
  return (
    <figure className={style.figure} data-size={size}>
      <blockquote className={style.words} lang={language ?? undefined} dir="auto">
        {texts.quoteOpens}
        {children}
        {texts.quoteCloses}
      </blockquote>
      {by && <figcaption className={style.by}>{by}</figcaption>}
    </figure>
  );
}

/** What a recorder wrote in their own words: the serif too, without marks of quotation. */
export function Paraphrase({ children, by, size = 'normal' }: Omit<QuoteProps, 'language'>) {
  return (
    <figure className={style.figure} data-size={size}>
      <p className={style.paraphrase} dir="auto">
        {children}
      </p>
      {by && <figcaption className={style.by}>{by}</figcaption>}
    </figure>
  );
}
