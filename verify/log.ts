import { hash } from 'node:crypto';
import { isObject, parse } from './canonical.js';
import { readEntry, type Entry } from './entry.js';
import { Claims } from './claims.js';
import { Positions } from './fold.js';
import type { Keys } from './keys.js';
import { bytes, instants, integers, Ids } from './streams.js';
import { Tree, type Tile } from './tree.js';
import { must, Wrong } from './wrong.js';

const SALT = /^[A-Za-z0-9+/]{21}[AQgw]==$/;
/** Two characters and a space before an entry; the same, 24 of the salt and a space before a payload. */
const BEFORE_ENTRY = 2;
const SALT_LENGTH = 24;
const BEFORE_PAYLOAD = BEFORE_ENTRY + SALT_LENGTH + 1;
const RAW_SALT = 16;

export const REDACTING = 'PayloadRedacted';
const ROTATING = 'LedgerKeyRotated';
const OPENING = 'DossierOpened';

/** The events of an export, their payloads and the tree over them. */
export class Log {
  readonly streams = new Ids();
  readonly positions = new Positions(this.streams);
  readonly tree = new Tree();
  /** The slug of the dossier; null where it has none or its first payload is gone. */
  slug: string | null = null;
  readonly claims = new Claims(this.streams);
  /** Of which streams a payload is gone. */
  private readonly lost = bytes();
  private readonly versions = integers();
  private readonly kinds = bytes();
  private readonly kindNames: string[] = [];
  private readonly recordedAt = instants();
  private readonly streamOf = integers();
  private readonly redacted = new Map<number, number>();
  /** By the event that is said to have redacted them. */
  private readonly unjustified = new Map<number, number[]>();
  private last: { entry: Entry; stream: number } | null = null;
  private lastRecordedAt = '';
  private lastMilliseconds = 0;

  constructor(
    private readonly dossier: string,
    private readonly keys: Keys,
  ) {}

  get lastInstant(): string {
    return this.lastRecordedAt;
  }

  /** An `E` line. Answers with the tiles that it fills. */
  entry(line: Buffer, start: number, end: number): { entry: Entry; filled: Tile[] } {
    const sequence = this.tree.size + 1;
    const where = `event ${sequence}`;
    const entry = readEntry(line.toString('latin1', start + BEFORE_ENTRY, end), where);
    must(entry.sequence === sequence, where, `its entry says ${entry.sequence}`);
    must(entry.dossier === this.dossier, where, 'is of another dossier');
    if (entry.recordedAt !== this.lastRecordedAt) this.advance(entry.recordedAt, where);
    this.recordedAt.set(sequence, this.lastMilliseconds);
    this.last = { entry, stream: this.stream(entry, where) };
    this.streamOf.set(sequence, this.last.stream);
    line[start + BEFORE_ENTRY - 1] = 0x00; // what precedes a leaf, in place of the blank
    const filled = this.tree.add(hash('sha256', line.subarray(start + BEFORE_ENTRY - 1, end), 'binary'));
    return { entry, filled };
  }

  /** A `P` line. Answers with its payload where it was read. */
  payload(line: Buffer, start: number, end: number): void {
    const where = `event ${this.tree.size}`;
    const payload = start + BEFORE_PAYLOAD;
    must(payload < end && line[payload - 1] === 0x20, where, 'its payload has no salt');
    const salt = line.toString('latin1', start + BEFORE_ENTRY, payload - 1);
    must(SALT.test(salt), where, 'its salt is not 16 bytes in base64');
    line.write(salt, payload - RAW_SALT, RAW_SALT, 'base64'); // in front of the payload, in place of its text
    const digest = hash('sha256', line.subarray(payload - RAW_SALT, end), 'base64');
    const { entry, stream } = this.latest(where);
    must(digest === entry.payloadHash, where, 'its payload and salt are not what its entry commits to');
    this.read(entry, stream, line, payload, end, where);
    must(
      !this.unjustified.has(entry.sequence),
      where,
      `does not redact event ${this.unjustified.get(entry.sequence)?.[0]}, whose payload is gone`,
    );
  }

