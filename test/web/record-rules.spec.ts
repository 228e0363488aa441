import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Entry } from '../../src/domain/position.js';
import { talks } from '../support/http-talks.js';
import { effectOf } from '../../web/src/record/effect.js';
import { isQuoted, passageOf, placesOf, runsOf } from '../../web/src/record/passages.js';
import { Selecting, type Stretch } from '../../web/src/record/selecting.js';
import { findBySpelling } from '../../web/src/record/spelling.js';

let article: string;

beforeAll(async () => {
  article = await talks('article.txt');
});

const cut = (text: string, stretch: Stretch | null): string | null =>
  stretch && text.slice(stretch.start, stretch.end);

describe('Selecting with keys', () => {
  it('goes from sentence to sentence, over the ends of paragraphs, and back', () => {
    const selecting = new Selecting(article, 'en');
    let selected: Stretch | null = null;
    const seen: (string | null)[] = [];
    for (let presses = 0; presses < 3; presses++) {
      selected = selecting.move(selected, 'next', 'sentence');
      seen.push(cut(article, selected));
    }
    expect(seen).toEqual([
      'On Monday, April 21, 2025, Russian President Vladimir Putin declared his openness to direct peace talks with Ukraine.',
      'Ukrainian President Volodymyr Zelenskiy also said Kyiv is eager to discuss a halt to attacks on civilian targets.',
      expect.stringMatching(/^For the first time in years/),
    ]);
    expect(cut(article, selecting.move(selected, 'previous', 'sentence'))).toBe(seen[1]);
    expect(cut(article, selecting.last())).toMatch(/^Meanwhile, U\.S\. officials/);
  });

  it('cuts a quote out of its sentence: words are left away at its beginning, and its last mark at its end', () => {
    const text = 'She said, “We will not sign.” He left. Nobody stayed.';
    const selecting = new Selecting(text, 'en');
    let selected = selecting.first();
    expect(cut(text, selected)).toBe('She said, “We will not sign.”');
    for (let presses = 0; presses < 2; presses++)
      selected = selected && selecting.moveStart(selected, 'next');
    selected = selecting.move(selected, 'shorter', 'word');
    expect(cut(text, selected)).toBe('We will not sign.');
    selected = selecting.move(selected, 'shorter', 'word');
    expect(cut(text, selected)).toBe('We will not sign');
    selected = selecting.move(selected, 'longer', 'sentence');
    expect(cut(text, selecting.move(selected, 'longer', 'sentence'))).toBe('We will not sign.” He left.');
  });

  it('takes single words of a selection, and grows from there', () => {
    const text = 'following a failed Easter truce';
    const selecting = new Selecting(text, 'en');
    let selected = selecting.move(selecting.first(), 'next', 'word');
    expect(cut(text, selected)).toBe('following');
    selected = selecting.move(selected, 'next', 'word');
    for (let presses = 0; presses < 3; presses++) selected = selecting.move(selected, 'longer', 'word');
    expect(cut(text, selected)).toBe('a failed Easter truce');
    expect(cut(text, selecting.move(selected, 'previous', 'word'))).toBe('truce');
  });

  it('finds typed words, whatever their quotation marks, case and gaps', () => {
    const selecting = new Selecting(article, 'en');
    expect(cut(article, selecting.find("if progress isn't made"))).toBe('if progress isn’t made');
    expect(cut(article, selecting.find('we have always … the same way.'))).toMatch(
      /^We have always .* the same way\.$/,
    );
    expect(selecting.find('words (that are not there')).toBeNull();
  });
});

