import { StringDecoder } from 'node:string_decoder';

/** Longest line, in UTF-16 units: longer than any valid one, so that a stream without line ends costs no more memory. */
const LONGEST_LINE = 12_000_000;

/** A line of an NDJSON stream; `text` is null where it was too long to read. Numbers count from 1, blank lines included. */
export interface Line {
  readonly number: number;
  readonly text: string | null;
}

/** Splits a stream into lines, holding one at a time. Bytes that are not UTF-8 become U+FFFD, which no valid line contains by accident. */
export async function* readLines(stream: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  const decoder = new StringDecoder('utf8');
  let number = 1;
  let pending = '';
  let tooLong = false;
  const take = (text: string): Line => {
    const line = { number: number++, text: tooLong ? null : text.replace(/\r$/, '') };
    tooLong = false;
    return line;
  };
  for await (const chunk of stream) {
    const [first = '', ...others] = decoder.write(chunk).split('\n'); // only what is new is searched, however long the line is already
    const parts = [pending + first, ...others];
    pending = parts.pop() ?? '';
    for (const part of parts) yield take(part);
    if (pending.length > LONGEST_LINE) {
      tooLong = true;
      pending = '';
    }
  }
  pending += decoder.end();
  if (pending !== '' || tooLong) yield take(pending);
}

/** Gathers what arrives together, up to `most`; hands on what it has as soon as nothing more is ready. */
export async function* inChunks<T>(items: AsyncIterator<T>, most: number): AsyncGenerator<T[]> {
  const ahead = (): Promise<IteratorResult<T>> => {
    const promise = items.next();
    promise.catch(() => undefined); // it may fail before it is waited for; whoever waits for it hears of it
    return promise;
  };
  let next = ahead();
  for (;;) {
    const first = await next;
    if (first.done) return;
    const chunk = [first.value];
    next = ahead();
    while (chunk.length < most) {
      const following = await Promise.race([next, aMoment()]);
      if (following === WAITED || following.done) break;
      chunk.push(following.value);
      next = ahead();
    }
    yield chunk;
  }
}

const WAITED = Symbol('waited');

/** Long enough for whatever the stream has already buffered to come through. */
function aMoment(): Promise<typeof WAITED> {
  return new Promise((resolve) => setImmediate(() => setImmediate(() => resolve(WAITED))));
}
