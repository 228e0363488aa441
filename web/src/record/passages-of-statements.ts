import { lineOf } from './labels.js';
import type { TextMark } from './marked-text.js';
import { placesOf } from './passages.js';
import type { Statement } from './queries.js';

/** Where the statements of a source stand in its text, as far as they were found. */
export function marksOf(text: string | null, statements: readonly Statement[]): TextMark[] {
  if (text === null) return [];
  const places = placesOf(
    text,
    statements.map(({ anchor }) => anchor),
  );
  return statements.flatMap((statement, index) => {
    const place = places[index];
    return place ? { ...place, id: statement.id, title: lineOf(statement) } : [];
  });
}
