/**
 * The limits of verifying a file, in a process of its own: `hashing.mjs stream|each FILE`. Says seconds and peak memory as JSON.
 *
 *   stream  SHA-256 of the file as one stream: nobody who checks its last line is faster
 *   each    that, and what the log's format demands besides: each entry, each payload and a node of the tree for each event, one by one
 */
import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const [, , how, path] = process.argv;
const NODE = Buffer.alloc(65);
const whole = createHash('sha256');
const began = performance.now();
let kept = Buffer.alloc(0);
for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
  whole.update(chunk);
  if (how === 'each') kept = each(Buffer.concat([kept, chunk]));
}
whole.digest();
const seconds = (performance.now() - began) / 1_000;
console.log(JSON.stringify({ seconds, kilobytes: process.resourceUsage().maxRSS }));

function each(bytes) {
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    const kind = bytes[start];
    if (kind === 0x45 || kind === 0x50) hash('sha256', bytes.subarray(start + 1, end), 'binary');
    if (kind === 0x45) hash('sha256', NODE, 'binary');
    start = end + 1;
  }
  return bytes.subarray(start);
}
