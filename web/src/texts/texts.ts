import { en } from './en.js';

/** What a translation has to say: a file beside en.ts, `export const xx: Texts = { … }`, and a line below. */
export type Texts = Wide<typeof en>;

type Wide<T> = T extends string
  ? string
  : T extends (...given: infer A) => string
    ? (...given: A) => string
    : { readonly [K in keyof T]: Wide<T[K]> }; // of lists too, each as long as in English

const LANGUAGES: Readonly<Record<string, Texts>> = { en };

/** Every word that the desk itself says, in the language of the page. */
export const texts: Texts = LANGUAGES[document.documentElement.lang] ?? en;
export const locale = document.documentElement.lang || 'en';
