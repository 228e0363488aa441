import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import { hashLeaf, merkleTreeHash, tileHashes, tilesOf } from '../proof/verifier.js';
import { entriesOf, positionsOf, type Envelope } from '../positions/oracle.js';

/** Exports made by docs/proof.md alone, with none of the code that writes or checks them. */
const INSTANT = Date.parse('2025-04-22T09:00:00.000Z');

/** Numbers that look random and are the same for the same seed (Lehmer). */
export function dice(seed: number): (sides: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

export interface Key {
  readonly text: string;
  readonly line: (note: string) => string;
}

const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** An Ed25519 key of a log (C2SP signed-note). */
export function newKey(name: string): Key {
  const pair = generateKeyPairSync('ed25519');
  const bytes = Buffer.concat([
    Buffer.of(1),
    pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
  ]);
  const id = sha256(`${name}\n`, bytes).subarray(0, 4);
  return {
    text: `${name}+${id.toString('hex')}+${bytes.toString('base64')}`,
    line: (note) =>
      `\u2014 ${name} ${Buffer.concat([id, signature(note, pair.privateKey)]).toString('base64')}\n`,
  };
}

const signature = (note: string, key: KeyObject): Buffer => sign(null, Buffer.from(note), key);

/** What an event is made of; `by`: the event that redacts it. */
interface Made {
  readonly kind: string;
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
}

/** A dossier in the making. Whatever is in it can be changed before it is written down. */
export class MadeDossier {
  readonly events: (Made & { readonly id: string; version: number; recordedAt: string; salt: Buffer })[] = [];
  readonly redactedBy = new Map<number, number>();
  readonly claims: [name: string, stream: string][] = [];
  readonly kept: { key: string; sequence: number; answer: unknown }[] = [];
  readonly checkpoints = new Map<number, readonly Key[]>();
  readonly id: string;
  readonly origin: string;
  readonly first: Key;
  names: string[] = [];
  private readonly versions = new Map<string, number>();

  constructor(readonly roll: (sides: number) => number) {
    this.id = this.uuid();
    this.origin = `standpoint/dossier/${this.id}`;
    this.first = newKey(this.origin);
  }

  uuid(): string {
    const hex = this.hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  /** Answers with its sequence. */
  add(kind: string, stream: string, type: string, data: object): number {
    const version = (this.versions.get(stream) ?? 0) + 1;
    this.versions.set(stream, version);
    const recordedAt = new Date(INSTANT + 250 * Math.floor(this.events.length / 3)).toISOString();
    const salt = Buffer.from(this.hex(32), 'hex');
    this.events.push({ kind, stream, type, data, id: this.uuid(), version, recordedAt, salt });
    return this.events.length;
  }

  /** Erases payloads, by an event that says so. */
  redact(kind: string, stream: string, sequences: readonly number[]): void {
    const by = this.add(kind, stream, 'PayloadRedacted', { sequences, reason: 'a court', basis: null });
    for (const sequence of sequences) this.redactedBy.set(sequence, by);
  }

  /** The lines, without the last one. */
  lines(): string[] {
    const { events, id, origin } = this;
    const size = events.length;
    const entries = events.map((event, index) => this.entry(event, index + 1));
    const leaves = entries.map(hashLeaf);
    const tiles = tilesOf(size).map((tile) => ({ ...tile, end: (tile.index + 1) * 256 ** (tile.level + 1) }));
    const tileLine = (tile: (typeof tiles)[number]): string =>
      `T ${tile.level}/${tile.index} ${tileHashes(tile, leaves).toString('base64')}`;
    const recordedAt = events.at(-1)?.recordedAt;
    const head = { dossier: id, key: this.first.text, names: this.names, origin, recordedAt, size };
    return [
      '# standpoint-export/1',
      `D ${canonicalize(head)}`,
      ...entries.flatMap((entry, index) => [
        `E ${entry}`,
        this.carried(index + 1),
        ...tiles.filter(({ end, width }) => width === 256 && end === index + 1).map(tileLine),
        ...this.note(index + 1, leaves.slice(0, index + 1)),
      ]),
      ...tiles.filter(({ width }) => width < 256).map(tileLine),
      ...this.claims
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, stream]) => `C ${JSON.stringify(name)} ${stream}`),
      ...this.kept
        .toSorted((one, other) => (one.key < other.key ? -1 : 1))
        .map((each) => this.keptLine(each)),
      ...this.histories(),
    ];
  }

  private entry(
    { kind, stream, type, id, version, recordedAt, salt, data }: MadeDossier['events'][number],
    sequence: number,
  ): string {
    const payloadHash = sha256(salt, JSON.stringify(data)).toString('base64');
    return `${canonicalize({ causationId: null, correlationId: id, dossier: this.id, id, payloadHash, recordedAt, recordedBy: 'jürgen "j"', schemaVersion: 1, sequence, stream: `${kind}/${stream}`, streamVersion: version, type })}`;
  }

  private carried(sequence: number): string {
    const event = this.events[sequence - 1];
    const by = this.redactedBy.get(sequence);
    return by === undefined
      ? `P ${event?.salt.toString('base64')} ${JSON.stringify(event?.data)}`
      : `R ${by}`;
  }

  private note(size: number, leaves: readonly Buffer[]): string[] {
    const keys = this.checkpoints.get(size);
    const text = `${this.origin}\n${size}\n${merkleTreeHash(leaves).toString('base64')}\n`;
    return keys === undefined
      ? []
      : [`N ${JSON.stringify(`${text}\n${keys.map((key) => key.line(text)).join('')}`)}`];
  }

  private keptLine({ key, sequence, answer }: MadeDossier['kept'][number]): string {
    const recordedAt = this.events[sequence - 1]?.recordedAt;
    const fingerprint = sha256(key).toString('base64');
    return `K ${canonicalize({ answer: answer === null ? null : JSON.stringify(answer), fingerprint, key, recordedAt, sequence })}`;
  }

  private histories(): string[] {
    const gone = new Set([...this.redactedBy.keys()].map((sequence) => this.events[sequence - 1]?.stream));
    const envelopes: Envelope[] = this.events
      .map(({ stream, type, data }, index) => ({ sequence: index + 1, streamId: stream, type, data }))
      .filter(({ streamId }) => !gone.has(streamId));
    const entries = entriesOf(envelopes, Infinity);
    const pairs = [...new Set(entries.map(({ party, topic }) => `${party} ${topic}`))].toSorted();
    return pairs.flatMap((pair) => {
      const [party, topic] = pair.split(' ');
      const positions = positionsOf(
        entries.filter((each) => each.party === party && each.topic === topic),
      ).map(({ stance, conditions, from, evidence }) => ({
        stance,
        conditions,
        from: new Date(from).toISOString(),
        entries: evidence.length,
      }));
      return positions.length === 0 ? [] : [`S ${canonicalize({ party, positions, topic })}`];
    });
  }

  private hex(digits: number): string {
    return Array.from({ length: digits }, () => this.roll(16).toString(16)).join('');
  }
}

