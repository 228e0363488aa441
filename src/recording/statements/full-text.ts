/** PostgreSQL's stemmers by BCP 47 primary language. */
const CONFIGURATIONS: Readonly<Record<string, string>> = {
  ar: 'arabic',
  da: 'danish',
  de: 'german',
  el: 'greek',
  en: 'english',
  es: 'spanish',
  fi: 'finnish',
  fr: 'french',
  hu: 'hungarian',
  id: 'indonesian',
  it: 'italian',
  lt: 'lithuanian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sv: 'swedish',
  tr: 'turkish',
};

/** The text search configuration for words of a language; English where none is named, plain words where PostgreSQL knows no stemmer. */
export function textSearchConfiguration(language: string | null): string {
  if (language === null) return 'english';
  const primary = language.toLowerCase().split('-')[0] ?? '';
  return Object.hasOwn(CONFIGURATIONS, primary) ? (CONFIGURATIONS[primary] ?? 'simple') : 'simple';
}

/** Every configuration under which a search may have to look for its words. */
export const SEARCHED_CONFIGURATIONS: readonly string[] = [
  'simple',
  ...new Set(Object.values(CONFIGURATIONS)),
];
