import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../support/queries.js';
import type { Service } from '../support/service.js';

const parties = ['russia', 'ukraine', 'united-states'];
const topics = ['direct-talks', 'civilian-strikes-stop', 'easter-truce', 'us-mediation'];

interface Receipt {
  readonly id: string;
  readonly sequence: number;
}

/** Recorders who record statements one after the other, as fast as they are answered, and someone who reads meanwhile. */
export class Recorders {
  readonly acknowledged: Receipt[] = [];
  /** Milliseconds that each answer took. */
  readonly recorded: number[] = [];
  readonly read: number[] = [];
  readonly #service: Service;
  readonly #dossier: string;
  readonly #work: Promise<unknown>;
  #ending = false;
  #made = 0;

  constructor(service: Service, dossier: string, howMany: number) {
    this.#service = service;
    this.#dossier = dossier;
    const all = Array.from({ length: howMany }, () => this.#record());
    this.#work = Promise.all([...all, this.#look()]);
  }

  async stop(): Promise<void> {
    this.#ending = true;
    await this.#work;
  }

  async #record(): Promise<void> {
    while (!this.#ending) {
      const number = (this.#made += 1);
      const receipt = await timed(this.recorded, () => this.#ask('/statements', 201, statement(number)));
      this.acknowledged.push(receipt as Receipt); // holds: the contract of the call
    }
  }

  async #look(): Promise<void> {
    while (!this.#ending) {
      await timed(this.read, () => this.#ask('/positions', 200));
      await delay(50);
    }
  }

  /** Not held against the contract, which would take longer than the service does. */
  async #ask(path: string, status: number, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.#service.url}/api/v1/dossiers/${this.#dossier}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { ...this.#service.credentials, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status !== status) throw new Error(`${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text);
  }
}

/** Makes files come and go, and checkpoints, as a server does that has run for long. */
export class Churn {
  readonly #work: Promise<void>;
  #ending = false;

  constructor(superuserUrl: string) {
    this.#work = this.#go(superuserUrl);
  }

  async stop(): Promise<void> {
    this.#ending = true;
    await this.#work;
  }

  async #go(url: string): Promise<void> {
    const client = await connect(url);
    while (!this.#ending) {
      await client.query('CREATE TABLE churn AS SELECT generate_series(1, 20000) AS number');
      await client.query('CHECKPOINT');
      await client.query('DROP TABLE churn');
      await client.query('VACUUM FULL statement_count');
      await delay(200);
    }
    await client.end();
  }
}

function statement(number: number): object {
  const day = String((number % 28) + 1).padStart(2, '0');
  return {
    act: number % 3 === 0 ? 'DemandMade' : 'ProposalMade',
    party: parties[number % parties.length],
    topic: topics[number % topics.length],
    saidAt: `2025-0${(number % 9) + 1}-${day}`,
    attribution: 'reported',
    summary: `Statement ${number}. ${'Said at length. '.repeat(20)}`,
  };
}

async function timed<Result>(times: number[], work: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  const result = await work();
  times.push(performance.now() - began);
  return result;
}
