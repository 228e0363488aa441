import { negotiators, recorded, refusalOf } from '../../test/support/core-domain.js';
import { isAct } from './acts.js';
import {
  decideAssessment,
  decideAssessmentCorrection,
  findBesidesInAssessment,
  foldAssessment,
  type Assessment,
} from './assessment.js';
import { decideCorrection, decideStatement, type StatementChanges } from './record-statement.js';
import { PAYLOAD_REDACTED, type RedactedRecord } from './redaction.js';
import { gone } from './rejection.js';
import type { StreamEvent } from './statement.js';

const cast = negotiators();

const left: RedactedRecord = {
  id: 'erased',
  version: 2,
  redacted: {
    sequence: 9,
    recordedAt: '2025-05-01T08:00:00.000Z',
    recordedBy: 'admin',
    reason: 'An order.',
    basis: null,
  },
};

const basics = { party: 'russia', saidAt: '2025', attribution: 'reported', summary: 'x' } as const;

describe('a statement that was erased', () => {
  test('can be answered by nothing new', () => {
    const answer = { ...basics, act: 'ClarificationIssued', refersTo: left.id } as const;
    expect(refusalOf(() => decideStatement(answer, { cast, referred: left }))).toEqual({
      code: 'redacted-reference',
      paths: ['refersTo'],
      errors: [{ path: 'refersTo', message: 'the statement that it refers to has been redacted' }],
    });
  });

  test('is gone, and says why', () => {
    expect(gone('statement', left)).toMatchObject({
      code: 'redacted',
      message: 'The statement has been redacted: An order.',
      errors: [],
      redacted: left,
    });
  });
});

describe('what answered it', () => {
  const correct = (act: string, changes: StatementChanges) => {
    if (!isAct(act)) throw new Error(act);
    const answer = recorded(act, { party: 'russia', refersTo: left.id }, { topic: 'direct-talks' });
    return decideCorrection(answer, changes, { cast, referred: left });
  };

  test('goes on to, whatever else of it is corrected', () => {
    expect(correct('ProposalAccepted', { summary: 'Other words.' })).toMatchObject({
      stated: { refersTo: left.id, summary: 'Other words.' },
      resolved: { topic: 'direct-talks' },
    });
  });

  test('may become an act that may answer anything, or need answer nothing', () => {
    for (const act of ['ClarificationIssued', 'ResponsibilityClaimed', 'OpennessDeclared'] as const)
      expect(correct('ProposalAccepted', { act }).stated).toMatchObject({ act, refersTo: left.id });
  });

  // What it refers to can no longer be told.
  test.each([
    ['answers acts of a kind', { act: 'DemandConceded' }, 'DemandConceded must refer to a DemandMade'],
    ['answers its own party', { act: 'RemarkRetracted' }, 'RemarkRetracted must refer to a statement'],
    [
      'is another party’s',
      { party: 'usa' },
      'ProposalAccepted must refer to a ProposalMade or CounterProposalMade',
    ],
  ] as const)('may not become what %s', (_, changes, message) => {
    expect(refusalOf(() => correct('ProposalAccepted', changes))).toMatchObject({
      code: 'redacted-reference',
      errors: [{ path: 'changes.refersTo', message: `${message}, and what it refers to has been redacted` }],
    });
  });
});

describe('an assessment', () => {
  const input = {
    party: 'russia',
    topic: 'direct-talks',
    stance: 'open',
    asOf: '2025',
    rationale: 'x',
  } as const;
  const rests = { ...input, conditions: [], basis: [left.id] };
  const assessment: Assessment = {
    id: 'assessment',
    version: 1,
    origin: 7,
    recordedAt: '',
    recordedBy: 'recorder',
    assessed: rests,
    standing: { status: 'standing' },
  };

  test('may not begin to rest on what was erased, but go on to', () => {
    const begin = () => decideAssessment({ ...input, basis: [left.id] }, cast, [left]);
    expect(refusalOf(begin)).toMatchObject({ code: 'redacted-reference', paths: ['basis.0'] });
    expect(decideAssessmentCorrection(assessment, { stance: 'opposed' }, cast, [left]).basis).toEqual([
      left.id,
    ]);
    const another = () =>
      decideAssessmentCorrection(assessment, { basis: ['another'] }, cast, [{ ...left, id: 'another' }]);
    expect(refusalOf(another).paths).toEqual(['changes.basis.0']);
  });

  test('is told of it besides its malformed fields, and of nothing that is malformed', () => {
    const bad = { ...input, party: 'Atlantis', asOf: 'soon', basis: [left.id, 7, 'unsaid'] };
    const malformed = new Set(['asOf', 'basis.1']);
    const paths = (before?: typeof rests) =>
      findBesidesInAssessment(bad, malformed, cast, [left, null, null], before).map(({ path }) => path);
    expect(paths()).toEqual(['party', 'basis.0', 'basis.2']);
    expect(paths(rests)).toEqual(['changes.party', 'changes.basis.2']);
    expect(findBesidesInAssessment({ basis: 7, topic: 7 }, new Set(['basis', 'topic']), cast, [])).toEqual(
      [],
    );
  });

  const event = (streamVersion: number, type: string, more: Partial<StreamEvent> = {}): StreamEvent => ({
    sequence: streamVersion,
    streamId: 'assessment',
    streamVersion,
    type,
    recordedAt: '2025-05-01T08:00:00.000Z',
    recordedBy: 'recorder',
    data: rests,
    ...more,
  });
  const first = event(1, 'PositionAssessed');

  test('says nothing from where it was erased', () => {
    const order = event(2, PAYLOAD_REDACTED, { data: { reason: 'An order.', basis: null } });
    expect(foldAssessment([first, order])).toBeNull();
    expect(foldAssessment([{ ...first, redacted: left.redacted }])).toBeNull();
  });

  test('begins with an event that is understood, and counts one that is not', () => {
    expect(foldAssessment([event(1, 'PositionAssessed', { obscure: 'of a later version' })])).toBeNull();
    expect(foldAssessment([event(1, 'PositionGuessed')])).toBeNull();
    const obscure = event(2, 'RecordVoided', { obscure: 'of a later version' });
    expect(foldAssessment([first, obscure])).toEqual({ ...foldAssessment([first]), version: 2 });
  });
});