describe('A passage', () => {
  it('keeps its surroundings, whole characters only', () => {
    const text = `${'😀'.repeat(20)}quote${'😀'.repeat(20)}`;
    const start = text.indexOf('quote');
    const { exact, prefix, suffix } = passageOf(text, { start: start - 1 + 1, end: start + 5 });
    expect([exact, prefix?.isWellFormed(), suffix?.isWellFormed()]).toEqual(['quote', true, true]);
  });

  it('stands where its anchor says, which counts code points', () => {
    const text = '😀😀 words 😀 more';
    const anchors = [
      { status: 'exact', start: 3, end: 8, score: 1 },
      null,
      { status: 'exact', start: 11, end: 15, score: 1 },
    ] as const;
    expect(placesOf(text, anchors).map((place) => cut(text, place))).toEqual(['words', null, 'more']);
  });

  it('is cut at the ends of others that overlap it, and loses nothing', () => {
    const runs = runsOf(10, [
      { start: 2, end: 6 },
      { start: 4, end: 8 },
    ]);
    expect(runs.map(({ start, end, marks }) => [start, end, marks.length])).toEqual([
      [0, 2, 0],
      [2, 4, 1],
      [4, 6, 2],
      [6, 8, 1],
      [8, 10, 0],
    ]);
  });

  it('within quotation marks is taken for what was said so', () => {
    const quoted = article.indexOf('We have always');
    expect(isQuoted(article, { start: quoted, end: quoted + 20 })).toBe(true);
    const told = article.indexOf('Ukrainian President Volodymyr Zelenskyy has called');
    expect(isQuoted(article, { start: told, end: told + 20 })).toBe(false);
  });
});

describe('A name', () => {
  const speakers = [
    { id: '1', name: 'Vladimir Putin', aliases: ['President Putin'] },
    { id: '2', name: 'Volodymyr Zelenskyy', aliases: ['Zelensky'] },
    { id: '3', name: 'Łukasz Żółć', aliases: [] },
  ];

  it.each([
    ['zelenskiy', '2'],
    ['Selenskyj', '2'],
    ['volod', '2'],
    ['putn', '1'],
    ['PRESIDENT P', '1'],
    ['zolc', '3'],
  ])('is found by %s', (typed, id) => {
    expect(findBySpelling(speakers, typed)[0]?.thing.id).toBe(id);
  });

  it('that is none of them finds nobody', () => {
    expect(findBySpelling(speakers, 'Lavrov')).toEqual([]);
  });
});

describe('What a statement will do', () => {
  const entry = (id: string, said: string, stance: Entry['stance'], origin: number): Entry => ({
    id,
    act: 'SupportExpressed',
    speaker: null,
    said: Date.parse(said),
    origin,
    stance,
    conditions: [],
  });
  const known = [entry('7', '2025-04-21', 'supportive', 7), entry('9', '2025-04-22', 'open', 9)];

  it('is told of the next one', () => {
    const { kind, shift, presentChanged } = effectOf(known, entry('new', '2025-04-23', 'opposed', Infinity));
    expect([kind, shift?.kind, presentChanged]).toEqual(['advance', 'reversed', true]);
  });

  it('is told of a late one: it shifts the past, another shift with it, and leaves the present', () => {
    const effect = effectOf(known, entry('new', '2024-08-10', 'opposed', Infinity));
    expect(effect).toMatchObject({
      kind: 'backfill',
      presentChanged: false,
      shift: { kind: 'adopted' },
      gone: [],
    });
    expect(effect.others.map(({ statement, kind }) => [statement, kind])).toEqual([['7', 'reversed']]);
  });

  it('is told where a shift disappears, since what made it only reaffirms', () => {
    const effect = effectOf(known, entry('new', '2025-04-20', 'supportive', Infinity));
    expect([effect.shift?.kind, effect.gone.map(({ statement }) => statement)]).toEqual(['adopted', ['7']]);
  });

  it('is told of what sets nothing', () => {
    expect(effectOf(known, entry('new', '2025-04-23', null, Infinity))).toMatchObject({
      role: 'evidence',
      shift: null,
    });
    expect(effectOf(known, entry('new', '2025-04-23', 'open', Infinity))).toMatchObject({
      role: 'reaffirms',
      shift: null,
    });
  });
});
