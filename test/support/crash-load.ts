import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from './crash-chance.js';
import type { Answer, CrashClient } from './crash-client.js';
import { importing, type Importing } from './crash-import.js';
import { CAST, statement, written, type Receipt, type Write } from './crash-writes.js';

/** Milliseconds after which a write that is repeated with its key must at last have been answered: as long as the database is away, and then some. */
const PATIENCE = 60_000 + Number(process.env['STANDPOINT_AWAY'] ?? 0);

/** Milliseconds before another try: nobody hammers at a service that is starting. */
const PAUSE = 100;

/** How many write, and how many of them import. */
export interface Crew {
  readonly writers: number;
  readonly importers: number;
}

const CREW: Crew = { writers: 64, importers: 2 };

/** Writers of one dossier (64 unless told) who go on whatever happens, repeat what they gave a key, and keep account of every answer. */
export class Load {
  readonly writes: Write[] = [];
  readonly imports: Importing[] = [];
  /** What ought not to have been answered. */
  readonly faults: string[] = [];
  /** Requests that were not carried out, by the reason. */
  readonly refused = { broken: 0, unavailable: 0 };
  acknowledged = 0;
  private stopping = false;
  private abandoned = false;
  private numbers = 0;
  private readonly writers: Promise<void>[];

  private constructor(
    private readonly client: CrashClient,
    private readonly chance: Chance,
    /** A slug, which begins the summaries of its statements too. */
    readonly dossier: string,
    { writers, importers }: Crew,
  ) {
    this.writers = Array.from({ length: writers }, (_, writer) =>
      (writer < importers ? this.import() : this.write()).catch((error: unknown) => {
        this.faults.push(String(error));
      }),
    );
  }

  static async begin(client: CrashClient, chance: Chance, dossier: string, crew: Crew = CREW): Promise<Load> {
    await client.write('/api/v1/dossiers', { slug: dossier, title: dossier });
    for (const [kind, body] of CAST) await client.write(`/api/v1/dossiers/${dossier}/${kind}`, body);
    return new Load(client, chance, dossier, crew);
  }

  /** Resolves once so many more writes have been acknowledged. */
  async goesOn(more: number, milliseconds = 90_000): Promise<void> {
    const goal = this.acknowledged + more;
    const deadline = performance.now() + milliseconds;
    while (this.acknowledged < goal) {
      if (performance.now() > deadline)
        throw new Error(`Only ${this.acknowledged} of ${goal} writes were acknowledged`);
      await delay(5);
    }
  }

  /** Every writer ends what it has begun: what has a key is repeated until it is answered. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.writers);
  }

  /** After a test that failed: nobody waits for anything any more. */
  abandon(): void {
    this.stopping = true;
    this.abandoned = true;
  }

  private async write(): Promise<void> {
    let last: Receipt | undefined;
    while (!this.stopping) {
      const write = this.next(last);
      this.writes.push(write);
      await this.carryOut(write);
      const { id, statements } = (write.answer ?? {}) as Partial<Receipt>; // holds: every write answers so
      last = id === undefined || statements ? undefined : (write.answer as Receipt); // holds: as above
      if (write.summaries.length === 0) last = undefined;
    }
  }

  private next(last: Receipt | undefined): Write {
    const { chance, dossier } = this;
    const path = `/api/v1/dossiers/${dossier}/statements`;
    const number = this.numbers++;
    const summary = `${dossier} ${number}`;
    const key = chance.fraction() < 0.6 ? `key-${number}` : null;
    const dice = chance.fraction();
    if (last !== undefined && dice < 0.1)
      return written(`${path}/${last.id}/void`, { reason: 'Misheard.' }, `key-${number}`, []);
    if (dice < 0.8) return written(path, statement(chance, summary), key, [summary]);
    const summaries = Array.from({ length: chance.between(2, 12) }, (_, each) => `${summary}.${each}`);
    const statements = summaries.map((each) => statement(chance, each));
    return written(`${path}/batch`, { statements }, key, summaries);
  }

  private async carryOut(write: Write): Promise<void> {
    for (const deadline = performance.now() + PATIENCE; ;) {
      const answer = await repeat(this.client, write);
      if (answer !== null && answer.status < 300) return this.acknowledge(write, answer);
      if (!this.note(answer)) return;
      write.interrupted = true;
      if (write.key === null || this.abandoned) return;
      if (performance.now() > deadline) return void this.faults.push(`${write.key} was never answered`);
      await delay(PAUSE);
    }
  }

  private acknowledge(write: Write, { text }: Answer): void {
    write.answer = JSON.parse(text);
    write.answeredAt = performance.now();
    this.acknowledged++;
  }

  /** Whether it was refused for the only reasons for which it may be: the connection broke, or the database is away. */
  private note(answer: Answer | null): boolean {
    this.refused[answer === null ? 'broken' : 'unavailable']++;
    const fault = answer === null ? null : faultOf(answer);
    if (fault !== null) this.faults.push(fault);
    return fault === null;
  }

  private async import(): Promise<void> {
    while (!this.stopping) {
      const number = this.numbers++;
      const summaries = Array.from({ length: 200 }, (_, line) => `${this.dossier} ${number}#${line}`);
      const begun = importing(this.dossier, `import-${number}`, this.chance, summaries);
      this.imports.push(begun);
      for (const deadline = performance.now() + PATIENCE; !begun.isComplete;) {
        if (!(await begun.send(this.client))) this.refused.broken++;
        this.acknowledged += begun.takeNew();
        if (performance.now() > deadline) this.faults.push(`An import never ended`);
        if (begun.faults.length > 0 || this.abandoned || performance.now() > deadline) break;
        await delay(PAUSE);
      }
      this.faults.push(...begun.faults);
    }
  }
}

/** Sends a write as it was sent before. */
export function repeat(client: CrashClient, { path, body, key }: Write): Promise<Answer | null> {
  return client.send('POST', path, { body, headers: key === null ? {} : { 'idempotency-key': key } });
}

/** What is wrong with a refusal, which must be the contract's 503. */
export function faultOf({ status, headers, text }: Answer): string | null {
  const isProblem = headers['content-type']?.startsWith('application/problem+json') ?? false;
  const isAway = status === 503 && isProblem && text.includes('"code":"database-unavailable"');
  return isAway && headers['retry-after'] !== undefined
    ? null
    : `${status} ${JSON.stringify(headers)} ${text}`;
}