  /** An `R` line. */
  redaction(text: string): void {
    const where = `event ${this.tree.size}`;
    const by = Number(text);
    must(
      /^[1-9]\d{0,14}$/.test(text) && by > this.tree.size,
      where,
      'is not said to be redacted by a later event',
    );
    const { entry, stream } = this.latest(where);
    must(
      entry.type !== REDACTING && entry.type !== ROTATING,
      where,
      `is of type ${entry.type}, which is never redacted`,
    );
    this.redacted.set(entry.sequence, by);
    this.unjustified.set(by, [...(this.unjustified.get(by) ?? []), entry.sequence]);
    this.positions.redact(stream);
    this.lost.set(stream, 1);
    must(
      !this.unjustified.has(entry.sequence),
      where,
      'is said to redact another event, and is redacted itself',
    );
  }

  /** After the last event. */
  finish(): void {
    for (const [by, [first]] of this.unjustified)
      throw new Wrong(
        `event ${first}`,
        `its payload is gone, and event ${by}, which is said to redact it, does not`,
      );
  }

  isRedacted(sequence: number): boolean {
    return this.redacted.has(sequence);
  }

  /** Whether a payload of the stream is gone. */
  isLost(stream: string): boolean {
    const number = this.streams.find(stream);
    return number !== null && this.lost.get(number) === 1;
  }

  get redactions(): number {
    return this.redacted.size;
  }

  instantOf(sequence: number): string {
    return new Date(this.recordedAt.get(sequence)).toISOString();
  }

  streamOfEvent(sequence: number): string {
    return this.streams.text(this.streamOf.get(sequence));
  }

  private latest(where: string): { entry: Entry; stream: number } {
    must(this.last !== null, where, 'there is no entry for this line');
    return this.last;
  }

  private advance(recordedAt: string, where: string): void {
    const instant = Date.parse(recordedAt);
    must(
      !Number.isNaN(instant) && new Date(instant).toISOString() === recordedAt,
      where,
      'its recordedAt is no instant',
    );
    must(recordedAt > this.lastRecordedAt, where, 'was recorded before the event before it');
    this.lastRecordedAt = recordedAt;
    this.lastMilliseconds = instant;
  }

  private stream({ kind, stream, streamVersion }: Entry, where: string): number {
    const before = this.streams.size;
    const number = this.streams.number(stream);
    if (number === before) this.kinds.set(number, this.kindNumber(kind));
    else must(this.kindNames[this.kinds.get(number)] === kind, where, `its stream was one of another kind`);
    const next = this.versions.get(number) + 1;
    must(streamVersion === next, where, `has version ${streamVersion} of its stream instead of ${next}`);
    this.versions.set(number, next);
    return number;
  }

  private kindNumber(kind: string): number {
    const known = this.kindNames.indexOf(kind);
    return known === -1 ? this.kindNames.push(kind) - 1 : known;
  }

  private read(entry: Entry, stream: number, line: Buffer, start: number, end: number, where: string): void {
    const { type, streamVersion, kind, sequence } = entry;
    const concerns = Positions.concerns(entry);
    if (!concerns && streamVersion > 1 && type !== REDACTING && type !== ROTATING) return;
    const data = parse(line.toString('utf8', start, end), where);
    if (concerns) this.positions.take(stream, entry, data, where);
    if (streamVersion === 1 && isObject(data) && typeof data.slug === 'string') {
      if (type === OPENING && sequence === 1) this.slug = data.slug;
      else this.claims.make(`${kind}/${data.slug}`, stream);
    }
    if (type === REDACTING) this.redact(data, where, sequence);
    if (type === ROTATING) this.keys.rotate(data, where);
  }

  private redact(data: unknown, where: string, sequence: number): void {
    const named = isObject(data) && Array.isArray(data.sequences) ? (data.sequences as unknown[]) : [];
    for (const each of named)
      must(
        typeof each === 'number' && this.redacted.has(each),
        where,
        `redacts event ${String(each)}, whose payload is still there`,
      );
    const left = (this.unjustified.get(sequence) ?? []).filter((each) => !named.includes(each));
    if (left.length === 0) this.unjustified.delete(sequence);
    else this.unjustified.set(sequence, left);
  }
}