/** The lines with the one that seals them. */
export function sealed(lines: readonly string[]): Buffer {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  return Buffer.concat([bytes, Buffer.from(`Z ${sha256(bytes).toString('hex')}\n`)]);
}

const ACTS = [
  'ProposalMade',
  'OppositionExpressed',
  'ClarificationIssued',
  'OpennessDeclared',
  'ConditionSet',
];
const STANCES = ['supportive', 'opposed', null, 'open', 'supportive'];
const DATES = [
  '2025-04-21',
  '2025-04',
  '../2025-04-21',
  '2025-04-21T18:00Z',
  '2024~',
  '2025-04-20T18:00:00.5+02:00',
  '2025-04-19/2025-04-20',
];

/** A dossier with some of everything: 300 events, corrections, voidings, an assessment, redactions, a replaced key. */
export function makeDossier(roll: (sides: number) => number): MadeDossier & { readonly second: Key } {
  const made = new MadeDossier(roll);
  const second = newKey(made.origin);
  made.names = ['key/opening', 'slug/talks'];
  made.add('dossier', made.id, 'DossierOpened', { slug: 'talks', title: 'Talks', description: null });
  made.kept.push({ key: 'opening', sequence: 1, answer: { id: made.id, sequence: 0, recordedAt: 'x' } });
  const thing = (kind: string, type: string, slug: string | null): string => {
    const stream = made.uuid();
    if (slug !== null) made.claims.push([`${kind}/${slug}`, stream]);
    made.add(kind, stream, type, { slug, name: 'A "name" — Київ' });
    return stream;
  };
  const parties = ['kyiv', 'moscow', null].map((slug) => thing('party', 'PartyAdded', slug));
  const topics = ['strikes', 'truce'].map((slug) => thing('topic', 'TopicAdded', slug));
  const statements: string[] = [];
  while (made.events.length < 292) {
    const stream = made.uuid();
    const party = parties[roll(3)];
    const topic = roll(8) === 0 ? null : topics[roll(2)];
    const old = statements[roll(statements.length || 1)];
    const which = roll(ACTS.length);
    const conditions = ACTS[which] === 'ConditionSet' ? ['if they stop', `if ${roll(3)}`] : [];
    const saidAt = DATES[roll(DATES.length)];
    const resolved = { party, topic, stance: STANCES[which], conditions };
    const kind = roll(12);
    if (kind === 0 && old !== undefined) made.add('statement', old, 'RecordVoided', { reason: 'a slip' });
    else if (kind === 1 && old !== undefined)
      made.add('statement', old, 'RecordRestored', { reason: 'none' });
    else if (kind === 2 && old !== undefined)
      made.add('statement', old, 'RecordCorrected', {
        changes: {
          saidAt: { from: '2020', to: saidAt },
          stance: { from: null, to: 'skeptical' },
          conditions: { from: [], to: conditions },
        },
        reason: 'a slip',
        resolved: { ...resolved, stance: 'skeptical' },
        anchor: null,
      });
    else if (kind === 3)
      made.add('assessment', stream, 'PositionAssessed', {
        party,
        topic: topics[0],
        stance: 'skeptical',
        conditions: [],
        asOf: '2025-04-22',
        basis: [],
        rationale: 'so',
      });
    else {
      const slug = roll(4) === 0 ? `s-${made.events.length}` : null;
      const sequence = made.add('statement', stream, ACTS[which] ?? '', {
        slug,
        stated: { ...resolved, saidAt, summary: 'They said so. \u2028' },
        resolved,
        anchor: null,
      });
      if (slug !== null) made.claims.push([`statement/${slug}`, stream]);
      if (slug !== null)
        made.kept.push({ key: `k-${sequence}`, sequence, answer: { id: stream, sequence: 0 } });
      statements.push(stream);
    }
    if (made.events.length === 150)
      made.add('ledger', made.uuid(), 'LedgerKeyRotated', {
        from: made.first.text,
        to: second.text,
        reason: 'it is time',
      });
  }
  for (const stream of statements.slice(3, 5)) {
    const sequences = made.events.flatMap((event, index) => (event.stream === stream ? [index + 1] : []));
    made.redact('statement', stream, sequences.slice(0, 2));
    const answer = made.kept.find(({ sequence }) => sequences.includes(sequence));
    if (answer !== undefined) answer.answer = null;
  }
  while (made.events.length < 300) made.add('dossier', made.id, 'SomethingNew', {});
  for (const size of [1, 100, 149]) made.checkpoints.set(size, [made.first]);
  made.checkpoints.set(200, [made.first, second]);
  for (const size of [256, 257, 300]) made.checkpoints.set(size, [second]);
  return Object.assign(made, { second });
}
