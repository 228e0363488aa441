import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Client } from 'pg';
import { LEDGER_KEY_ROTATED } from '../../src/ledger/proof/rotation.js';
import type { Chance } from '../support/crash-chance.js';
import type { CrashClient } from '../support/crash-client.js';
import type { Contract, Route, Seen } from '../support/http-contract.js';
import { spoil } from './bytes.js';
import { Memory } from './memory.js';
import { Requests, type Plan } from './requests.js';

/** Milliseconds in which any request must have been answered. */
const PATIENCE = 30_000;

/** Plans that are drawn at a time. */
const DRAWN = 50;

/** A request as it is sent. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string | undefined;
}

/** How much is stored, of what nobody but a write may change. */
interface Stored {
  readonly heads: number;
  readonly events: number;
  readonly names: number;
  readonly claims: number;
  readonly keys: number;
}

/** Parts of an address that lead to another one, before it is sent (WHATWG URL, "double-dot URL path segment"). */
const DOTS = /^(\.|%2e){1,2}$/i;

/** Sends requests that the document allows, or nearly, and looks at each answer and at what it left in the database. */
export class Fuzzer {
  /** What ought not to have been. */
  readonly faults: string[] = [];
  /** How often each operation was answered with each status. */
  readonly statuses = new Map<string, Map<number, number>>();
  private readonly memory: Memory;
  private readonly requests: Requests;
  private readonly drawn = new Map<Route, Plan[]>();
  private stored: Stored | undefined;

