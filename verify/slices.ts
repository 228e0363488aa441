import { createHash } from 'node:crypto';
import { must } from './wrong.js';

const [LF, LETTER_P, LETTER_R] = [0x0a, 0x50, 0x52];
/** Bytes of a slice, but for lines that are longer: more than what it costs to hand one to another thread, and little to hold. */
const SLICE = 1 << 20;

/**
 * Cuts a stream of bytes into slices of whole lines, both lines of an event in the same one. What takes a slice may keep and change it, and is
 * awaited. Answers with the last line, which is in no slice, and the SHA-256 of everything before it.
 */
export async function cutIntoSlices(
  source: AsyncIterable<Uint8Array>,
  take: (slice: Buffer) => Promise<void>,
): Promise<{ last: string; sha256: string }> {
  const hash = createHash('sha256');
  let [parts, length] = [[] as Uint8Array[], 0];
  const hand = async (end: (bytes: Buffer) => number): Promise<Buffer> => {
    const bytes = joined(parts, length);
    const cut = end(bytes);
    const rest = Buffer.from(bytes.subarray(cut));
    [parts, length] = [[rest], rest.length];
    hash.update(bytes.subarray(0, cut));
    if (cut > 0) await take(bytes.subarray(0, cut));
    return rest;
  };
  for await (const chunk of source) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= SLICE) await hand(startOfLastEvent);
  }
  const last = await hand(startOfLastLine);
  must(last.length > 0 && last.at(-1) === LF, 'the end', 'the last line is cut off');
  return { last: last.toString('latin1', 0, last.length - 1), sha256: hash.digest('hex') };
}

/** In memory of its own, which may go to another thread. */
function joined(parts: readonly Uint8Array[], length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Of the last line that is whole. */
function startOfLastLine(bytes: Buffer): number {
  return startOfLine(bytes, bytes.lastIndexOf(LF));
}

/** The same, or where that is the second line of an event, of the line before. */
function startOfLastEvent(bytes: Buffer): number {
  const start = startOfLastLine(bytes);
  const isSecond = bytes[start] === LETTER_P || bytes[start] === LETTER_R;
  return isSecond ? startOfLine(bytes, start - 1) : start;
}

/** Of the line that ends there. */
function startOfLine(bytes: Buffer, end: number): number {
  return end <= 0 ? 0 : bytes.lastIndexOf(LF, end - 1) + 1;
}
