import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { unlessGone } from './unless-gone.js';

export interface FileRecord {
  /** From the data folder, with `/`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export type Contents = Pick<FileRecord, 'size' | 'sha256'>;

/** Bytes read at a time. */
const chunk = 1024 * 1024;

/**
 * Copies a file as long as it is now, and answers with what was copied. What is appended meanwhile is left out; what is cut
 * off meanwhile shortens the copy. Undefined: there is no such file.
 */
export async function copyFile(
  from: string,
  to: string,
  advance: (bytes: number) => void = () => undefined,
): Promise<Contents | undefined> {
  const source = await unlessGone(open(from, 'r'));
  if (source === undefined) return undefined;
  try {
    const { size } = await source.stat();
    return await writeNew(to, chunks(source, size), advance);
  } finally {
    await source.close();
  }
}

/** Writes a file that must not be there yet, readable by its owner only. */
export async function writeNew(
  path: string,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
  advance: (bytes: number) => void = () => undefined,
): Promise<Contents> {
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const bytes of content) {
      await file.writeFile(bytes);
      hash.update(bytes);
      size += bytes.length;
      advance(bytes.length);
    }
    return { size, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

/** Each chunk stands in the place of the one before. */
async function* chunks(source: FileHandle, size: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(chunk, size));
  for (let offset = 0; offset < size;) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(chunk, size - offset), offset);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    offset += bytesRead;
  }
}
