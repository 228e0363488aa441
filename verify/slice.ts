import { hash } from 'node:crypto';
import { isObject, parse, type Fields } from './canonical.js';
import { readEntry, type Entry } from './entry.js';
import { readUuid, Texts } from './ids.js';
import { saidOf } from './said.js';
import { HASH } from './tree.js';
import { must, Wrong } from './wrong.js';

/**
 * What a slice of an export says, each line checked as far as it can be by itself. It goes from one thread to another, so it is made of numbers
 * and hashes in rows, which cost nothing to send.
 */
export interface Facts {
  /** The slice itself. */
  readonly bytes: Uint8Array;
  readonly events: number;
  /** For each event `ROW` numbers, at the places of `AT`. */
  readonly rows: Float64Array;
  /** For each event 32 bytes. */
  readonly leaves: Uint8Array;
  /** What rows name by its number; 0 is none. */
  readonly texts: readonly string[];
  readonly lines: readonly Line[];
  /** What is wrong with the event that follows these, where something is. */
  readonly wrong: string | null;
}

/** A line that is not of an event. */
export interface Line {
  /** How many events of the slice come before it. */
  readonly after: number;
  readonly kind: string;
  readonly text: string;
}

/** The places of a row. */
export const AT = {
  sequence: 0,
  version: 1,
  recordedAt: 2,
  /** Four integers. */
  stream: 3,
  /** Where its entry begins and ends, and where the salt and payload do, or the number of the event that redacts it. */
  entry: 7,
  entryEnd: 8,
  carried: 9,
  end: 10,
  /** The event that redacts it; 0 where its payload is there. */
  redactedBy: 11,
  /** One of `DOES`. */
  does: 12,
  /** By its place among STANCES. */
  stance: 13,
  /** Said-order's key. */
  said: 14,
  // what follows are numbers of texts
  dossier: 15,
  kind: 16,
  type: 17,
  /** The digest of the name that it claims for its stream. */
  claim: 18,
  /** The payload, of an event about the log. */
  data: 19,
  party: 20,
  topic: 21,
  conditions: 22,
} as const;
export const ROW = 23;

/** What an event does to a record that positions follow from. */
export const DOES = { nothing: 0, begin: 1, correct: 2, void: 3, restore: 4 } as const;
/** Stands for what a correction leaves as it was: among numbers of texts, and among instants. */
export const KEPT = -1;
export const KEPT_SAID = Infinity;
/** In the order of the scale; the first stands for none. */
export const STANCES = ['', 'opposed', 'skeptical', 'noncommittal', 'open', 'supportive'];

export const REDACTING = 'PayloadRedacted';
export const ROTATING = 'LedgerKeyRotated';
export const OPENING = 'DossierOpened';
const ABOUT_THE_LOG = new Set([REDACTING, ROTATING, OPENING]);

const [LF, BLANK, LETTER_E, LETTER_P, LETTER_R] = [0x0a, 0x20, 0x45, 0x50, 0x52];
const SALT = /^[A-Za-z0-9+/]{21}[AQgw]== $/;
const SALT_LENGTH = 24;
const RAW_SALT = 16;
/** Bytes of the shortest lines that are of an event. */
const LEAST = 400;

/** Reads lines that each end with LF; both lines of an event are in the same slice. */
export function readSlice(bytes: Uint8Array): Facts {
  return new Slice(bufferOf(bytes)).read();
}

/** The same memory: what comes from another thread is no Buffer any more. */
export function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

class Slice {
  private events = 0;
  private readonly rows: Float64Array;
  private readonly leaves: Buffer;
  private readonly texts = new Texts();
  private readonly lines: Line[] = [];
  /** Of the last event: many are recorded at one. */
  private instant = { text: '', milliseconds: 0 };

  constructor(private readonly bytes: Buffer) {
    const most = Math.ceil(bytes.length / LEAST);
    this.rows = new Float64Array(most * ROW);
    this.leaves = Buffer.alloc(most * HASH);
  }

  read(): Facts {
    const wrong = this.firstWrong();
    const { bytes, events, rows, leaves, lines } = this;
    return { bytes, events, rows, leaves, texts: this.texts.all(), lines, wrong };
  }

  private firstWrong(): string | null {
    const { bytes } = this;
    try {
      for (let start = 0; start < bytes.length;) {
        const end = bytes.indexOf(LF, start);
        if (bytes[start] === LETTER_E && bytes[start + 1] === BLANK) start = this.event(start + 2, end);
        else start = this.other(start, end);
      }
      return null;
    } catch (error) {
      if (error instanceof Wrong) return error.what;
      throw error;
    }
  }

  /** Answers, as `event` does, with where the next line starts. */
  private other(start: number, end: number): number {
    const kind = this.bytes[start + 1] === BLANK ? this.bytes.toString('latin1', start, start + 1) : '';
    const text = this.bytes.toString('utf8', start + (kind === '' ? 0 : 2), end);
    this.lines.push({ after: this.events, kind, text });
    return end + 1;
  }

  private event(start: number, entryEnd: number): number {
    const { bytes } = this;
    const entry = readEntry(bytes.toString('latin1', start, entryEnd));
    const [carried, end] = [entryEnd + 3, bytes.indexOf(LF, entryEnd + 1)];
    const letter = end > carried && bytes[carried - 1] === BLANK ? bytes[carried - 2] : LF;
    must(letter === LETTER_P || letter === LETTER_R, '', 'neither its payload nor its redaction follows');
    this.put(AT.entry, start);
    this.put(AT.entryEnd, entryEnd);
    this.put(AT.carried, carried);
    this.put(AT.end, end);
    this.entry(entry);
    this.leaf(start, entryEnd);
    if (letter === LETTER_P) this.payload(entry, carried, end);
    else this.redaction(bytes.toString('latin1', carried, end));
    this.events++;
    return end + 1;
  }

