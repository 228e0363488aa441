/** A stretch of a text in UTF-16 units, `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export type Move = 'next' | 'previous' | 'longer' | 'shorter';
export type Unit = 'sentence' | 'word';

/** A piece of a text. Marks of punctuation are pieces of their own: a quote may end before or after its full stop. */
interface Piece extends Stretch {
  readonly isWord: boolean;
}

/**
 * What is selected after a key, by the sentences and words of the text's language (Unicode UAX 29, as browsers know it). Only paragraphs
 * (lines) near the selection are cut into pieces, so that a book is as quick as an article. Null before anything has been selected.
 */
export class Selecting {
  private readonly sentences: Intl.Segmenter;
  private readonly words: Intl.Segmenter;

  constructor(
    private readonly text: string,
    language: string | null,
  ) {
    const locale = supported(language);
    this.sentences = new Intl.Segmenter(locale, { granularity: 'sentence' });
    this.words = new Intl.Segmenter(locale, { granularity: 'word' });
  }

  move(from: Stretch | null, move: Move, unit: Unit): Stretch | null {
    if (from === null) return this.after(-1, 'sentence');
    if (move === 'longer') return this.longer(from, unit);
    if (move === 'shorter') return this.shorter(from, unit);
    return unit === 'sentence' ? this.toSentence(from, move) : this.toWord(from, move);
  }

  /** Begins a selection one word later or earlier; it ends where it did. */
  moveStart(from: Stretch, move: 'next' | 'previous'): Stretch {
    const word = move === 'next' ? this.after(from.start, 'word') : this.before(from.start, 'word');
    return word === null || word.start >= from.end ? from : { start: word.start, end: from.end };
  }

  /** The paragraph after or before the one that the selection begins in, as its first sentence. */
  paragraph(from: Stretch | null, move: 'next' | 'previous'): Stretch | null {
    const here = this.line(from?.start ?? 0);
    const next = move === 'next' ? this.after(here.end, 'sentence') : this.before(here.start, 'sentence');
    return next === null ? from : this.after(this.line(next.start).start - 1, 'sentence');
  }

  first(): Stretch | null {
    return this.after(-1, 'sentence');
  }

  last(): Stretch | null {
    return this.before(this.text.length + 1, 'sentence');
  }

  /** Words as somebody types them from a text: case and the width of white space do not matter, `…` or `...` stands for anything between. */
  find(typed: string): Stretch | null {
    const [begin = '', ...further] = typed
      .trim()
      .split(/\s*(?:…|\.\.\.)\s*/u)
      .map(loosely);
    if (begin === '') return null;
    const end = further.at(-1);
    const found = new RegExp(end ? `${begin}[^]{0,2000}?${end}` : begin, 'iu').exec(this.text);
    return found && { start: found.index, end: found.index + found[0].length };
  }

  private toSentence(from: Stretch, move: 'next' | 'previous'): Stretch {
    const found = move === 'next' ? this.after(from.start, 'sentence') : this.before(from.start, 'sentence');
    const around = this.around(from.start);
    if (move === 'previous' && around !== null && (around.start < from.start || around.end > from.end))
      return around;
    return found ?? around ?? from;
  }

  /** Into a selection of several words first, then from word to word. */
  private toWord(from: Stretch, move: 'next' | 'previous'): Stretch {
    const within = this.pieces(from.start, 'word').filter(
      ({ start, end, isWord }) => isWord && start >= from.start && end <= from.end,
    );
    if (within.length > 1) return (move === 'next' ? within[0] : within.at(-1)) ?? from;
    return (move === 'next' ? this.after(from.start, 'word') : this.before(from.start, 'word')) ?? from;
  }

  private longer(from: Stretch, unit: Unit): Stretch {
    const end = this.ends(from.end, unit).find((each) => each > from.end);
    if (end !== undefined) return { start: from.start, end };
    const next = this.after(this.line(from.end).end, unit);
    return next === null ? from : { start: from.start, end: next.end };
  }

  private shorter(from: Stretch, unit: Unit): Stretch {
    const ends = [...this.ends(from.start, unit), ...this.ends(from.end, unit)];
    const end = ends.findLast((each) => each < from.end && each > from.start);
    return end === undefined ? from : { start: from.start, end };
  }

  private ends(at: number, unit: Unit): number[] {
    return this.pieces(at, unit).map(({ end }) => end);
  }

  private around(at: number): Stretch | null {
    return this.pieces(at, 'sentence').find(({ start, end }) => start <= at && at < end) ?? null;
  }

  /** The first sentence or word that begins after a place. */
  private after(at: number, unit: Unit): Stretch | null {
    for (let line = this.line(Math.max(at, 0)); ; line = this.line(line.end + 1)) {
      const piece = this.pieces(line.start, unit).find(({ start, isWord }) => isWord && start > at);
      if (piece !== undefined) return piece;
      if (line.end >= this.text.length) return null;
    }
  }

  private before(at: number, unit: Unit): Stretch | null {
    for (let line = this.line(Math.min(at, this.text.length)); ; line = this.line(line.start - 1)) {
      const piece = this.pieces(line.start, unit).findLast(({ start, isWord }) => isWord && start < at);
      if (piece !== undefined) return piece;
      if (line.start <= 0) return null;
    }
  }

  private line(at: number): Stretch {
    const end = this.text.indexOf('\n', at);
    return {
      start: at <= 0 ? 0 : this.text.lastIndexOf('\n', at - 1) + 1,
      end: end === -1 ? this.text.length : end,
    };
  }

  /** The sentences or words of the paragraph around a place, without the white space about them. */
  private pieces(at: number, unit: Unit): Piece[] {
    const line = this.line(Math.min(at, this.text.length));
    const segmenter = unit === 'sentence' ? this.sentences : this.words;
    return [...segmenter.segment(this.text.slice(line.start, line.end))].flatMap((segment) => {
      const words = segment.segment.trim();
      if (words === '') return [];
      const start = line.start + segment.index + segment.segment.indexOf(words);
      return { start, end: start + words.length, isWord: unit === 'sentence' || segment.isWordLike === true };
    });
  }
}

/** A language tag that a browser takes; what somebody wrote may be none. */
export function supported(language: string | null): string | undefined {
  try {
    return language === null ? undefined : Intl.getCanonicalLocales(language)[0];
  } catch {
    return undefined;
  }
}

/** A pattern of typed words: typographic quotation marks and dashes are found by the ones on a keyboard. */
function loosely(typed: string): string {
  return typed
    .replace(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`)
    .replace(/['’‘]/gu, "['’‘]")
    .replace(/["“”„«»]/gu, '["“”„«»]')
    .replace(/[-–—]/gu, '[-–—]')
    .replace(/\s+/gu, String.raw`\s+`);
}
