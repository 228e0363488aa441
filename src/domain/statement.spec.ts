import { recorded } from '../../test/support/core-domain.js';
import { differences, evolveStatement, foldStatement, newValues, type StreamEvent } from './statement.js';

const { act, ...stated } = recorded('ProposalMade', { party: 'russia', topic: 'strikes-stop' }).stated;
const resolved = { party: 'russia', topic: 'strikes-stop', stance: 'supportive', conditions: [] } as const;

const event = (streamVersion: number, type: string, data: object): StreamEvent => ({
  sequence: 6 + streamVersion,
  streamId: 'statement',
  streamVersion,
  type,
  recordedAt: `2025-04-2${streamVersion}T08:00:00.000Z`,
  recordedBy: `recorder ${streamVersion}`,
  data,
});

const first = event(1, act, { slug: 'putin-1', stated, resolved, anchor: null });
const voiding = event(2, 'RecordVoided', { reason: 'wrong outlet' });

test('a statement is what its first event says, and began where that stands in the log', () => {
  expect(foldStatement([first])).toEqual({
    id: 'statement',
    slug: 'putin-1',
    version: 1,
    origin: 7,
    recordedAt: '2025-04-21T08:00:00.000Z',
    recordedBy: 'recorder 1',
    stated: { act: 'ProposalMade', ...stated },
    resolved,
    anchor: null,
    standing: { status: 'standing' },
  });
});

test('there is no statement before its first event', () => {
  expect(foldStatement([])).toBeNull();
});

test('a correction changes the fields that it names, what is resolved and the anchor; its place in said-order among ties stays', () => {
  const anchor = { status: 'exact', start: 1, end: 2, score: 1 } as const;
  const changes = { act: { from: 'ProposalMade', to: 'DoubtVoiced' }, note: { from: null, to: 'A slip.' } };
  const anew = { ...resolved, stance: 'skeptical' };
  const corrected = event(2, 'RecordCorrected', { changes, reason: 'misread', resolved: anew, anchor });
  expect(foldStatement([first, corrected])).toMatchObject({
    version: 2,
    origin: 7,
    recordedBy: 'recorder 1',
    stated: { ...stated, act: 'DoubtVoiced', note: 'A slip.' },
    resolved: anew,
    anchor,
  });
});

test('a voided statement keeps what it said, and why it was voided', () => {
  expect(foldStatement([first, voiding])).toMatchObject({
    version: 2,
    stated: { act },
    standing: { status: 'voided', reason: 'wrong outlet' },
  });
});

test('a restored statement stands as it did, corrections made meanwhile included', () => {
  const changes = { note: { from: null, to: 'A slip.' } };
  const corrected = event(3, 'RecordCorrected', { changes, reason: 'misread', resolved, anchor: null });
  const restored = foldStatement([
    first,
    voiding,
    corrected,
    event(4, 'RecordRestored', { reason: 'it was right' }),
  ]);
  expect(restored).toMatchObject({
    version: 4,
    stated: { note: 'A slip.' },
    standing: { status: 'standing' },
  });
});

test('a correction does not restore', () => {
  const corrected = event(3, 'RecordCorrected', { changes: {}, reason: 'misread', resolved, anchor: null });
  expect(foldStatement([first, voiding, corrected])?.standing.status).toBe('voided');
});

test('an event that is not understood counts as a version and changes nothing else', () => {
  const before = foldStatement([first]);
  expect(evolveStatement(before, event(2, 'RecordPraised', { by: 'everyone' }))).toEqual({
    ...before,
    version: 2,
  });
});

test('a fold changes no state that it was given', () => {
  const before = foldStatement([first]);
  const copy = structuredClone(before);
  evolveStatement(before, voiding);
  expect(before).toEqual(copy);
});

test('differences name what differs, with its old and its new value, and lead from one state to the other', () => {
  const before = recorded('ProposalMade', {
    conditions: ['a'],
    passage: { exact: 'x', prefix: '', suffix: '' },
  }).stated;
  const after = { ...before, conditions: ['a', 'b'], note: 'A slip.' };
  const changes = differences(before, after);
  expect(changes).toEqual({
    conditions: { from: ['a'], to: ['a', 'b'] },
    note: { from: null, to: 'A slip.' },
  });
  expect({ ...before, ...newValues(changes) }).toEqual(after);
  expect(differences(before, structuredClone(before))).toEqual({});
});