  private entry(entry: Entry): void {
    if (entry.recordedAt !== this.instant.text) this.instant = readInstant(entry.recordedAt);
    this.put(AT.sequence, entry.sequence);
    this.put(AT.version, entry.streamVersion);
    this.put(AT.recordedAt, this.instant.milliseconds);
    readUuid(entry.stream, this.rows, this.events * ROW + AT.stream);
    this.put(AT.dossier, this.texts.number(entry.dossier));
    this.put(AT.kind, this.texts.number(entry.kind));
    this.put(AT.type, this.texts.number(entry.type));
  }

  /** In place: 0x00 is written over the blank before the entry for as long as that takes. */
  private leaf(start: number, end: number): void {
    const { bytes } = this;
    bytes[start - 1] = 0x00;
    const leaf = hash('sha256', bytes.subarray(start - 1, end), 'binary');
    bytes[start - 1] = BLANK;
    this.leaves.write(leaf, this.events * HASH, 'latin1');
  }

  private redaction(by: string): void {
    must(/^[1-9]\d{0,14}$/.test(by), '', 'is not said to be redacted by a later event');
    this.put(AT.redactedBy, Number(by));
  }

  /** In place as well: the bytes of the salt are written in front of the payload, over a part of its text. */
  private payload(entry: Entry, start: number, end: number): void {
    const { bytes } = this;
    const payload = start + SALT_LENGTH + 1;
    const salt = bytes.toString('latin1', start, Math.min(payload, end));
    must(payload < end && SALT.test(salt), '', 'its payload has no salt of 16 bytes in base64');
    bytes.write(salt, payload - RAW_SALT, RAW_SALT, 'base64');
    const digest = hash('sha256', bytes.subarray(payload - RAW_SALT, end), 'base64');
    bytes.write(salt, start, 'latin1');
    must(digest === entry.payloadHash, '', 'its payload and salt are not what its entry commits to');
    this.content(entry, payload, end);
  }

  /** Reads of a payload what something else depends on. */
  private content(
    { kind, schemaVersion, streamVersion, stream, type }: Entry,
    start: number,
    end: number,
  ): void {
    const isRecord = (kind === 'statement' || kind === 'assessment') && schemaVersion === 1;
    const isAboutTheLog = ABOUT_THE_LOG.has(type);
    if (!isRecord && !isAboutTheLog && streamVersion > 1) return;
    const text = this.bytes.toString('utf8', start, end);
    const data = parse(text, '');
    if (isAboutTheLog) this.put(AT.data, this.texts.number(text));
    if (streamVersion === 1 && isObject(data) && typeof data.slug === 'string')
      this.put(AT.claim, this.texts.number(digestOf(`${kind}/${data.slug}`, stream)));
    if (!isRecord) return;
    must(isObject(data), '', 'its payload is no object');
    if (type === 'RecordVoided') this.put(AT.does, DOES.void);
    else if (type === 'RecordRestored') this.put(AT.does, DOES.restore);
    else if (type === 'RecordCorrected') this.correction(kind, data);
    else if (kind === 'statement' && isObject(data.stated))
      this.says(DOES.begin, object(data.resolved), data.stated.saidAt);
    else if (type === 'PositionAssessed') this.says(DOES.begin, data, data.asOf);
  }

  private correction(kind: string, data: Fields): void {
    const changes = Object.entries(object(data.changes)).map(([name, change]) => [name, object(change).to]);
    const { saidAt, asOf = saidAt, ...others } = Object.fromEntries(changes) as Fields;
    this.says(DOES.correct, kind === 'statement' ? object(data.resolved) : others, asOf);
  }

  private says(does: number, { party, topic, stance, conditions }: Fields, said: unknown): void {
    this.put(AT.does, does);
    this.put(AT.party, this.numberOf(party));
    this.put(AT.topic, this.numberOf(topic));
    this.put(AT.conditions, this.numberOf(conditions && JSON.stringify(conditions)));
    this.put(AT.said, said === undefined ? KEPT_SAID : instantOf(String(said)));
    this.put(AT.stance, stance === undefined ? KEPT : Math.max(0, STANCES.indexOf(String(stance))));
  }

  private put(place: number, value: number): void {
    this.rows[this.events * ROW + place] = value;
  }

  private numberOf(value: unknown): number {
    if (value === undefined) return KEPT;
    return typeof value === 'string' ? this.texts.number(value) : 0;
  }
}

/** Of the name that a stream claims, as hexadecimal digits: 128 bits of the SHA-256 of both. */
export function digestOf(name: string, stream: string): string {
  return hash('sha256', `${name} ${stream}`, 'hex').slice(0, 32);
}

function readInstant(text: string): { text: string; milliseconds: number } {
  const milliseconds = Date.parse(text);
  const isRight = !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString() === text;
  must(isRight, '', 'its recordedAt is no instant');
  return { text, milliseconds };
}

function instantOf(said: string): number {
  const instant = saidOf(said);
  must(!Number.isNaN(instant), '', `${said} is no EDTF level 1 date`);
  return instant;
}

function object(value: unknown): Fields {
  return isObject(value) ? value : {};
}
