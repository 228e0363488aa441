import { isObject, parse } from './canonical.js';
import { isUuid } from './entry.js';
import { Positions } from './fold.js';
import { bytes, Ids, instants, integers, Texts } from './ids.js';
import type { Keys } from './keys.js';
import { AT, digestOf, OPENING, REDACTING, ROTATING, ROW, type Facts } from './slice.js';
import { Tree } from './tree.js';
import { must, Wrong } from './wrong.js';

/** The events of an export in their order, and the tree over them: about a hundred bytes for each. */
export class Log {
  readonly streams = new Ids();
  readonly positions = new Positions();
  readonly tree = new Tree();
  /** The streams that have claimed names and were not confirmed yet, by the digests of both. */
  private readonly claims = new Map<string, number>();
  /** The slug of the dossier; null where it has none or its first payload is gone. */
  slug: string | null = null;
  /** Of which streams a payload is gone. */
  private readonly lost = bytes();
  private readonly versions = integers();
  private readonly kinds = bytes();
  private readonly kindNames = new Texts();
  private readonly recordedAt = instants();
  private readonly streamOf = integers();
  private readonly redacted = new Set<number>();
  /** By the event that is said to have redacted them. */
  private readonly unjustified = new Map<number, number[]>();
  private last = -Infinity;

  constructor(
    private readonly dossier: string,
    private readonly keys: Keys,
  ) {}

  get lastInstant(): string {
    return new Date(this.last).toISOString();
  }

  /** The next event, which is this row of a slice. What is wrong is put into words only where it is: this is done for each event. */
  take(facts: Facts, row: number, sequence: number): void {
    const { rows, texts } = facts;
    const at = (place: number): number => rows[row * ROW + place] ?? 0;
    const text = (place: number): string => texts[at(place)] ?? '';
    const wrong = (what: string): Wrong => new Wrong(`event ${sequence}`, what);
    if (at(AT.sequence) !== sequence) throw wrong(`its entry says ${at(AT.sequence)}`);
    if (text(AT.dossier) !== this.dossier) throw wrong('is of another dossier');
    if (at(AT.recordedAt) < this.last) throw wrong('was recorded before the event before it');
    this.last = at(AT.recordedAt);
    this.recordedAt.set(sequence, this.last);
    const stream = this.streams.number(rows, row * ROW + AT.stream);
    this.streamOf.set(sequence, stream);
    const next = this.versions.get(stream) + 1;
    this.versions.set(stream, next);
    const kind = this.kindNames.number(text(AT.kind));
    if (next === 1) this.kinds.set(stream, kind);
    if (this.kinds.get(stream) !== kind) throw wrong('its stream was one of another kind');
    if (at(AT.version) !== next)
      throw wrong(`has version ${at(AT.version)} of its stream instead of ${next}`);
    if (at(AT.redactedBy) > 0) this.lose(sequence, stream, text(AT.type), at(AT.redactedBy));
    if (at(AT.data) > 0) this.aboutTheLog(text(AT.type), text(AT.data), sequence);
    if (at(AT.claim) > 0 && sequence > 1) this.claims.set(text(AT.claim), stream);
    this.positions.take(facts, row, stream);
    const gone = this.unjustified.get(sequence);
    if (gone !== undefined) throw wrong(`does not redact event ${gone[0]}, whose payload is gone`);
  }

  /** After the last event. */
  finish(): void {
    for (const [by, [first]] of this.unjustified)
      throw new Wrong(
        `event ${first}`,
        `its payload is gone, and event ${by}, which is said to redact it, does not`,
      );
  }

  /** Whether the stream has claimed the name, and this is the first time that it is asked. */
  confirm(name: string, stream: string): boolean {
    return this.claims.delete(digestOf(name, stream));
  }

  /** The stream of a claim that was made and not confirmed; null if there is none. */
  unconfirmed(): string | null {
    for (const stream of this.claims.values()) return this.streams.text(stream);
    return null;
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

  /** Whether the event is of the stream. */
  isOf(sequence: number, stream: string): boolean {
    return isUuid(stream) && this.streams.find(stream) === this.streamOf.get(sequence);
  }

  private lose(sequence: number, stream: number, type: string, by: number): void {
    const where = `event ${sequence}`;
    must(by > sequence, where, 'is not said to be redacted by a later event');
    must(type !== REDACTING && type !== ROTATING, where, `is of type ${type}, which is never redacted`);
    this.redacted.add(sequence);
    this.unjustified.set(by, [...(this.unjustified.get(by) ?? []), sequence]);
    this.positions.redact(stream);
    this.lost.set(stream, 1);
  }

  private aboutTheLog(type: string, payload: string, sequence: number): void {
    const where = `event ${sequence}`;
    const data = parse(payload, where);
    if (type === REDACTING) this.redact(data, where, sequence);
    if (type === ROTATING) this.keys.rotate(data, where);
    if (type === OPENING && sequence === 1 && isObject(data) && typeof data.slug === 'string')
      this.slug = data.slug;
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
