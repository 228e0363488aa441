import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** What becomes of a body's text on its way: other bytes, or others than its headers say. */
export interface Spoil {
  readonly what: string;
  /** From 0 to 1: where in the text. */
  readonly place: number;
}

type Spoiling = (text: string, place: number) => Buffer | string;

const into =
  (inserted: string): Spoiling =>
  (text, place) =>
    text.slice(0, place) + inserted + text.slice(place);

const insteadOf =
  (pattern: RegExp, replacement: string): Spoiling =>
  (text) =>
    text.replace(pattern, replacement);

const SPOILINGS: Readonly<Record<string, Spoiling>> = {
  'cut off': (text, place) => text.slice(0, place),
  'in UTF-16': (text) => Buffer.from(text, 'utf16le'),
  'in Latin-1': (text) => Buffer.from(`${text.slice(0, -1)} é}`, 'latin1'),
  'with a byte order mark': (text) => `\uFEFF${text}`,
  compressed: (text) => gzipSync(text),
  'with a raw control character': into('\u0001'),
  'with a byte that is no UTF-8': (text, place) =>
    Buffer.concat([Buffer.from(text.slice(0, place)), Buffer.from([0xc3]), Buffer.from(text.slice(place))]),
  'with NUL in a text': insteadOf(/":\s*"/, String.raw`":"\u0000`),
  'with half of a surrogate pair': insteadOf(/":\s*"/, String.raw`":"\ud800`),
  'with a number beyond IEEE 754': insteadOf(/:\s*("[^"]*"|\d+)/, ':1e400'),
  'with a name twice': insteadOf(/\{(\s*"[^"]*"\s*:)/, '{$1 1,$1'),
  'nested 10,000 deep': insteadOf(/:\s*("[^"]*"|\d+)/, `:${'['.repeat(10_000)}${']'.repeat(10_000)}`),
  'with something after it': (text) => `${text}x`,
  'nothing at all': () => '',
};

export const spoilTexts: fc.Arbitrary<Spoil> = fc.record({
  what: fc.constantFrom(...Object.keys(SPOILINGS)),
  place: fc.double({ min: 0, max: 1, noNaN: true }),
});

export function spoil(text: string, { what, place }: Spoil): Buffer | string {
  return SPOILINGS[what]?.(text, Math.floor(place * text.length)) ?? text;
}
