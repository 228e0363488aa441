import fc from 'fast-check';
import { anchor } from './passage.js';

const quote = (exact: string, prefix = '', suffix = '') => ({ exact, prefix, suffix });

/** What stands at an anchor, counted in code points. */
const at = (text: string, { start, end }: { start: number | null; end: number | null }): string =>
  [...text].slice(start ?? 0, end ?? 0).join('');

test('a passage is found letter for letter', () => {
  const text = 'Putin said: “We want peace.” Nobody answered.';
  expect(anchor(quote('We want peace.'), text)).toEqual({ status: 'exact', start: 13, end: 27, score: 1 });
});

test('a passage may be the whole text, its beginning or its end', () => {
  const text = 'We want peace.';
  expect(['We want peace.', 'We', 'peace.'].map((exact) => at(text, anchor(quote(exact), text)))).toEqual([
    'We want peace.',
    'We',
    'peace.',
  ]);
});

test('offsets are Unicode code points: an emoji counts as one, a combining mark as one', () => {
  const text = '👍🏽 e\u0301galite\u0301 👩‍👩‍👧: We want peace.';
  const { start, end, status } = anchor(quote('We want peace.'), text);
  expect([status, start, end]).toEqual(['exact', 20, 34]);
  expect(at(text, { start, end })).toBe('We want peace.');
});

test('a passage of astral characters is as long as it has code points', () => {
  expect(anchor(quote('𝔓𝔢𝔞𝔠𝔢'), '𝔚𝔞𝔯 and 𝔓𝔢𝔞𝔠𝔢')).toEqual({ status: 'exact', start: 8, end: 13, score: 1 });
});

describe('among repeats', () => {
  const text = 'He said yes. She said yes. They said yes.';

  test('without surroundings the first is taken', () => {
    expect(anchor(quote('said yes'), text).start).toBe(3);
  });

  test('the prefix tells which is meant', () => {
    expect(anchor(quote('said yes', 'She '), text).start).toBe(17);
  });

  test('the suffix tells which is meant', () => {
    expect(anchor(quote('said yes', '', '. They'), text).start).toBe(17);
  });

  test('surroundings that fit only in part choose the place where more of them fits', () => {
    expect(anchor(quote('said yes', 'I heard that They ', '!'), text).start).toBe(32);
  });

  test('surroundings that fit nowhere leave the first', () => {
    expect(anchor(quote('said yes', 'XX', 'YY'), text).start).toBe(3);
  });

  test('surroundings may reach to the very ends of the text, and beyond them nothing fits', () => {
    expect(anchor(quote('They said yes', 'She said yes. ', '.'), text).start).toBe(27);
    expect(anchor(quote('He said', '', ' yes'), text).start).toBe(0);
  });

  test('overlapping repeats are all looked at', () => {
    expect(anchor(quote('aa', '', 'b'), 'aaab').start).toBe(1);
  });
});

describe('approximately', () => {
  test('curly quotes and apostrophes are close to straight ones', () => {
    const text = 'He said: “We’ve always said that we don’t want war.” Then he left.';
    const found = anchor(quote(`"We've always said that we don't want war."`), text);
    expect(found.status).toBe('approximate');
    expect(at(text, found)).toBe('“We’ve always said that we don’t want war.”');
    expect(found.score).toBeCloseTo(1 - 4 / 43, 3);
  });

  test('a line break, a missing word or a slip is forgiven', () => {
    const text = 'The truce was\nviolated again by both of the sides on Sunday.';
    expect(anchor(quote('The truce was violated by both of the sides'), text)).toMatchObject({
      status: 'approximate',
      start: 0,
    });
  });

  test('letters that are composed in another way are close enough', () => {
    const text = 'Le président a dit: la paix est proche.';
    expect(anchor(quote('Le pre\u0301sident a dit'), text)).toMatchObject({
      status: 'approximate',
      start: 0,
      end: 18,
    });
  });

  test('an exact match is preferred to a similar one that comes first', () => {
    const text = 'We want peaces. We want peace.';
    expect(anchor(quote('We want peace.'), text)).toMatchObject({ status: 'exact', start: 16 });
  });

  test('of two similar places the more similar one is taken', () => {
    const text = 'We wxnt pexce now. And then: We want pexce now.';
    expect(anchor(quote('We want peace now.'), text)).toMatchObject({ start: 29, score: 0.944 });
  });

  test('of places that are as similar the one as long as the passage is taken, and of those the first', () => {
    const text = 'We want peace? No. We want peace! Yes.';
    expect(at(text, anchor(quote('We want peace.'), text))).toBe('We want peace?');
  });

  test('a character is never split, though half of it would be as similar', () => {
    expect(anchor(quote(' ab  '), '😀ab  ')).toEqual({ status: 'approximate', start: 0, end: 5, score: 0.8 });
  });

  test('offsets are code points here too', () => {
    const text = '🕊️🕊️ “We want peace.”';
    expect(at(text, anchor(quote('"We want peace."'), text))).toBe('“We want peace.”');
  });
});

test.each([
  ['another sentence', 'We will never negotiate with anyone about anything.'],
  ['a text that is shorter than the passage', 'Peace'],
  ['an empty text', ''],
])('a passage is not found in %s', (_, text) => {
  expect(anchor(quote('We want peace, and soon.'), text)).toEqual({
    status: 'not-found',
    start: null,
    end: null,
    score: 0,
  });
});

test('a huge text is searched for exactly the passage, so that one request cannot hold up the others', () => {
  const text = `${'x'.repeat(4_000_000)} We want peace.`;
  const long = `We want peace.${'y'.repeat(500)}`;
  expect(anchor(quote('We want peace.'), text)).toMatchObject({ status: 'exact', start: 4_000_001 });
  expect(anchor(quote(long), text).status).toBe('not-found');
});

test('a quote of 1,024 characters is found in a text of a million although some differ', () => {
  const words = 'We want peace. '.repeat(69).slice(0, 1_024);
  const text = words.padEnd(2 ** 20, 'x');
  const slips = words.replaceAll('.', '!');
  expect(anchor(quote(slips), text)).toMatchObject({ status: 'approximate', start: 0, end: 1_024 });
});

test('whatever is cut out of a text is found exactly, and is what stands at the anchor', () => {
  const pieces = fc.tuple(...Array.from({ length: 3 }, () => fc.string({ unit: 'grapheme', maxLength: 12 })));
  fc.assert(
    fc.property(pieces, ([prefix = '', exact = '', suffix = '']) => {
      fc.pre(exact !== '');
      const text = `${prefix}${exact}${suffix}`;
      const found = anchor({ exact, prefix, suffix }, text);
      expect(found.status).toBe('exact');
      expect(at(text, found)).toBe(exact);
    }),
  );
});

test('whatever is found stands within the text, with a score between the least that is tolerated and 1', () => {
  const words = fc.stringMatching(/^[ab😀 ]{1,20}$/u);
  fc.assert(
    fc.property(words, words, (exact, text) => {
      const { status, start, end, score } = anchor(quote(exact), text);
      const holds =
        status === 'not-found'
          ? start === null && end === null && score === 0
          : 0 <= start && start <= end && end <= [...text].length && score >= 0.75 && score <= 1;
      expect(holds).toBe(true);
    }),
    { numRuns: 500 },
  );
});
