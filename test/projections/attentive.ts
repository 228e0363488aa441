import { setTimeout as delay } from 'node:timers/promises';
import type { Service } from '../support/service.js';

interface History {
  readonly positions: readonly { readonly evidence: readonly { readonly statement: string }[] }[];
}

/** What the writers speak of, so that one history tells of all that they wrote. */
const PAIR = { party: 'north', topic: 'truce' };

/** Writers and readers of each service in whatever order, who hold every answer against what had been acknowledged, at whichever service, when they asked. */
export class Attentive {
  readonly faults: string[] = [];
  /** Reads that were put off, as the contract allows. */
  refused = 0;
  private readonly acknowledged: string[] = [];
  private read = 0;
  private stopping = false;
  private readonly all: Promise<void>[];

  constructor(
    services: readonly Service[],
    private readonly dossier: string,
    private readonly next: () => object,
  ) {
    this.all = services.flatMap((service) => [
      ...Array.from({ length: 4 }, () => this.go(() => this.write(service))),
      ...Array.from({ length: 2 }, () => this.go(() => this.look(service))),
    ]);
  }

  /** Resolves when so many more reads have been answered. */
  async goOn(more: number): Promise<void> {
    for (const goal = this.read + more; this.read < goal && this.faults.length === 0;) await delay(10);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.all);
  }

  private async go(step: () => Promise<void>): Promise<void> {
    while (!this.stopping) {
      await step().catch((error: unknown) => this.faults.push(String(error)));
      await delay(20);
    }
  }

  private async write(service: Service): Promise<void> {
    const path = `/dossiers/${this.dossier}/statements`;
    const { id } = await service.write<{ id: string }>(path, { ...this.next(), ...PAIR });
    this.acknowledged.push(id);
  }

  private async look(service: Service): Promise<void> {
    const due = [...this.acknowledged];
    const path = `/dossiers/${this.dossier}/positions/${PAIR.party}/${PAIR.topic}/history`;
    const { status, body, text } = await service.get<History>(path);
    this.read++;
    if (status === 503 && text.includes('"code":"projection-behind"')) this.refused++;
    else if (status === 200) this.judge(body, due);
    else this.faults.push(`${status} ${text}`);
  }

  private judge({ positions }: History, due: readonly string[]): void {
    const shown = positions.flatMap(({ evidence }) => evidence.map(({ statement }) => statement));
    const missing = due.filter((id) => !shown.includes(id));
    if (missing.length > 0) this.faults.push(`${missing.length} of ${due.length} acknowledged are missing`);
    if (new Set(shown).size < shown.length) this.faults.push('a statement is there twice');
  }
}
