import { canonicalObject, isObject, parse } from './canonical.js';
import { isUuid } from './entry.js';
import { historyLine, type Pair } from './fold.js';
import type { Log } from './log.js';
import type { Head, KeptAnswer, Taker } from './taker.js';
import { HASH, WIDTH, type Tile } from './tree.js';
import { must, WrongLeaf } from './wrong.js';

const ORDER = 'TCKSZ';

/** What follows the events of an export: partial tiles, claims, kept answers, histories, in this order. */
export class Tail {
  private stage = 0;
  private readonly tiles: Tile[];
  private lastName = Buffer.alloc(0);
  private lastKey = Buffer.alloc(0);
  private openingKey: string | null = null;
  private readonly pairs: Iterator<Pair, undefined>;
  histories = 0;

  constructor(
    private readonly head: Head,
    private readonly log: Log,
    private readonly taker: Taker,
  ) {
    this.tiles = log.tree.partialTiles();
    this.pairs = log.positions.pairs();
  }

  line(kind: string, text: string, where: string): void {
    const stage = ORDER.indexOf(kind);
    must(stage >= this.stage, where, `a line ${kind} is out of place`);
    this.reach(stage);
    if (kind === 'T') this.tile(text, where);
    if (kind === 'C') this.claim(text, where);
    if (kind === 'K') this.kept(text, where);
    if (kind === 'S') this.history(text, where);
  }

  finish(): void {
    this.reach(ORDER.length - 1);
  }

  /** Everything of the stages before must have been there. */
  private reach(stage: number): void {
    for (; this.stage < stage; this.stage++) {
      const over = ORDER[this.stage];
      const [tile] = this.tiles;
      if (over === 'T') must(tile === undefined, `tile ${tile?.level}/${tile?.index}`, 'is missing');
      if (over === 'C') this.allClaimed();
      if (over === 'K') this.sameNames();
      if (over === 'S') this.noPairLeft();
    }
  }

  private tile(text: string, where: string): void {
    const tile = this.tiles.shift();
    must(tile !== undefined, where, 'a tile too many');
    sameTile(tile, 'T', text);
    this.taker.tile?.(tile);
  }

  private claim(text: string, where: string): void {
    const stream = text.slice(-36);
    const json = text.slice(0, -37);
    const name = parse(json, where);
    must(
      typeof name === 'string' && isUuid(stream) && `${JSON.stringify(name)} ${stream}` === text,
      where,
      'is not in the form of docs/proof.md',
    );
    const claim = `claim ${json}`;
    const bytes = Buffer.from(name);
    must(Buffer.compare(this.lastName, bytes) < 0, claim, 'is out of order');
    this.lastName = bytes;
    must(this.log.confirm(name, stream) || this.log.isLost(stream), claim, `was not made by ${stream}`);
    this.taker.claim?.(name, stream);
  }

  private allClaimed(): void {
    const stream = this.log.unconfirmed();
    must(stream === null, `the claim of ${stream}`, 'is missing');
  }

  private kept(text: string, where: string): void {
    const names = ['answer', 'fingerprint', 'key', 'recordedAt', 'sequence'];
    const kept = canonicalObject(text, names, where) as unknown as KeptAnswer; // holds: checked next
    const { answer, fingerprint, key, recordedAt, sequence } = kept;
    const named = `the answer to key ${JSON.stringify(key)}`;
    must(typeof key === 'string' && typeof fingerprint === 'string', where, 'has no key or no fingerprint');
    must(Buffer.from(fingerprint, 'base64').length === 32, named, 'its fingerprint is no SHA-256');
    const bytes = Buffer.from(key);
    must(Buffer.compare(this.lastKey, bytes) < 0, named, 'is out of order');
    this.lastKey = bytes;
    must(
      Number.isSafeInteger(sequence) && sequence > 0 && sequence <= this.head.size,
      named,
      'is about no event',
    );
    must(
      recordedAt === this.log.instantOf(sequence),
      named,
      `was not given when event ${sequence} was recorded`,
    );
    if (answer === null) must(this.log.redactions > 0, named, 'is gone, though nothing was redacted');
    else this.aboutItsEvents(answer, sequence, named);
    if (sequence === 1) this.openingKey = key;
    this.taker.key?.(kept);
  }

  /** An answer counts its sequences from 0, and names the stream of one of the events which it was given for. */
  private aboutItsEvents(text: unknown, first: number, named: string): void {
    const answer = typeof text === 'string' ? parse(text, named) : null;
    must(isObject(answer) && typeof answer.sequence === 'number', named, 'is none');
    const last = first + answer.sequence;
    must(last >= first && last <= this.head.size, named, 'is about events that are not there');
    if (typeof answer.id !== 'string') return;
    for (let sequence = first; sequence <= last; sequence++) if (this.log.isOf(sequence, answer.id)) return;
    must(false, named, `is about ${answer.id}, which is not what event ${first} is about`);
  }

  /** What the dossier bears among all dossiers: its slug, and the key that it was opened with. */
  private sameNames(): void {
    const { slug } = this.log;
    const names = [
      this.openingKey === null ? [] : `key/${this.openingKey}`,
      slug === null ? [] : `slug/${slug}`,
    ].flat();
    must(
      this.log.isRedacted(1) || JSON.stringify(this.head.names) === JSON.stringify(names),
      'the dossier',
      'its names are not those that it was opened with',
    );
  }

  private history(text: string, where: string): void {
    const { value: pair } = this.pairs.next();
    must(pair !== undefined, where, 'serves positions for which there are no statements');
    must(
      text === historyLine(pair),
      `the positions of ${pair.party} on ${pair.topic}`,
      'are not what follows from the events',
    );
    this.histories++;
  }

  private noPairLeft(): void {
    const { value: pair } = this.pairs.next();
    must(pair === undefined, `the positions of ${pair?.party} on ${pair?.topic}`, 'are missing');
  }
}

/** A `T` line is to be this tile. */
export function sameTile({ level, index, hashes }: Tile, kind: string, text: string): void {
  const where = `tile ${level}/${index}`;
  must(kind === 'T', where, 'is missing');
  const [place, base64, ...rest] = text.split(' ');
  must(
    place === `${level}/${index}` && rest.length === 0,
    where,
    `is missing: there is ${text.slice(0, 40)}`,
  );
  if (base64 === hashes.toString('base64')) return;
  const other = Buffer.from(base64 ?? '', 'base64');
  const leaf = level === 0 && other.length === hashes.length ? firstDifference(hashes, other) : null;
  if (leaf !== null) throw new WrongLeaf(index * WIDTH + leaf + 1, where);
  must(false, where, 'its hashes are not those of the events');
}

function firstDifference(one: Buffer, other: Buffer): number {
  return Math.floor(one.findIndex((byte, at) => byte !== other[at]) / HASH);
}
