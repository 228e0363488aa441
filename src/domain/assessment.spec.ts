import { negotiators, recorded, refusalOf } from '../../test/support/core-domain.js';
import {
  decideAssessment,
  decideAssessmentCorrection,
  foldAssessment,
  type AssessmentInput,
} from './assessment.js';
import type { StreamEvent } from './statement.js';

const cast = negotiators();
const proposal = recorded('ProposalMade');

const input: AssessmentInput = {
  party: 'Moscow',
  topic: 'Direct talks',
  stance: 'open',
  asOf: '2025-04~',
  basis: ['said-1'],
  rationale: 'It keeps coming back to them.',
};

const assessed = decideAssessment(input, cast, [proposal]);

const event = (streamVersion: number, type: string, data: object): StreamEvent => ({
  sequence: 6 + streamVersion,
  streamId: 'assessment',
  streamVersion,
  type,
  recordedAt: '2025-04-21T08:00:00.000Z',
  recordedBy: 'recorder',
  data,
});

const first = event(1, 'PositionAssessed', assessed);

/** The assessment as it stands after further events. */
const after = (...events: StreamEvent[]) => {
  const assessment = foldAssessment([first, ...events]);
  if (assessment === null) throw new Error('An assessment that was recorded is there.');
  return assessment;
};

test('an assessment names its party, its topic and what it rests on by their ids', () => {
  expect(assessed).toEqual({
    party: 'russia',
    topic: 'direct-talks',
    stance: 'open',
    conditions: [],
    asOf: '2025-04~',
    basis: [proposal.id],
    rationale: 'It keeps coming back to them.',
  });
});

test('everything that it cannot refer to is named at once', () => {
  const attempt = () =>
    decideAssessment({ ...input, party: 'the enemy', topic: 'peace', basis: ['a', 'b', 'c'] }, cast, [
      null,
      proposal,
      null,
    ]);
  expect(refusalOf(attempt)).toMatchObject({
    code: 'ambiguous-reference',
    paths: ['party', 'topic', 'basis.0', 'basis.2'],
  });
  expect(refusalOf(attempt).errors[3]?.message).toBe('no statement in this dossier is called "c"');
});

test('a correction changes what it names, and is refused where that is nothing', () => {
  const correct = (changes: Partial<AssessmentInput>) =>
    decideAssessmentCorrection(after(), changes, cast, [proposal]);
  expect(correct({ stance: 'opposed', topic: 'strikes-stop' })).toEqual({
    ...assessed,
    stance: 'opposed',
    topic: 'strikes-stop',
  });
  expect(() => correct({})).toThrow('The assessment already says all of this.');
  expect(refusalOf(() => correct({})).code).toBe('nothing-changed');
  expect(refusalOf(() => correct({ party: 'Russia', conditions: null })).code).toBe('nothing-changed');
});

test('an assessment is what its events say', () => {
  const changes = { stance: { from: 'open', to: 'opposed' } };
  const corrected = event(2, 'RecordCorrected', {
    changes,
    reason: 'misjudged',
    resolved: null,
    anchor: null,
  });
  const voided = event(3, 'RecordVoided', { reason: 'too early' });
  const restored = event(4, 'RecordRestored', { reason: 'not at all' });
  expect(foldAssessment([])).toBeNull();
  expect(after()).toMatchObject({
    id: 'assessment',
    version: 1,
    origin: 7,
    assessed,
    standing: { status: 'standing' },
  });
  expect(after(corrected)).toMatchObject({
    version: 2,
    origin: 7,
    assessed: { ...assessed, stance: 'opposed' },
  });
  expect(after(corrected, voided)).toMatchObject({
    version: 3,
    standing: { status: 'voided', reason: 'too early' },
  });
  expect(after(corrected, voided, restored)).toMatchObject({
    version: 4,
    assessed: { stance: 'opposed' },
    standing: { status: 'standing' },
  });
  expect(after(event(2, 'RecordPraised', {}))).toEqual({ ...after(), version: 2 });
});
