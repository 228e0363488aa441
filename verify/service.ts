import { createHash, type Hash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { isObject, parse, type Fields } from './canonical.js';
import { checkExport, type Checked } from './export.js';
import type { Trust } from './keys.js';
import { isSignedBy, readCheckpoint, readKey } from './note.js';
import { HASH, WIDTH, type Tree } from './tree.js';
import { must } from './wrong.js';

type Progress = (doing: string, done: number, total: number) => void;

/** Later than anything may have been said. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';
const PAIRS_AT_ONCE = 1_000;

/** Checks the export that a service gives of a dossier, and then that what it serves besides is the same. */
export async function checkService(
  address: string,
  token: string | undefined,
  trust: Trust,
  progress: Progress,
): Promise<Checked> {
  const service = new Service(address.replace(/\/+$/, ''), token);
  const tiles = new Map<string, string>();
  const bundles = new Bundles();
  const checked = await checkExport(await service.stream('/export'), trust, {
    event: (entry) => bundles.add(entry),
    tile: ({ level, index, hashes }) =>
      tiles.set(tilePath(String(level), index, hashes.length / HASH), sha256(hashes)),
    pause: (done, total) => progress('Events', done, total),
  });
  await checkCheckpoint(service, checked);
  const all = [...tiles, ...bundles.finish()];
  for (const [done, [path, digest]] of all.entries()) {
    progress('Tiles', done, all.length);
    must(
      sha256(await service.bytes(`/ledger/${path}`)) === digest,
      path,
      'is served otherwise than exported',
    );
  }
  await checkPositions(service, checked, progress);
  return checked;
}

/** The checkpoint that is served covers the export, and more where events were recorded meanwhile: then the leaves that are served for them lead to its root. */
async function checkCheckpoint(service: Service, { head, log, keys }: Checked): Promise<void> {
  const checkpoint = readCheckpoint(await service.text('/ledger/checkpoint'), 'the served checkpoint');
  const key = readKey((await service.text('/ledger/key')).trim(), 'the served key');
  must(key.text === keys.text || checkpoint.size > head.size, 'the served key', 'is not the one in force');
  must(checkpoint.origin === head.origin, 'the served checkpoint', 'is of another log');
  must(
    isSignedBy(checkpoint, key, 'the served checkpoint'),
    'the served checkpoint',
    'is not signed by the served key',
  );
  must(
    checkpoint.size >= head.size,
    'the served checkpoint',
    `covers ${checkpoint.size} events, the export ${head.size}`,
  );
  const tree: Tree = log.tree;
  while (tree.size < checkpoint.size) {
    const index = Math.floor(tree.size / WIDTH);
    const width = Math.min(WIDTH, checkpoint.size - index * WIDTH);
    const path = tilePath('0', index, width);
    const hashes = await service.bytes(`/ledger/${path}`);
    must(hashes.length === width * HASH, path, 'is not as wide as it must be');
    tree.add(hashes.subarray((tree.size % WIDTH) * HASH));
  }
  must(
    tree.root() === checkpoint.root,
    'the served checkpoint',
    'is one of another log: this one was forked from it',
  );
}

/** Every pair's position and history as they are served, against what follows from the events. */
async function checkPositions(service: Service, { head, log }: Checked, progress: Progress): Promise<void> {
  const pairs = [...log.positions.pairs()];
  const served = service.items(
    `/positions?at=${END_OF_TIME}&known=${head.size}&limit=${PAIRS_AT_ONCE}`,
    'positions',
  );
  for (const [done, pair] of pairs.entries()) {
    progress('Positions', done, pairs.length);
    const where = `the positions of ${pair.party} on ${pair.topic}`;
    const { value: position } = await served.next();
    must(
      isObject(position) && idOf(position.party) === pair.party && idOf(position.topic) === pair.topic,
      where,
      'are not served',
    );
    const last = pair.positions.at(-1);
    must(
      said({ ...position, from: position.since, evidence: { length: position.statements } }) ===
        said({ ...last, evidence: { length: last?.entries } }),
      where,
      'are served otherwise than they follow from the events',
    );
    const history = await service.json(`/positions/${pair.party}/${pair.topic}/history?known=${head.size}`);
    must(
      historyOf(history) ===
        pair.positions.map((each) => said({ ...each, evidence: { length: each.entries } })).join(),
      where,
      'have another history than follows from the events',
    );
  }
  const { done } = await served.next();
  must(done === true, 'the positions served', 'are more than follow from the events');
}

function historyOf({ positions }: Fields): string {
  return (Array.isArray(positions) ? positions : [])
    .map((each: unknown) => (isObject(each) ? said(each) : ''))
    .join();
}

function said({ stance, conditions, from, evidence }: Fields): string {
  return JSON.stringify([stance, conditions, from, (evidence as { length?: unknown }).length]); // holds: of an answer it is a list, and made above otherwise
}

function idOf(thing: unknown): unknown {
  return isObject(thing) ? thing.id : null;
}

/** `tile/<level>/<index>[.p/<width>]` (C2SP tlog-tiles): the index in groups of three digits, all but the last marked. */
function tilePath(level: string, index: number, width: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/.{3}/g) ?? [];
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${path}${width < WIDTH ? `.p/${width}` : ''}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** What the bundles of entries must be: each entry behind its length in two bytes. */
class Bundles {
  private readonly done: [path: string, digest: string][] = [];
  private hash: Hash = createHash('sha256');
  private entries = 0;

  add(entry: Buffer): void {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(entry.length);
    this.hash.update(length).update(entry);
    if (++this.entries % WIDTH === 0) this.close(WIDTH);
  }

  finish(): [path: string, digest: string][] {
    if (this.entries % WIDTH > 0) this.close(this.entries % WIDTH);
    return this.done;
  }

  private close(width: number): void {
    const path = tilePath('entries', Math.ceil(this.entries / WIDTH) - 1, width);
    this.done.push([path, this.hash.digest('base64')]);
    this.hash = createHash('sha256');
  }
}

/** Asks a service about one dossier. */
class Service {
  constructor(
    private readonly address: string,
    private readonly token: string | undefined,
  ) {}

  async stream(path: string): Promise<AsyncIterable<Uint8Array>> {
    const { body } = await this.get(path);
    must(body !== null, path, 'is empty');
    return body;
  }

  async bytes(path: string): Promise<Buffer> {
    return Buffer.from(await (await this.get(path)).arrayBuffer());
  }

  async text(path: string): Promise<string> {
    return (await this.get(path)).text();
  }

  async json(path: string): Promise<Fields> {
    const value = parse(await this.text(path), path);
    must(isObject(value), path, 'is no object');
    return value;
  }

  /** All items of a list that is served in pages. */
  async *items(path: string, name: string): AsyncGenerator<unknown, undefined> {
    for (let cursor: unknown = null; ;) {
      const page = await this.json(
        typeof cursor === 'string' ? `${path}&cursor=${encodeURIComponent(cursor)}` : path,
      );
      if (Array.isArray(page[name])) yield* page[name] as unknown[];
      cursor = page.next;
      if (typeof cursor !== 'string') return undefined;
    }
  }

  /** Waits where the service asks to. */
  private async get(path: string): Promise<Response> {
    for (;;) {
      const headers = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
      const answer = await fetch(`${this.address}${path}`, { headers });
      if (answer.ok) return answer;
      const wait = Number(answer.headers.get('retry-after'));
      if (answer.status !== 429 || !(wait > 0))
        throw new Error(await refusal(`${this.address}${path}`, answer));
      await answer.body?.cancel();
      await setTimeout(1000 * wait);
    }
  }
}

async function refusal(address: string, answer: Response): Promise<string> {
  const { detail } = (await answer.json().catch(() => ({}))) as { detail?: unknown }; // holds: looked at next
  return `${address} answers ${answer.status}${typeof detail === 'string' ? `: ${detail}` : ''}`;
}
