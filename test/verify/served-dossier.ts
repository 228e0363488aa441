import { openRiver, Recorder, saying } from '../support/http-cast.js';
import type { Service } from '../support/service.js';

const ACTS = ['SupportExpressed', 'OppositionExpressed', 'DoubtVoiced', 'OpennessDeclared'];

/** Records a dossier with some of everything by HTTP: 280 events and more, with claims and kept answers. */
export async function recordRiver(
  service: Service,
  dossier: string,
  roll: (sides: number) => number,
): Promise<void> {
  await openRiver(service, dossier);
  const statement = (index: number): object =>
    saying({
      slug: index % 9 === 0 ? `s-${index}` : null,
      act: ACTS[roll(ACTS.length)],
      party: ['north', 'south', 'union'][roll(3)],
      topic: ['bridge', 'ferry'][roll(2)],
      saidAt: ['2025-04-21', '2025-04', '../2025-04-21', '2025-04-21T18:00Z', '2024~'][roll(5)],
      conditions: roll(6) === 0 ? ['if it rains', 'if the ferry sinks'] : [],
    });
  const lines = Array.from({ length: 250 }, (_, index) => `${JSON.stringify(statement(index))}\n`).join('');
  await service.post(`/dossiers/${dossier}/import`, lines, {
    'content-type': 'application/x-ndjson',
    'idempotency-key': 'river',
  });
  await service.read(`/dossiers/${dossier}/ledger/checkpoint`);
  const recorder = new Recorder(service, dossier);
  await service.write(recorder.address, saying({ slug: 'kept', summary: 'Kept.' }), {
    'idempotency-key': 'kept',
  });
  for (let index = 0; index < 12; index++) {
    const slug = `s-${9 * index}`;
    await recorder.change(slug, 'correct', {
      changes: { saidAt: '2025-03-01', stance: 'open' },
      reason: 'a slip',
    });
    if (index % 2 === 0) await recorder.change(slug, 'void', { reason: 'wrong outlet' });
    if (index % 4 === 0) await recorder.change(slug, 'restore', { reason: 'right after all' });
  }
  await service.write(`/dossiers/${dossier}/assessments`, {
    party: 'north',
    topic: 'ferry',
    stance: 'noncommittal',
    asOf: '2025-05-01',
    basis: ['s-9'],
    rationale: 'They wait.',
  });
  for (const slug of ['s-90', 's-189'])
    await service.write(`${recorder.address}/${slug}/redact`, { reason: 'A court orders it.' });
}
