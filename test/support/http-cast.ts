import type { StatementReceipt } from '../../src/recording/statements/drafting.js';
import { open } from './http-talks.js';
import type { Service } from './service.js';

/** The Ödland river, its two banks and those who speak for them: a made-up cast, so that no test rests on the talks. */
const CAST = {
  parties: [
    { slug: 'north', name: 'North Bank', aliases: ['the North'] },
    { slug: 'south', name: 'South Bank', aliases: ['the South'] },
    { slug: 'union', name: 'River Union', kind: 'organisation' },
  ],
  speakers: [
    { slug: 'ada', name: 'Ada', affiliations: [{ party: 'north' }] },
    { slug: 'bo', name: 'Bo', affiliations: [{ party: 'south', from: '2020', to: '2024' }] },
    {
      slug: 'cy',
      name: 'Cy',
      affiliations: [
        { party: 'north', to: '2021-12-31' },
        { party: 'union', from: '2021-12-01' },
      ],
    },
    { slug: 'di', name: 'Di' },
  ],
  topics: [
    { slug: 'bridge', name: 'Bridge', proposition: 'A bridge is built' },
    { slug: 'ferry', name: 'Ferry', proposition: 'The ferry goes on' },
  ],
  sources: [
    {
      slug: 'paper',
      title: 'The Paper',
      text: 'On Monday Ada said: “Build the bridge 🌉 now.” Bo said “no”. Ada said: “Build the bridge 🌉 now.”',
    },
    { slug: 'radio', title: 'The Radio' },
  ],
} as const;

/** Opens a dossier with the cast of the river. */
export async function openRiver(service: Service, dossier: string): Promise<void> {
  await open(service, dossier);
  for (const [kind, things] of Object.entries(CAST))
    for (const thing of things) await service.write(`/dossiers/${dossier}/${kind}`, thing);
}

/** A statement that is accepted as it stands; fields may be added or changed. */
export function saying(fields: object = {}): object {
  return {
    act: 'SupportExpressed',
    party: 'north',
    topic: 'bridge',
    saidAt: '2025-04-21',
    attribution: 'reported',
    summary: 'For the bridge.',
    ...fields,
  };
}

/** Records statements about the river. */
export class Recorder {
  constructor(
    private readonly service: Service,
    readonly dossier: string,
  ) {}

  get address(): string {
    return `/dossiers/${this.dossier}/statements`;
  }

  record(fields: object = {}): Promise<StatementReceipt> {
    return this.service.write(this.address, saying(fields));
  }

  change(statement: string, what: 'correct' | 'void' | 'restore', body: object): Promise<StatementReceipt> {
    return this.service.write(`${this.address}/${statement}/${what}`, body);
  }
}
