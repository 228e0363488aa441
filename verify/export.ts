import { canonicalObject, parse } from './canonical.js';
import { Keys, type Trust } from './keys.js';
import { readLines, type LineReader } from './lines.js';
import { Log } from './log.js';
import { sameTile, Tail } from './tail.js';
import type { Head, Taker } from './taker.js';
import type { Tile } from './tree.js';
import { must, Wrong, WrongLeaf } from './wrong.js';

const FIRST = '# standpoint-export/1';

/** What was found right. */
export interface Checked {
  readonly head: Head;
  readonly log: Log;
  readonly keys: Keys;
  readonly histories: number;
}

/** Checks an export from its first byte to its last (docs/proof.md). Rejects with the first wrong thing. */
export async function checkExport(
  source: AsyncIterable<Uint8Array>,
  trust: Trust,
  taker: Taker = {},
): Promise<Checked> {
  const reader = new ExportReader(trust, taker);
  const { last, sha256 } = await readLines(source, reader).catch((error: unknown) => reader.explain(error));
  must(last.startsWith('Z '), 'the end', 'is missing: the export was cut off');
  const checked = reader.finish();
  must(last === `Z ${sha256}`, 'the end', 'its SHA-256 is not that of all lines before it');
  return checked;
}

class ExportReader implements LineReader {
  private lines = 0;
  private head: Head | null = null;
  private keys: Keys | null = null;
  private log: Log | null = null;
  private tail: Tail | null = null;
  private expected: 'P' | 'any' = 'any';
  private filled: Tile[] = [];
  private checkpointAt = 0;
  /** A checkpoint has another root: the next tile of leaves tells which event is to blame. */
  private doubt: Wrong | null = null;

  constructor(
    private readonly trust: Trust,
    private readonly taker: Taker,
  ) {}

  line(bytes: Buffer, start: number, end: number): void {
    this.lines++;
    if (this.lines === 1) must(bytes.toString('latin1', start, end) === FIRST, 'line 1', `is not "${FIRST}"`);
    else if (this.lines === 2) this.readHead(bytes.toString('utf8', start, end));
    else {
      must(bytes[start + 1] === 0x20, `line ${this.lines}`, 'does not tell what it is');
      this.dispatch(String.fromCharCode(bytes[start] ?? 0), bytes, start, end);
    }
  }

  block(): Promise<void> | void {
    return this.taker.pause?.(this.log?.tree.size ?? 0, this.head?.size ?? 0);
  }

  explain(error: unknown): never {
    throw error instanceof WrongLeaf ? error : (this.doubt ?? error);
  }

  finish(): Checked {
    const { head, log, keys } = this;
    if (head === null || log === null || keys === null)
      throw new Wrong('the end', 'comes before the dossier');
    const left = this.expected === 'P' || this.filled.length > 0 || log.tree.size < head.size;
    must(!left, 'the end', `comes after event ${log.tree.size} of ${head.size}`);
    if (this.doubt !== null) throw this.doubt;
    const tail = this.tail ?? this.endOfEvents(head, log);
    tail.finish();
    return { head, log, keys, histories: tail.histories };
  }

  private readHead(text: string): void {
    must(text.startsWith('D '), 'line 2', 'does not tell of the dossier');
    const names = ['dossier', 'key', 'names', 'origin', 'recordedAt', 'size'];
    const head = canonicalObject(text.slice(2), names, 'the dossier') as unknown as Head; // holds: checked next
    const { dossier, key, origin, size } = head;
    must(
      typeof dossier === 'string' && origin === `standpoint/dossier/${dossier}`,
      'the dossier',
      'its origin is not made of its id',
    );
    must(Number.isSafeInteger(size) && size > 0, 'the dossier', 'its size is no number of events');
    must(
      Array.isArray(head.names) && head.names.every((name) => typeof name === 'string'),
      'the dossier',
      'its names are no texts',
    );
    must(typeof key === 'string', 'the dossier', 'has no key');
    this.head = head;
    this.keys = new Keys(origin, key, this.trust);
    this.log = new Log(dossier, this.keys);
    this.taker.head?.(head);
  }

  private dispatch(kind: string, bytes: Buffer, start: number, end: number): void {
    const { head, log } = this;
    if (head === null || log === null) throw new Wrong('line 2', 'does not tell of the dossier');
    const where = `line ${this.lines}`;
    if (this.tail !== null) return this.tail.line(kind, bytes.toString('utf8', start + 2, end), where);
    if (this.expected === 'P') return this.carried(log, kind, bytes, start, end);
    if (this.filled.length > 0) return this.fullTile(kind, bytes.toString('latin1', start + 2, end));
    if (kind === 'N' && log.tree.size > 0)
      return this.checkpoint(log, bytes.toString('utf8', start + 2, end));
    if (log.tree.size === head.size)
      return this.endOfEvents(head, log).line(kind, bytes.toString('utf8', start + 2, end), where);
    must(kind === 'E', where, `is a line ${kind} where event ${log.tree.size + 1} should be`);
    const { entry, filled } = log.entry(bytes, start, end);
    this.filled = filled;
    this.expected = 'P';
    this.taker.event?.(entry, bytes.subarray(start + 2, end));
  }

  private carried(log: Log, kind: string, bytes: Buffer, start: number, end: number): void {
    const where = `event ${log.tree.size}`;
    must(kind === 'P' || kind === 'R', where, 'neither its payload nor its redaction follows');
    if (kind === 'R') {
      log.redaction(bytes.toString('latin1', start + 2, end));
      this.taker.payload?.(null);
    } else {
      const salt = bytes.toString('latin1', start + 2, start + 26);
      log.payload(bytes, start, end);
      this.taker.payload?.({ salt, payload: bytes.toString('utf8', start + 27, end) });
    }
    this.expected = 'any';
    if (this.filled.length === 0) this.earlierCheckpoint(log);
  }

  private fullTile(kind: string, text: string): void {
    const [tile, ...others] = this.filled;
    if (tile === undefined) return;
    sameTile(tile, kind, text);
    this.taker.tile?.(tile);
    this.filled = others;
    if (others.length === 0 && this.log !== null) this.earlierCheckpoint(this.log);
  }

  private earlierCheckpoint(log: Log): void {
    if (this.keys?.sinceSize === log.tree.size) this.keys.checkSince(log.tree.root());
  }

  private checkpoint(log: Log, text: string): void {
    const { size } = log.tree;
    must(this.checkpointAt < size, `checkpoint ${size}`, 'is there twice');
    const note = parse(text, `checkpoint ${size}`);
    must(
      typeof note === 'string' && JSON.stringify(note) === text,
      `checkpoint ${size}`,
      'is not in canonical JSON',
    );
    this.doubt ??= this.keys?.check(note, size, log.tree.root()) ?? null;
    this.checkpointAt = size;
    this.taker.checkpoint?.(size, note, this.keys?.text ?? '');
  }

  private endOfEvents(head: Head, log: Log): Tail {
    must(
      this.checkpointAt === head.size,
      `checkpoint ${head.size}`,
      'is missing: nothing signed covers the whole',
    );
    must(
      head.recordedAt === log.lastInstant,
      'the dossier',
      'its head was not recorded when its last event was',
    );
    log.finish();
    this.keys?.finish(head.size);
    this.tail = new Tail(head, log, this.taker);
    return this.tail;
  }
}
