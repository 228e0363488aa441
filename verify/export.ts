import { canonicalObject, parse } from './canonical.js';
import { Keys, type Trust } from './keys.js';
import { Log } from './log.js';
import { Readers } from './readers.js';
import { AT, bufferOf, ROW, type Facts, type Line } from './slice.js';
import { cutIntoSlices } from './slices.js';
import { sameTile, Tail } from './tail.js';
import type { Head, Taker } from './taker.js';
import { HASH, WIDTH, type Tile } from './tree.js';
import { must, Wrong, WrongLeaf } from './wrong.js';

const FIRST = '# standpoint-export/1';

/** What was found right. */
export interface Checked {
  readonly head: Head;
  readonly log: Log;
  readonly keys: Keys;
  readonly histories: number;
}

/**
 * Checks an export from its first byte to its last (docs/proof.md). Rejects with the first wrong thing, the same one however many other threads
 * it is read in.
 */
export async function checkExport(
  source: AsyncIterable<Uint8Array>,
  trust: Trust,
  taker: Taker = {},
  threads = 0,
): Promise<Checked> {
  const reader = new ExportReader(trust, taker);
  const readers = new Readers(threads);
  const ahead: Promise<Facts>[] = [];
  const takeNext = async (): Promise<void> => {
    const facts = await ahead.shift();
    if (facts !== undefined) await reader.take(facts);
  };
  try {
    const { last, sha256 } = await cutIntoSlices(source, async (slice) => {
      const facts = readers.read(slice);
      facts.catch(() => undefined); // told when it is its turn
      ahead.push(facts);
      if (ahead.length > threads * SLICES_AHEAD) await takeNext();
    });
    while (ahead.length > 0) await takeNext();
    must(last.startsWith('Z '), 'the end', 'is missing: the export was cut off');
    const checked = reader.finish();
    must(last === `Z ${sha256}`, 'the end', 'its SHA-256 is not that of all lines before it');
    return checked;
  } catch (error) {
    return reader.explain(error);
  } finally {
    await readers.end();
  }
}

/** For each thread: one that it reads, and one that waits. */
const SLICES_AHEAD = 2;

class ExportReader {
  private lines = 0;
  private head: Head | null = null;
  private keys: Keys | null = null;
  private log: Log | null = null;
  private tail: Tail | null = null;
  private filled: Tile[] = [];
  private checkpointAt = 0;
  /** A checkpoint has another root: the next tile of leaves tells which event is to blame. */
  private doubt: Wrong | null = null;

  constructor(
    private readonly trust: Trust,
    private readonly taker: Taker,
  ) {}

  async take(facts: Facts): Promise<void> {
    let events = 0;
    for (const line of facts.lines) {
      this.events(facts, events, line.after);
      events = line.after;
      this.line(line);
    }
    this.events(facts, events, facts.events);
    if (facts.wrong !== null) throw new Wrong(`event ${this.nextEvent().tree.size + 1}`, facts.wrong);
    await this.taker.pause?.(this.log?.tree.size ?? 0, this.head?.size ?? 0);
  }

  explain(error: unknown): never {
    throw error instanceof WrongLeaf ? error : (this.doubt ?? error);
  }

  finish(): Checked {
    const { head, log, keys } = this;
    if (head === null || log === null || keys === null)
      throw new Wrong('the end', 'comes before the dossier');
    const left = this.filled.length > 0 || log.tree.size < head.size;
    must(!left, 'the end', `comes after event ${log.tree.size} of ${head.size}`);
    if (this.doubt !== null) throw this.doubt;
    const tail = this.tail ?? this.endOfEvents(head, log);
    tail.finish();
    return { head, log, keys, histories: tail.histories };
  }

  private readHead(kind: string, text: string): void {
    must(kind === 'D', 'line 2', 'does not tell of the dossier');
    const names = ['dossier', 'key', 'names', 'origin', 'recordedAt', 'size'];
    const head = canonicalObject(text, names, 'the dossier') as unknown as Head; // holds: checked next
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

  /** Events of a slice, up to the last one before `end`. */
  private events(facts: Facts, start: number, end: number): void {
    for (let from = start; from < end;) {
      const log = this.nextEvent();
      const { size } = log.tree;
      const stops = [
        WIDTH - (size % WIDTH),
        (this.head?.size ?? 0) - size,
        (this.keys?.sinceSize ?? 0) - size,
      ];
      const to = Math.min(end, ...stops.filter((count) => count > 0).map((count) => from + count));
      for (let row = from; row < to; row++) {
        log.take(facts, row, size + row - from + 1);
        if (this.taker.event !== undefined) this.give(facts, row);
      }
      this.lines += 2 * (to - from);
      this.filled = log.tree.add(facts.leaves.subarray(from * HASH, to * HASH));
      if (this.filled.length === 0) this.earlierCheckpoint(log);
      from = to;
    }
  }

  private give({ bytes, rows }: Facts, row: number): void {
    const part = (start: number, end: number): Buffer =>
      bufferOf(bytes).subarray(rows[row * ROW + start], rows[row * ROW + end]);
    const isRedacted = (rows[row * ROW + AT.redactedBy] ?? 0) > 0;
    this.taker.event?.(part(AT.entry, AT.entryEnd), isRedacted ? null : part(AT.carried, AT.end));
  }

  /** Makes sure that it is an event's turn. */
  private nextEvent(): Log {
    const { log, filled, head } = this;
    if (head === null || log === null) throw new Wrong('line 2', 'does not tell of the dossier');
    const [tile] = filled;
    must(tile === undefined, `tile ${tile?.level}/${tile?.index}`, 'is missing');
    must(log.tree.size < head.size, `line ${this.lines + 1}`, 'a line E is out of place');
    return log;
  }

  private line({ kind, text }: Line): void {
    const { head, log } = this;
    const where = `line ${++this.lines}`;
    if (this.lines === 1) return must(`${kind} ${text}` === FIRST, where, `is not "${FIRST}"`);
    if (this.lines === 2) return this.readHead(kind, text);
    if (head === null || log === null) throw new Wrong('line 2', 'does not tell of the dossier');
    must(kind !== '', where, 'does not tell what it is');
    if (this.tail !== null) return this.tail.line(kind, text, where);
    if (this.filled.length > 0) return this.fullTile(log, kind, text);
    if (kind === 'N' && log.tree.size > 0) return this.checkpoint(log, text);
    if (log.tree.size === head.size) return this.endOfEvents(head, log).line(kind, text, where);
    must(false, where, `is a line ${kind} where event ${log.tree.size + 1} should be`);
  }

  private fullTile(log: Log, kind: string, text: string): void {
    const [tile, ...others] = this.filled;
    if (tile === undefined) return;
    sameTile(tile, kind, text);
    this.taker.tile?.(tile);
    this.filled = others;
    if (others.length === 0) this.earlierCheckpoint(log);
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