  constructor(
    private readonly contract: Contract,
    private readonly client: CrashClient,
    private readonly database: Client,
    private readonly chance: Chance,
  ) {
    const lists = contract.routes.flatMap(({ path }) =>
      [...path.matchAll(/\/(\w+)\/\{/g)].map(([, list]) => list ?? ''),
    );
    this.memory = new Memory(new Set(lists));
    this.requests = new Requests(contract.document, this.memory);
    for (const { operation } of contract.routes) this.statuses.set(operation.operationId, new Map());
  }

  /** Takes in what stands there before the first request. */
  async begin(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.memory.learn(path.split('/').at(-1) ?? '', await this.client.read(path));
    this.stored = await this.look();
  }

  /** Sends so many requests; what writes into a dossier is sent three times as often as anything else. */
  async send(count: number): Promise<void> {
    const { weighted } = this;
    for (let sent = 0; sent < count && this.faults.length < 5; sent++) {
      const route = weighted[sent < weighted.length ? sent : this.chance.between(0, weighted.length - 1)];
      if (route !== undefined) await this.ask(route);
    }
  }

  private get weighted(): readonly Route[] {
    const lasting = this.contract.routes.filter(({ path }) => !path.endsWith('/redact')); // those are sent last: soon nothing would be left
    return lasting.flatMap((route) =>
      route.operation.requestBody && route.path.includes('{') ? [route, route, route] : [route],
    );
  }

  /** The operations that were never carried out. */
  get never(): string[] {
    return [...this.statuses].flatMap(([name, statuses]) =>
      [...statuses.keys()].some((status) => status < 300) ? [] : [name],
    );
  }

  /** Goes on with the operations that were never carried out until each was, or so many more requests have been sent. */
  async sendRest(most: number): Promise<void> {
    for (let sent = 0; sent < most && this.never.length > 0 && this.faults.length < 5; sent++) {
      const { never } = this;
      const wanted = never[sent % never.length];
      const route = this.contract.routes.find(({ operation }) => operation.operationId === wanted);
      if (route !== undefined) await this.ask(route);
    }
  }

  private async ask(route: Route): Promise<void> {
    const sent = this.compose(route, this.next(route));
    try {
      const seen = await this.answerTo(sent);
      const counts = this.statuses.get(route.operation.operationId);
      counts?.set(seen.status, (counts.get(seen.status) ?? 0) + 1);
      if (seen.status >= 500) throw new Error(`answered ${seen.status} ${seen.text}`);
      this.contract.hold(sent.method, sent.path, seen);
      this.learn(route, seen);
      await this.compare(sent.method === 'GET' || seen.status >= 300);
    } catch (error) {
      const body = sent.body?.toString().slice(0, 2_000);
      this.faults.push(`${String(error)}\n${JSON.stringify({ ...sent, body }, null, 1)}`);
    }
  }

  private next(route: Route): Plan {
    const plans = this.drawn.get(route) ?? [];
    const [plan, ...others] =
      plans.length > 0
        ? plans
        : fc.sample(this.requests.of(route), { seed: this.chance.between(0, 2 ** 31 - 1), numRuns: DRAWN });
    if (plan === undefined) throw new Error('Nothing was drawn.');
    this.drawn.set(route, others);
    return plan;
  }

  private compose({ method, path }: Route, plan: Plan): Sent {
    const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const drawn = String(plan.path[name]);
      const value = DOTS.test(drawn) ? `${drawn}~` : drawn;
      const plain = name === 'path' ? /^[\w/]+\.p\/\d+$/ : /^[\w%.~;=-]+$/; // a tile's address has slashes of its own
      return plain.test(value) ? value : encodeURIComponent(value);
    });
    const query = plan.query.map((part) =>
      typeof part === 'string' ? part : `${part[0]}=${encodeURIComponent(String(part[1]).toWellFormed())}`,
    );
    const text = plan.body === undefined ? undefined : textOf(plan.body);
    const headers = Object.entries({ ...plan.headers, 'content-type': text && plan.type })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, string] => [name, Buffer.from(String(value)).toString('latin1')]);
    return {
      method,
      path: query.length === 0 ? address : `${address}?${query.join('&')}`,
      headers: Object.fromEntries(headers),
      body: text !== undefined && plan.spoil !== null ? spoil(text, plan.spoil) : text,
    };
  }

  /** Rejects if there is none, or none in time. Of a stream that stays open only the beginning is read. */
  private async answerTo({ method, path, headers, body }: Sent): Promise<Seen> {
    const outgoing = this.client.open(method, path, headers);
    const timer = setTimeout(() => outgoing.destroy(new Error('It hangs')), PATIENCE);
    try {
      const answered = once(outgoing, 'response');
      outgoing.end(body);
      const [incoming] = (await answered) as [IncomingMessage]; // holds: by node:http
      const type = incoming.headers['content-type'] ?? '';
      let text = '';
      for await (const chunk of incoming.setEncoding('utf8')) {
        text += String(chunk);
        if (type.startsWith('text/event-stream')) break;
      }
      return { status: incoming.statusCode ?? 0, type, text };
    } finally {
      clearTimeout(timer);
    }
  }

  private learn({ path }: Route, { status, type, text }: Seen): void {
    const list = /\/(\w+)$/.exec(path)?.[1];
    if (status < 300 && list !== undefined && type.startsWith('application/json'))
      this.memory.learn(list, JSON.parse(text));
  }

  /** Holds the database against what it was: a write is there as a whole, and what only read or was refused left nothing. */
  private async compare(mustBeSame: boolean): Promise<void> {
    const before = this.stored;
    this.stored = await this.look();
    if (mustBeSame && !isDeepStrictEqual(before, this.stored))
      throw new Error(`It left something: ${JSON.stringify({ before, after: this.stored })}`);
    if (this.stored.events !== this.stored.heads)
      throw new Error(`The heads and the logs differ: ${JSON.stringify(this.stored)}`);
  }

  private async look(): Promise<Stored> {
    const { rows } = await this.database.query<Stored>({
      name: 'stored',
      text: `SELECT (SELECT coalesce(sum(sequence), 0)::int FROM dossier_head) - (SELECT count(*)::int FROM event WHERE type = $1) AS heads,
                    (SELECT count(*)::int FROM event WHERE type <> $1) AS events, (SELECT count(*)::int FROM dossier_name) AS names,
                    (SELECT count(*)::int FROM claim) AS claims, (SELECT count(*)::int FROM idempotency) AS keys`,
      values: [LEDGER_KEY_ROTATED], // a new key is recorded in each log when somebody reads it next
    });
    const [stored] = rows;
    if (stored === undefined) throw new Error('The database did not say what is stored.');
    return stored;
  }
}

function textOf(body: unknown): string {
  return Array.isArray(body)
    ? body.map((line) => `${JSON.stringify(line)}\n`).join('')
    : JSON.stringify(body);
}
