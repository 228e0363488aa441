import { createHash } from 'node:crypto';
import { must } from './wrong.js';

const LF = 0x0a;

export interface LineReader {
  /** A line without its LF: the bytes from `start` up to `end`. They may be overwritten: they were hashed before. */
  line(bytes: Buffer, start: number, end: number): void;
  /** Awaited after each block of lines, with the bytes read so far. */
  block?(read: number): Promise<void> | void;
}

/**
 * Reads lines from a stream of bytes, holding no more than a block of them. Answers with the last line, which is not handed to the reader, and
 * the SHA-256 of everything before it.
 */
export async function readLines(
  source: AsyncIterable<Uint8Array>,
  reader: LineReader,
): Promise<{ last: string; sha256: string }> {
  const hash = createHash('sha256');
  let kept: Buffer = Buffer.alloc(0);
  let read = 0;
  for await (const chunk of source) {
    read += chunk.length;
    kept = Buffer.concat([kept, chunk]); // a copy, which is ours to overwrite
    const end = startOfLastLine(kept);
    if (end === 0) continue;
    hash.update(kept.subarray(0, end));
    handOut(kept, end, reader);
    kept = kept.subarray(end);
    await reader.block?.(read);
  }
  must(kept.length > 0 && kept.at(-1) === LF, 'the end', 'the last line is cut off');
  const end = startOfLastLine(kept);
  hash.update(kept.subarray(0, end));
  const last = kept.toString('latin1', end, kept.length - 1);
  handOut(kept, end, reader);
  await reader.block?.(read);
  return { last, sha256: hash.digest('hex') };
}

/** Of the last line that is whole, as far as has been read. */
function startOfLastLine(bytes: Buffer): number {
  const end = bytes.lastIndexOf(LF);
  return end <= 0 ? 0 : bytes.lastIndexOf(LF, end - 1) + 1;
}

function handOut(bytes: Buffer, end: number, reader: LineReader): void {
  for (let start = 0; start < end;) {
    const next = bytes.indexOf(LF, start);
    reader.line(bytes, start, next);
    start = next + 1;
  }
}
