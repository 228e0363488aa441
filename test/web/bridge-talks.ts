import { openRiver, Recorder } from '../support/http-cast.js';
import type { Service } from '../support/service.js';

const quoted = (exact: string): object => ({
  attribution: 'direct',
  passage: { exact, prefix: '', suffix: '' },
  summary: null,
});

/**
 * A made-up dossier in which the North moves in every way there is: conditions, a judgement of ours, dates that are not known exactly, two voices;
 * a late entry that is voided, and a correction. What the next-to-last event was known to say is another history than the last one's.
 */
export async function tellOfTheBridge(service: Service, dossier: string): Promise<{ readonly late: number }> {
  await openRiver(service, dossier);
  const river = new Recorder(service, dossier);
  const say = (act: string, saidAt: string, fields: object) =>
    river.record({ act, saidAt, source: 'radio', party: null, ...fields });
  await say('ProposalMade', '2025-01-21', {
    slug: 'plan',
    speaker: 'ada',
    ...quoted('Let us build the bridge, and let us build it this year.'),
  });
  for (const words of ['We stand by it.', 'The North wants this bridge more than anything.'])
    await say('SupportExpressed', '2025-01-25', { speaker: 'ada', ...quoted(words) });
  await say('ProposalRejected', '2025-01-30', {
    party: 'south',
    refersTo: 'plan',
    topic: null,
    ...quoted('The South will pay for no bridge.'),
  });
  await say('ConditionSet', '2025-02-10', {
    speaker: 'ada',
    conditions: ['the South pays half'],
    ...quoted('We will build it if the South pays half.'),
  });
  await say('OpennessDeclared', '2025-03', {
    slug: 'open',
    speaker: 'di',
    party: 'north',
    ...quoted('We are open to it; nothing is decided.'),
  });
  for (const day of [10, 11, 12, 13, 14])
    await say('OpennessDeclared', `2025-03-${day}`, {
      speaker: 'di',
      party: 'north',
      summary: `Open on day ${day}.`,
    });
  await say('AllegationMade', '2025-03-20', {
    slug: 'sunk',
    party: 'north',
    against: 'south',
    topic: 'ferry',
    ...quoted('The South has sunk our ferry.'),
  });
  await say('AllegationDenied', '2025-03-21', {
    party: 'south',
    refersTo: 'sunk',
    topic: null,
    ...quoted('We have sunk nothing.'),
  });
  await say('DoubtVoiced', '2025-04-02', {
    speaker: 'di',
    party: 'north',
    ...quoted('Frankly, I doubt that it will ever stand.'),
  });
  await say('OppositionExpressed', '2025-05-01~', {
    speaker: 'di',
    party: 'north',
    ...quoted('We are against it.'),
  });
  await service.write(`/dossiers/${dossier}/assessments`, {
    party: 'north',
    topic: 'bridge',
    stance: 'noncommittal',
    asOf: '2025-06',
    basis: ['open'],
    rationale: 'The North has not come back to the bridge in any statement since May.',
  });
  const late = await say('OppositionExpressed', '2024-08-10', {
    slug: 'late',
    speaker: 'ada',
    ...quoted('There will be no bridge while I am mayor.'),
  });
  await river.change('late', 'void', { reason: 'wrong outlet' });
  await river.change('open', 'correct', {
    changes: { saidAt: '2025-03~' },
    reason: 'The radio gives the month alone.',
  });
  return { late: late.sequence };
}
