import type { components } from '../api/openapi.js';
import type { Stretch } from './selecting.js';

type Schemas = components['schemas'];

/** UTF-16 units of the text before and after a passage that are kept with it, so that it is found again where its words stand twice. */
const SURROUNDINGS = 32;

/** The passage of a stretch of a text (W3C Web Annotation TextQuoteSelector). */
export function passageOf(text: string, { start, end }: Stretch): Schemas['PassageInput'] {
  return {
    exact: text.slice(start, end),
    prefix: wholeCharacters(text.slice(Math.max(0, start - SURROUNDINGS), start)),
    suffix: wholeCharacters(text.slice(end, end + SURROUNDINGS)),
  };
}

/** Where anchors, which count code points, stand in a text, in the order of `anchors`; null for what was not found. One walk through the text. */
export function placesOf(
  text: string,
  anchors: readonly Schemas['Statement']['anchor'][],
): (Stretch | null)[] {
  const wanted = anchors.flatMap((anchor) =>
    anchor === null || anchor.start === null || anchor.end === null ? [] : [anchor.start, anchor.end],
  );
  const offsets = new Map<number, number>();
  let unit = 0;
  let point = 0;
  for (const next of wanted.toSorted((one, other) => one - other)) {
    for (; point < next && unit < text.length; point++)
      unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
    offsets.set(next, unit);
  }
  return anchors.map((anchor) => {
    const start = offsets.get(anchor?.start ?? -1);
    const end = offsets.get(anchor?.end ?? -1);
    return start === undefined || end === undefined ? null : { start, end };
  });
}

/** A stretch of a text that is shown in one way: `marks` are those that cover it. */
export interface Run<Mark> extends Stretch {
  readonly marks: readonly Mark[];
}

/** Cuts a text into runs at the ends of what is marked in it, which may overlap. */
export function runsOf<Mark extends Stretch>(length: number, marks: readonly Mark[]): Run<Mark>[] {
  const cuts = [...new Set([0, length, ...marks.flatMap(({ start, end }) => [start, end])])]
    .filter((cut) => cut >= 0 && cut <= length)
    .toSorted((one, other) => one - other);
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index] ?? 0;
    return { start, end, marks: marks.filter((mark) => mark.start < end && mark.end > start) };
  });
}

/** Whether a place stands within quotation marks, as far as its paragraph tells: what is quoted was most likely said so. */
export function isQuoted(text: string, { start, end }: Stretch): boolean {
  const paragraph = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const opened = Math.max(paragraph.lastIndexOf('“'), paragraph.lastIndexOf('«'), paragraph.lastIndexOf('„'));
  const closed = Math.max(paragraph.lastIndexOf('”'), paragraph.lastIndexOf('»'));
  const within = text.slice(start, end);
  return opened > closed || /^[“«„"]/u.test(within);
}

/** Half a character at an end of what was cut out is left away: half of one cannot be stored. */
function wholeCharacters(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]/u, '').replace(/[\uD800-\uDBFF]$/u, '');
}
